// SPDX-License-Identifier: BSD-3-Clause
#include "field_reader.hpp"

#include <algorithm>
#include <array>

namespace glebe {

namespace {

/// The part of a variable that holds the local columns, and where they are in it.
struct Part {
  NetcdfFile::Extent start;
  NetcdfFile::Extent count;
  std::vector<std::size_t> column; ///< position of each in one entry of the part
  std::size_t entry_stride = 0;
};

using Index = std::array<std::size_t, 2>; ///< along the dimensions of a grid, which has at most two

// The index in the file of a cell along each dimension of the grid.
Index index_of_cell(const GridMatch& match, const HorizontalGrid& grid, std::size_t cell) {
  Index index{};
  for (std::size_t d = match.dimension.size(); d-- > 0; cell /= grid.dimensions[d].length) {
    const std::size_t i = cell % grid.dimensions[d].length;
    index[d] = match.index[d].empty() ? i : match.index[d][i];
  }
  return index;
}

// The smallest part with all of some cells, whose indices these are; empty without any.
void enclose(const GridMatch& match, const std::vector<Index>& cells, Part& part) {
  for (std::size_t d = 0; d < match.dimension.size(); ++d) {
    const auto [first, last] =
        std::ranges::minmax_element(cells, {}, [&](const Index& index) { return index[d]; });
    const std::size_t position = match.dimension[d];
    if (position == GridMatch::absent) continue;
    part.start[position] = cells.empty() ? 0 : (*first)[d];
    part.count[position] = cells.empty() ? 0 : (*last)[d] - (*first)[d] + 1;
  }
}

Part part_of(const FieldLayout& layout, std::size_t first, std::size_t count,
             const Columns& columns) {
  const auto& [roles, match] = layout;
  const std::size_t n_dimension = roles.chosen.size();
  Part part{roles.chosen, NetcdfFile::Extent(n_dimension, 1),
            std::vector<std::size_t>(columns.n_local(), 0), 0};
  std::vector<Index> cells;
  if (!match.everywhere) {
    for (const std::size_t cell : columns.cells())
      cells.push_back(index_of_cell(match, columns.grid(), cell));
    enclose(match, cells, part);
  }
  if (roles.entry) {
    part.start[*roles.entry] = first;
    part.count[*roles.entry] = columns.n_local() > 0 ? count : 0;
  }
  std::vector<std::size_t> stride(n_dimension, 1);
  for (std::size_t d = n_dimension; d-- > 1;) stride[d - 1] = stride[d] * part.count[d];
  if (roles.entry) part.entry_stride = stride[*roles.entry];
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (std::size_t d = 0; d < match.dimension.size(); ++d) {
      const std::size_t position = match.dimension[d];
      if (position != GridMatch::absent)
        part.column[c] += (cells[c][d] - part.start[position]) * stride[position];
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
