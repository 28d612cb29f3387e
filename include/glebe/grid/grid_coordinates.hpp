// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// What a coordinate measures: degrees north or east, a length, or something else, such as the
/// coordinates of a rotated pole or numbers of stations.
enum class CoordinateKind { north, east, length, other };

/// The coordinates along one dimension of a grid.
struct AxisCoordinate {
  std::string name;
  std::string standard_name; ///< empty without
  bool has_unit = false;
  CoordinateKind kind = CoordinateKind::other;
  std::vector<double> values; ///< in degrees or m, otherwise as in the file
};

/// Where the cells of a horizontal grid are, as far as its file tells.
struct GridCoordinates {
  std::filesystem::path file;
  std::vector<std::optional<AxisCoordinate>> axes; ///< one per dimension
  std::vector<double> latitude;                    ///< [cell] [degrees]; empty: not known
  std::vector<double> longitude;                   ///< likewise, with the latitude or not at all
  std::vector<std::string> stations;               ///< names or ids [cell] of one dimension
};

} // namespace glebe
