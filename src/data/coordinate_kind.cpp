// SPDX-License-Identifier: BSD-3-Clause
#include "coordinate_kind.hpp"

#include "glebe/base/text.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <array>

namespace glebe {

CoordinateKind coordinate_kind(const std::string& unit, const std::string& standard_name) {
  constexpr std::array north = {"degrees_north", "degree_north", "degree_n",
                                "degrees_n",     "degreen",      "degreesn"};
  constexpr std::array east = {"degrees_east", "degree_east", "degree_e",
                               "degrees_e",    "degreee",     "degreese"};
  const auto among = [small = lower(unit)](const auto& list) {
    return std::find(list.begin(), list.end(), small) != list.end();
  };
  if (standard_name == "latitude" || among(north)) return CoordinateKind::north;
  if (standard_name == "longitude" || among(east)) return CoordinateKind::east;
  return !unit.empty() && convertible(unit, "m") ? CoordinateKind::length : CoordinateKind::other;
}

} // namespace glebe
