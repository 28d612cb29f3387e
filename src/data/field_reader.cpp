// SPDX-License-Identifier: BSD-3-Clause
#include "field_reader.hpp"

#include <algorithm>

namespace glebe {

namespace {

/// The part of a variable that holds the local columns, and where they are in it.
struct Part {
  NetcdfFile::Extent start;
  NetcdfFile::Extent count;
  std::vector<std::size_t> column; ///< position of each in one entry of the part
  std::size_t entry_stride = 0;
};

// The index in the file of a cell along each dimension of the grid.
std::vector<std::size_t> index_of_cell(const GridMatch& match, const HorizontalGrid& grid,
                                       std::size_t cell) {
  std::vector<std::size_t> index(match.dimension.size());
  for (std::size_t d = index.size(); d-- > 0; cell /= grid.dimensions[d].length) {
    const std::size_t i = cell % grid.dimensions[d].length;
    index[d] = match.index[d].empty() ? i : match.index[d][i];
  }
  return index;
}

// The smallest part with all local columns; empty if there are none.
void enclose(const GridMatch& match, const Columns& columns, Part& part) {
  std::vector<std::size_t> last(part.start.size(), 0);
  for (const std::size_t d : match.dimension) part.start[d] = static_cast<std::size_t>(-1);
  for (const std::size_t cell : columns.cells()) {
    const std::vector<std::size_t> index = index_of_cell(match, columns.grid(), cell);
    for (std::size_t d = 0; d < index.size(); ++d) {
      const std::size_t position = match.dimension[d];
      part.start[position] = std::min(part.start[position], index[d]);
      last[position] = std::max(last[position], index[d]);
    }
  }
  for (const std::size_t d : match.dimension) {
    const bool none = columns.n_local() == 0;
    if (none) part.start[d] = 0;
    part.count[d] = none ? 0 : last[d] - part.start[d] + 1;
  }
}

Part part_of(const FieldLayout& layout, std::size_t first, std::size_t count,
             const Columns& columns) {
  const auto& [roles, match] = layout;
  const std::size_t n_dimension = roles.chosen.size();
  Part part{roles.chosen, NetcdfFile::Extent(n_dimension, 1),
            std::vector<std::size_t>(columns.n_local(), 0), 0};
  if (!match.everywhere) enclose(match, columns, part);
  if (roles.entry) {
    part.start[*roles.entry] = first;
    part.count[*roles.entry] = columns.n_local() > 0 ? count : 0;
  }
  std::vector<std::size_t> stride(n_dimension, 1);
  for (std::size_t d = n_dimension; d-- > 1;) stride[d - 1] = stride[d] * part.count[d];
  if (roles.entry) part.entry_stride = stride[*roles.entry];
  if (match.everywhere) return part;
  for (std::size_t c = 0; c < columns.n_local(); ++c) {
    const std::vector<std::size_t> index = index_of_cell(match, columns.grid(), columns.cells()[c]);
    for (std::size_t d = 0; d < index.size(); ++d) {
      const std::size_t position = match.dimension[d];
      part.column[c] += (index[d] - part.start[position]) * stride[position];
    }
  }
  return part;
}

} // namespace

FieldLayout layout_of(const NetcdfFile& file, const std::string& variable,
                      std::optional<std::size_t> entry, const std::vector<LevelChoice>& levels,
                      const HorizontalGrid& grid) {
  DimensionRoles roles = roles_of(file, variable, entry, levels, grid.names());
  GridMatch match = match_grid(file, variable, roles, grid);
  return {std::move(roles), std::move(match)};
}

std::vector<double> read_columns(const NetcdfFile& file, const std::string& variable,
                                 const FieldLayout& layout, std::size_t first, std::size_t count,
                                 const Columns& columns) {
  const Part part = part_of(layout, first, count, columns);
  const std::vector<double> found = file.read(variable, part.start, part.count);
  const std::size_t n = columns.n_local();
  std::vector<double> values(count * n);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < n; ++c)
      values[i * n + c] = found[i * part.entry_stride + part.column[c]];
  return values;
}

} // namespace glebe
