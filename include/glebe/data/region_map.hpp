// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
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
  std::vector<std::int32_t> value; ///< the classes of the active columns of all ranks, ascending
  std::vector<std::string> name;   ///< of each class, unique: "sand", or "class 3"
};

/// Reads the map of a parameter with Space::region: whole numbers on the grid of the run, or one
/// number for the whole grid. The CF attributes flag_values and flag_meanings give the names of
/// classes. Collective. Throws InputError with file, variable and column for a column without a
/// class and for a value that is not a whole number.
RegionMap read_regions(const Ranks& ranks, const ParameterSettings& parameter,
                       const Columns& columns, const Log& log);

} // namespace glebe
