// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/file_series.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// Where the water content of one depth comes from: a variable, or a level of it.
struct MoistureSource {
  std::string variable;
  std::optional<LevelChoice> level;
  double depth; ///< [m]
};

/// What &moisture names, from the top down. The depths of levels are those of their coordinate
/// variable (the middles of its bounds, if it has any), or `depths` where the files do not say
/// them. Collective. Throws InputError when they are not known, when a depth that is asked for has
/// no level, or when the files differ in their levels.
std::vector<MoistureSource> moisture_sources(const FileSeries& files,
                                             const MoistureSettings& moisture);

} // namespace glebe
