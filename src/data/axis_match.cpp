// SPDX-License-Identifier: BSD-3-Clause
#include "axis_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

namespace glebe {

namespace {

constexpr double part_of_spacing = 0.01;
constexpr double surely_nearest = 0.25; ///< of the spacing

double single_precision(double value) {
  return 4.0 * std::abs(value) * static_cast<double>(std::numeric_limits<float>::epsilon());
}

double greatest(const std::vector<double>& values) {
  double most = 0.0;
  for (const double value : values)
    if (!std::isnan(value)) most = std::max(most, std::abs(value));
  return most;
}

// The least distance between two different values.
double least_spacing(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::ranges::sort(values);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] > values[i - 1]) least = std::min(least, values[i] - values[i - 1]);
  return least;
}

double tolerance_of(const std::vector<double>& values) {
  const double spacing = least_spacing(values), rounding = single_precision(greatest(values));
  if (std::isinf(spacing)) return std::max(rounding, 1e-3);
  return std::max(part_of_spacing * spacing, std::min(rounding, surely_nearest * spacing));
}

double difference(double a, double b, CoordinateKind kind) {
  const double d = a - b;
  return kind == CoordinateKind::east ? std::remainder(d, 360.0) : d;
}

// Of sorted values with their positions, that within the tolerance of a value.
std::optional<std::size_t> find_sorted(const std::vector<std::pair<double, std::size_t>>& sorted,
                                       double value, double tolerance) {
  const auto at = std::ranges::lower_bound(sorted, value - tolerance, {},
                                           &std::pair<double, std::size_t>::first);
  if (at == sorted.end() || at->first > value + tolerance) return {};
  return at->second;
}

// Each index once; nothing otherwise.
std::optional<std::vector<std::size_t>> if_unique(std::vector<std::size_t> index) {
  std::vector<std::size_t> sorted = index;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) return {};
  return index;
}

bool same_name(const AxisCoordinate& a, const AxisCoordinate& b) {
  return a.name == b.name || (!a.standard_name.empty() && a.standard_name == b.standard_name);
}

} // namespace

bool comparable(const AxisCoordinate& a, const AxisCoordinate& b) {
  if (a.kind == b.kind && (a.kind == CoordinateKind::north || a.kind == CoordinateKind::east))
    return true;
  return same_name(a, b) && (a.kind == b.kind || !a.has_unit || !b.has_unit);
}

bool has_missing(const AxisCoordinate& axis) {
  return std::ranges::any_of(axis.values, [](double value) { return std::isnan(value); });
}

std::optional<std::vector<std::size_t>> find_coordinates(const AxisCoordinate& grid,
                                                         const AxisCoordinate& file) {
  if (grid.values.size() != file.values.size()) return {};
  const double tolerance = tolerance_of(grid.values);
  std::vector<std::pair<double, std::size_t>> sorted;
  for (std::size_t i = 0; i < file.values.size(); ++i) sorted.emplace_back(file.values[i], i);
  std::ranges::sort(sorted);
  std::vector<std::size_t> index;
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    // Most axes are in the same order, and need no search.
    if (std::abs(difference(grid.values[i], file.values[i], grid.kind)) <= tolerance) {
      index.push_back(i);
      continue;
    }
    std::optional<std::size_t> found = find_sorted(sorted, grid.values[i], tolerance);
    for (const double turn : {-360.0, 360.0})
      if (!found && grid.kind == CoordinateKind::east)
        found = find_sorted(sorted, grid.values[i] + turn, tolerance);
    if (!found) return {};
    index.push_back(*found);
  }
  return if_unique(std::move(index));
}

std::optional<std::vector<std::size_t>> find_stations(const std::vector<std::string>& grid,
                                                      const std::vector<std::string>& file) {
  if (grid.size() != file.size()) return {};
  std::map<std::string, std::size_t> number;
  for (std::size_t i = 0; i < file.size(); ++i) number.emplace(file[i], i);
  std::vector<std::size_t> index;
  for (const std::string& name : grid) {
    const auto found = number.find(name);
    if (found == number.end()) return {};
    index.push_back(found->second);
  }
  return if_unique(std::move(index));
}

double degrees_between(double latitude, double longitude, double other_latitude,
                       double other_longitude) {
  constexpr double to_radians = 0.017453292519943295;
  const double north = latitude - other_latitude;
  const double east =
      std::remainder(longitude - other_longitude, 360.0) * std::cos(latitude * to_radians);
  return std::isnan(north + east) ? std::nan("") : std::hypot(north, east);
}

double position_tolerance(const GridCoordinates& coordinates) {
  const auto& [north, east] = std::tie(coordinates.latitude, coordinates.longitude);
  const double rounding = single_precision(std::max(greatest(north), greatest(east)));
  double spacing = 1.0; // of neighbours
  for (std::size_t i = 1; i < north.size(); ++i)
    if (const double d = degrees_between(north[i - 1], east[i - 1], north[i], east[i]); d > 0.0)
      spacing = std::min(spacing, d);
  return std::clamp(part_of_spacing * spacing, std::min(rounding, surely_nearest * spacing), 0.01);
}

std::string order_in_words(const std::vector<std::size_t>& index) {
  const std::size_t n = index.size();
  const auto all = [&](auto expected) {
    for (std::size_t i = 0; i < n; ++i)
      if (index[i] != expected(i)) return false;
    return true;
  };
  if (all([](std::size_t i) { return i; })) return "";
  if (all([&](std::size_t i) { return n - 1 - i; })) return "flipped";
  const std::size_t by = index.front();
  if (all([&](std::size_t i) { return (i + by) % n; })) return fmt::format("rolled by {}", by);
  return "put in another order";
}

std::string range_in_words(const std::vector<double>& values) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  return least > most ? "missing" : fmt::format("{:.6g} to {:.6g}", least, most);
}

} // namespace glebe
