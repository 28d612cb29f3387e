// SPDX-License-Identifier: BSD-3-Clause
#include "coordinate_kind.hpp"

#include "glebe/base/text.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace glebe {

namespace {

template <std::size_t n>
bool among(const std::array<std::string_view, n>& list, const std::string& name) {
  return std::ranges::find(list, lower(name)) != list.end();
}

// In lower case; empty where there is none.
std::string attribute(const NetcdfFile& file, const std::string& variable, const char* name) {
  return lower(file.text_attribute(variable, name).value_or(""));
}

} // namespace

CoordinateKind kind_by_name(const std::string& name) {
  constexpr std::array<std::string_view, 4> north{"lat", "latitude", "nav_lat", "xlat"};
  constexpr std::array<std::string_view, 4> east{"lon", "longitude", "nav_lon", "xlong"};
  if (among(north, name)) return CoordinateKind::north;
  return among(east, name) ? CoordinateKind::east : CoordinateKind::other;
}

CoordinateKind coordinate_kind(const NetcdfFile& file, const std::string& variable) {
  constexpr std::array<std::string_view, 6> north{"degrees_north", "degree_north", "degree_n",
                                                  "degrees_n",     "degreen",      "degreesn"};
  constexpr std::array<std::string_view, 6> east{"degrees_east", "degree_east", "degree_e",
                                                 "degrees_e",    "degreee",     "degreese"};
  const std::string unit = file.text_attribute(variable, "units").value_or("");
  const std::string standard_name = attribute(file, variable, "standard_name");
  if (standard_name == "latitude" || among(north, unit)) return CoordinateKind::north;
  if (standard_name == "longitude" || among(east, unit)) return CoordinateKind::east;
  // Without an attribute that tells, by the usual names: units are spelt in many ways.
  if (const CoordinateKind kind = kind_by_name(variable); kind != CoordinateKind::other)
    return kind;
  return !unit.empty() && convertible(unit, "m") ? CoordinateKind::length : CoordinateKind::other;
}

bool is_time(const NetcdfFile& file, const std::string& variable) {
  if (!file.has_variable(variable)) return false;
  return attribute(file, variable, "units").find(" since ") != std::string::npos;
}

bool is_not_horizontal(const NetcdfFile& file, const std::string& dimension) {
  constexpr std::array<std::string_view, 8> vertical_names{
      "height", "altitude",    "depth", "level", "air_pressure", "height_above_mean_sea_level",
      "time",   "realization",
  };
  constexpr std::array<std::string_view, 10> usual_names{
      "altitude", "plev",   "z",           "time",   "ensemble",
      "member",   "number", "realization", "expver", "bnds"};
  constexpr std::array<std::string_view, 5> parts{"lev", "depth", "soil", "layer", "height"};
  const std::string small = lower(dimension);
  const bool usual =
      among(usual_names, dimension) || std::ranges::any_of(parts, [&](std::string_view part) {
        return small.find(part) != std::string::npos;
      });
  if (!file.has_variable(dimension) || file.is_user_defined(dimension)) return usual;
  const std::string axis = attribute(file, dimension, "axis");
  if (axis == "x" || axis == "y") return false;
  return axis == "z" || axis == "t" || is_time(file, dimension) ||
         file.text_attribute(dimension, "positive").has_value() ||
         among(vertical_names, attribute(file, dimension, "standard_name")) || usual;
}

bool is_repetition(const NetcdfFile& file, const std::string& dimension) {
  constexpr std::array<std::string_view, 6> names{"time",   "ensemble",    "member",
                                                  "number", "realization", "expver"};
  return is_time(file, dimension) || among(names, dimension);
}

CoordinateKind dimension_kind(const NetcdfFile& file, const std::string& dimension) {
  return file.has_variable(dimension) ? coordinate_kind(file, dimension) : kind_by_name(dimension);
}

bool is_line_of_lengths(const NetcdfFile& file, const std::string& dimension) {
  constexpr std::array<std::string_view, 6> horizontal{"x", "y", "xc", "yc", "easting", "northing"};
  if (!file.has_variable(dimension) || among(horizontal, dimension)) return false;
  const std::string standard_name = attribute(file, dimension, "standard_name");
  return coordinate_kind(file, dimension) == CoordinateKind::length &&
         attribute(file, dimension, "axis").empty() && !standard_name.starts_with("projection");
}

} // namespace glebe
