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

CoordinateKind coordinate_kind(const NetcdfFile& file, const std::string& variable) {
  constexpr std::array<std::string_view, 6> north{"degrees_north", "degree_north", "degree_n",
                                                  "degrees_n",     "degreen",      "degreesn"};
  constexpr std::array<std::string_view, 6> east{"degrees_east", "degree_east", "degree_e",
                                                 "degrees_e",    "degreee",     "degreese"};
  const std::string unit = file.text_attribute(variable, "units").value_or("");
  const std::string standard_name = attribute(file, variable, "standard_name");
  if (standard_name == "latitude" || among(north, unit)) return CoordinateKind::north;
  if (standard_name == "longitude" || among(east, unit)) return CoordinateKind::east;
  // Without an attribute that tells, by the usual names.
  constexpr std::array<std::string_view, 4> names_north{"lat", "latitude", "nav_lat", "xlat"};
  constexpr std::array<std::string_view, 4> names_east{"lon", "longitude", "nav_lon", "xlong"};
  if (unit.empty() || lower(unit) == "degrees" || lower(unit) == "degree") {
    if (among(names_north, variable)) return CoordinateKind::north;
    if (among(names_east, variable)) return CoordinateKind::east;
  }
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
  constexpr std::array<std::string_view, 20> usual_names{
      "height",   "altitude", "level",      "levels",      "lev",     "plev",  "depth",
      "depths",   "z",        "soil_layer", "soil_level",  "nlevsoi", "layer", "time",
      "ensemble", "member",   "number",     "realization", "expver",  "bnds"};
  if (!file.has_variable(dimension)) return among(usual_names, dimension);
  const std::string axis = attribute(file, dimension, "axis");
  if (axis == "x" || axis == "y") return false;
  return axis == "z" || axis == "t" || is_time(file, dimension) ||
         file.text_attribute(dimension, "positive").has_value() ||
         among(vertical_names, attribute(file, dimension, "standard_name")) ||
         among(usual_names, dimension);
}

} // namespace glebe
