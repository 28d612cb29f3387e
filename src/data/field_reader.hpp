// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/level_choice.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/grid/columns.hpp"

#include <optional>
#include <string>
#include <vector>

#include "dimension_roles.hpp"
#include "grid_match.hpp"

namespace glebe {

/// What is read of a variable, and for which cells.
struct FieldLayout {
  DimensionRoles roles;
  GridMatch match;
};

/// Collective. Throws InputError as roles_of and match_grid.
FieldLayout layout_of(const NetcdfFile& file, const std::string& variable,
                      std::optional<std::size_t> entry, const std::vector<LevelChoice>& levels,
                      const HorizontalGrid& grid);

/// `count` entries from `first` for the local columns [entry][column], as float or double; NaN
/// where missing, otherwise converted by `convert` unless it is null. Without a dimension of
/// entries, `count` is 1. Collective.
template <class Value>
std::vector<Value> read_columns(const NetcdfFile& file, const std::string& variable,
                                const FieldLayout& layout, std::size_t first, std::size_t count,
                                const Columns& columns, const UnitConverter* convert = nullptr);

} // namespace glebe
