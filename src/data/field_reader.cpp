// SPDX-License-Identifier: BSD-3-Clause
#include "field_reader.hpp"

#include <algorithm>
#include <array>

namespace glebe {

namespace {

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
void enclose(const GridMatch& match, const std::vector<Index>& cells, FieldPart& part) {
  for (std::size_t d = 0; d < match.dimension.size(); ++d) {
    const auto [first, last] =
        std::ranges::minmax_element(cells, {}, [&](const Index& index) { return index[d]; });
    const std::size_t position = match.dimension[d];
    if (position == GridMatch::absent) continue;
    part.start[position] = cells.empty() ? 0 : (*first)[d];
    part.count[position] = cells.empty() ? 0 : (*last)[d] - (*first)[d] + 1;
  }
}

bool is_counted(const std::vector<std::size_t>& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] != i) return false;
  return true;
}

} // namespace

FieldLayout layout_of(const NetcdfFile& file, const std::string& variable,
                      std::optional<std::size_t> entry, const std::vector<LevelChoice>& levels,
                      const HorizontalGrid& grid) {
  DimensionRoles roles = roles_of(file, variable, entry, levels, grid.names());
  GridMatch match = match_grid(file, variable, roles, grid);
  return {std::move(roles), std::move(match)};
}

FieldPart part_of(const FieldLayout& layout, std::size_t first, std::size_t count,
                  const Columns& columns) {
  const auto& [roles, match] = layout;
  const std::size_t n_dimension = roles.chosen.size();
  FieldPart part{roles.chosen, NetcdfFile::Extent(n_dimension, 1),
                 std::vector<std::size_t>(columns.n_local(), 0)};
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
  part.is_its_columns = part.entry_stride == part.column.size() && is_counted(part.column);
  return part;
}

const FieldPart& LastPart::of(const FieldLayout& layout, std::size_t first, std::size_t count,
                              const Columns& columns) {
  if (layout_ != &layout || count_ != count || cells_ != columns.cells()) {
    part_ = part_of(layout, first, count, columns);
    layout_ = &layout;
    count_ = count;
    cells_ = columns.cells();
  }
  if (layout.roles.entry) part_.start[*layout.roles.entry] = first;
  return part_;
}

template <class Value>
std::vector<Value> read_columns(const NetcdfFile& file, const std::string& variable,
                                const FieldPart& part, std::size_t count,
                                const UnitConverter* convert) {
  std::vector<Value> found = file.read_as<Value>(variable, part.start, part.count, convert);
  const std::size_t n = part.column.size();
  if (found.size() == count * n && part.is_its_columns) return found;
  std::vector<Value> values(count * n);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < n; ++c)
      values[i * n + c] = found[i * part.entry_stride + part.column[c]];
  return values;
}

template std::vector<float> read_columns(const NetcdfFile&, const std::string&, const FieldPart&,
                                         std::size_t, const UnitConverter*);
template std::vector<double> read_columns(const NetcdfFile&, const std::string&, const FieldPart&,
                                          std::size_t, const UnitConverter*);

} // namespace glebe
