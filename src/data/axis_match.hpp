// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/grid/grid_coordinates.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// Whether two axes are of the same kind: of latitude or longitude, or of the same name. One of
/// them may lack its unit.
bool comparable(const AxisCoordinate& a, const AxisCoordinate& b);

bool has_missing(const AxisCoordinate& axis);

/// Coordinates of one dimension of the run's grid, found again in a file: for each index of the
/// grid that in the file, or nothing when one of them is not there or two are the same. They agree
/// to 1 % of their spacing or to single precision; longitudes agree modulo 360 degrees.
std::optional<std::vector<std::size_t>> find_coordinates(const AxisCoordinate& grid,
                                                         const AxisCoordinate& file);

/// The same for names of stations.
std::optional<std::vector<std::size_t>> find_stations(const std::vector<std::string>& grid,
                                                      const std::vector<std::string>& file);

/// The distance of two positions nearby, in degrees of a great circle; NaN where either is missing.
double degrees_between(double latitude, double longitude, double other_latitude,
                       double other_longitude);

/// The greatest difference between positions that are the same, in degrees, among such cells.
double position_tolerance(const GridCoordinates& coordinates);

/// "flipped", "rolled by 180" or "put in another order"; empty when all indices are their own.
std::string order_in_words(const std::vector<std::size_t>& index);

/// "-10 to 20.5", without missing values.
std::string range_in_words(const std::vector<double>& values);

} // namespace glebe
