// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/grid/columns.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace glebe {

/// The classes of columns that share one control.
struct RegionMap {
  std::filesystem::path file;
  std::string variable;
  std::vector<std::int32_t> of_column; ///< [local column]: the class, as an index of `value`
  std::vector<std::int32_t> value;     ///< the classes of all ranks' active columns, ascending
  std::vector<std::string> name;       ///< of each class, unique: "sand", or "class 3"
};

/// Reads the map that a parameter with Space::region names: whole numbers on the grid of the run,
/// or one for all of it. Classes are named by the CF attributes flag_values and flag_meanings where
/// these have them. Collective. Throws InputError naming file, variable and column for a column
/// without a class and for a value that is not a whole number.
RegionMap read_regions(const Ranks& ranks, const ParameterSettings& parameter,
                       const Columns& columns);

} // namespace glebe
