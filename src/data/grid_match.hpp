// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"
#include "glebe/grid/columns.hpp"

#include <string>
#include <vector>

#include "dimension_roles.hpp"

namespace glebe {

/// How a variable of a file lies on the grid of the run.
struct GridMatch {
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);
  bool everywhere = false; ///< one value for all cells
  /// Of each of the grid's dimensions, the position in the variable; absent for one of one cell.
  std::vector<std::size_t> dimension;
  /// Of each of the grid's dimensions and indices, the index in the file; empty: the same.
  std::vector<std::vector<std::size_t>> index;
  std::string changes;        ///< in words: what was flipped, turned or put in another order
  bool by_size_alone = false; ///< the file has no coordinates that could be compared
};

/// Finds it by the coordinates of both, and by sizes alone where either has none. Collective.
/// Throws InputError with both ranges when the file is about other places.
GridMatch match_grid(const NetcdfFile& file, const std::string& variable,
                     const DimensionRoles& roles, const HorizontalGrid& grid);

} // namespace glebe
