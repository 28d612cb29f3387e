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

  /// Whether an entry of it is the values of the columns, in their order, and nothing else.
  bool is_its_columns() const {
    if (entry_stride != column.size()) return false;
    for (std::size_t c = 0; c < column.size(); ++c)
      if (column[c] != c) return false;
    return true;
  }
};

using Index = std::array<std::size_t, 2>; ///< along the dimensions of a grid, which has at most two

// The index in the file of every local column's cell. Cells follow each other: a division is needed
// only where a row begins.
std::vector<Index> indices_of(const GridMatch& match, const Columns& columns) {
  const std::size_t n_dimension = match.dimension.size();
  std::vector<Index> indices(columns.n_local());
  if (n_dimension == 0) return indices;
  const auto in_file = [&](std::size_t d, std::size_t i) {
    return match.index[d].empty() ? i : match.index[d][i];
  };
  const std::size_t last = n_dimension - 1, length = columns.grid().dimensions[last].length;
  std::size_t row = 0, begin = 0;
  for (std::size_t c = 0; c < indices.size(); ++c) {
    const std::size_t cell = columns.cells()[c];
    if (cell - begin >= length) {
      row = cell / length;
      begin = row * length;
    }
    if (last > 0) indices[c][0] = in_file(0, row);
    indices[c][last] = in_file(last, cell - begin);
  }
  return indices;
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
    cells = indices_of(match, columns);
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

template <class Value>
std::vector<Value> read_columns(const NetcdfFile& file, const std::string& variable,
                                const FieldLayout& layout, std::size_t first, std::size_t count,
                                const Columns& columns, const UnitConverter* convert) {
  const Part part = part_of(layout, first, count, columns);
  std::vector<Value> found = file.read_as<Value>(variable, part.start, part.count, convert);
  const std::size_t n = columns.n_local();
  if (found.size() == count * n && part.is_its_columns()) return found;
  std::vector<Value> values(count * n);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < n; ++c)
      values[i * n + c] = found[i * part.entry_stride + part.column[c]];
  return values;
}

template std::vector<float> read_columns(const NetcdfFile&, const std::string&, const FieldLayout&,
                                         std::size_t, std::size_t, const Columns&,
                                         const UnitConverter*);
template std::vector<double> read_columns(const NetcdfFile&, const std::string&, const FieldLayout&,
                                          std::size_t, std::size_t, const Columns&,
                                          const UnitConverter*);

} // namespace glebe
