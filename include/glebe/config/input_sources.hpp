// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/level_choice.hpp"
#include "glebe/config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// Where a series of the forcing comes from: what its &input says, and &forcing where that is
/// silent.
struct InputSource {
  std::vector<std::filesystem::path> file;
  std::string variable;
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]
  std::vector<LevelChoice> levels;
  bool levels_of_its_own = false; ///< otherwise they apply where the variable has their dimension
  Accumulation accumulation = Accumulation::interval;
};

/// The names of the series that the forcing may have: its inputs and the components of the wind.
std::vector<std::string> source_names();

/// The source of a series. Throws InputError for a name that is none.
InputSource source_of(const Settings& settings, std::string_view name);

/// The sources that the inputs of a run are read from, in their order; none that is constant, or
/// made by a clear sky.
std::vector<InputSource> sources_of(const Settings& settings);

/// The variable that &forcing names for a series.
std::string& variable_of(ForcingSettings& forcing, std::string_view name);

} // namespace glebe
