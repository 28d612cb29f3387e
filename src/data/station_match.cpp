// SPDX-License-Identifier: BSD-3-Clause
#include "station_match.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "axis_match.hpp"

namespace glebe {

namespace {

using Index = std::vector<std::size_t>;
using Found = StationMatch::Found;

constexpr double same_place = 0.01; // [degrees], about a kilometre

bool all_within(const GridCoordinates& run, const GridCoordinates& file, const Index& index,
                double tolerance) {
  for (std::size_t i = 0; i < run.latitude.size(); ++i)
    if (degrees_between(run, i, file, index.empty() ? i : index[i]) > tolerance) return false;
  return true;
}

// The station of the file at that of a station of the run, unless another one is about as near.
std::optional<std::size_t> nearest(const GridCoordinates& run, std::size_t station,
                                   const GridCoordinates& file) {
  double least = std::numeric_limits<double>::infinity(), second = least;
  std::size_t found = 0;
  for (std::size_t i = 0; i < file.latitude.size(); ++i) {
    const double d = degrees_between(run, station, file, i);
    if (d < least) {
      second = std::exchange(least, d);
      found = i;
    } else if (d < second) {
      second = d;
    }
  }
  if (least > same_place || second <= 2.0 * least) return {};
  return found;
}

StationMatch by_position(const GridCoordinates& run, const GridCoordinates& file) {
  constexpr double to_digits = 1e-5; // [degrees]
  // Also where several stations are at one place.
  if (all_within(run, file, {}, to_digits)) return {Found::all};
  Index index;
  for (std::size_t i = 0; i < run.latitude.size(); ++i) {
    const auto found = nearest(run, i, file);
    if (!found || std::ranges::find(index, *found) != index.end()) return {Found::other_places};
    index.push_back(*found);
  }
  return {Found::all, index};
}

} // namespace

double degrees_between(const GridCoordinates& a, std::size_t i, const GridCoordinates& b,
                       std::size_t j) {
  return degrees_between(a.latitude[i], a.longitude[i], b.latitude[j], b.longitude[j]);
}

bool knows_positions(const GridCoordinates& coordinates) {
  std::size_t known = 0;
  for (std::size_t i = 0; i < coordinates.latitude.size(); ++i)
    known += !std::isnan(coordinates.latitude[i]) && !std::isnan(coordinates.longitude[i]);
  return known > 0 && 2 * known >= coordinates.latitude.size();
}

StationMatch match_stations(const GridCoordinates& run, const GridCoordinates& file) {
  const bool positions = knows_positions(run) && knows_positions(file);
  if (!run.stations.empty() && !file.stations.empty()) {
    if (const auto index = find_stations(run.stations, file.stations)) {
      const bool contradicted = positions && !all_within(run, file, *index, same_place);
      return {contradicted ? Found::other_places : Found::all, *index};
    }
    if (!positions && run.stations != file.stations) return {Found::other_names};
  }
  return positions ? by_position(run, file) : StationMatch{};
}

} // namespace glebe
