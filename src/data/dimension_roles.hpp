// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/level_choice.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// What the dimensions of a variable are for, by their positions.
struct DimensionRoles {
  std::optional<std::size_t> entry;    ///< along which values are read: time, or places in the soil
  std::vector<std::size_t> horizontal; ///< in the order of the file
  NetcdfFile::Extent chosen;           ///< of every other dimension, the index that is read
};

/// The time variable of the entries of a series: the coordinate variable of a dimension, or the
/// only variable of times along it. Throws InputError when no dimension has one.
std::string time_variable_of(const NetcdfFile& file, const std::string& variable);

/// The position of a dimension of levels among the dimensions of a variable. Throws InputError when
/// the variable does not have it, or when it is that of the entries.
std::size_t level_position(const NetcdfFile& file, const std::string& variable,
                           const std::string& dimension, std::optional<std::size_t> entry);

/// The position of the dimension of time. Throws InputError when there is none.
std::size_t time_position(const NetcdfFile& file, const std::string& variable);

/// The roles of the dimensions of a variable, `entry` being known. Of the others, `levels` choose
/// one index each; those of length one that are not horizontal are dropped. `grid` has the names of
/// the grid's dimensions, or nothing while the grid is sought. Throws InputError when a dimension
/// that is not horizontal is longer and not chosen, when a level is not there, and when more
/// dimensions are left than the grid has.
DimensionRoles roles_of(const NetcdfFile& file, const std::string& variable,
                        std::optional<std::size_t> entry, const std::vector<LevelChoice>& levels,
                        const std::optional<std::vector<std::string>>& grid);

} // namespace glebe
