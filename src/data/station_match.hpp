// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/grid/grid_coordinates.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

/// The stations of a run found again in a file.
struct StationMatch {
  enum class Found { all, nothing, other_names, other_places };
  Found found = Found::nothing;
  std::vector<std::size_t> index = {}; ///< of each of the run's stations, that in the file
};

/// By their names or ids, otherwise by their positions, to a kilometre; the first that both have
/// decides, and positions must not contradict names. `nothing`: they have neither in common.
StationMatch match_stations(const GridCoordinates& run, const GridCoordinates& file);

/// Whether the positions of most cells are known.
bool knows_positions(const GridCoordinates& coordinates);

/// The distance of two cells nearby [degrees of a great circle]; NaN where either is missing.
double degrees_between(const GridCoordinates& a, std::size_t i, const GridCoordinates& b,
                       std::size_t j);

} // namespace glebe
