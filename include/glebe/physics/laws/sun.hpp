// SPDX-License-Identifier: BSD-3-Clause
// Where the sun stands, and what reaches the top of the atmosphere from it.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace glebe {

inline constexpr double solar_constant = 1361.0;           ///< [W m-2], Kopp and Lean (2011)
inline constexpr double degree = std::numbers::pi / 180.0; ///< [rad]

/// The sun on a day of the year.
struct Sun {
  double declination;      ///< [rad]
  double equation_of_time; ///< apparent minus mean solar time [s]
  double closeness;        ///< (mean distance / distance)^2 [1]
};

/// The sun when a part of the year has passed (0 to 1, from midnight of 1 January), in a year of
/// any length. Spencer (1971), Search 2(5), 172. Within 0.3 degrees and a minute of the almanac,
/// most of which is the year's place in the cycle of leap years.
inline Sun sun_at(double year_part) {
  const double a = 2.0 * std::numbers::pi * year_part;
  const double c1 = std::cos(a), s1 = std::sin(a), c2 = std::cos(2 * a), s2 = std::sin(2 * a);
  const double c3 = std::cos(3 * a), s3 = std::sin(3 * a);
  constexpr double seconds_per_radian = 43200.0 / std::numbers::pi;
  return {0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2 - 0.002697 * c3 +
              0.00148 * s3,
          seconds_per_radian *
              (0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2),
          1.00011 + 0.034221 * c1 + 0.00128 * s1 + 0.000719 * c2 + 0.000077 * s2};
}

/// The hour angle of the sun [rad], 0 at solar noon and growing with time: of `second` [s] after a
/// midnight of UTC, which may be more than a day, at a longitude [degrees east].
inline double hour_angle(const Sun& sun, double second, double longitude) {
  return 2.0 * std::numbers::pi * ((second + sun.equation_of_time) / 86400.0 - 0.5) +
         longitude * degree;
}

/// The cosine of the sun's zenith angle, negative at night, at a latitude [degrees north] and an
/// hour angle [rad].
inline double cos_zenith(const Sun& sun, double latitude, double hour_angle) {
  const double phi = latitude * degree;
  return std::sin(phi) * std::sin(sun.declination) +
         std::cos(phi) * std::cos(sun.declination) * std::cos(hour_angle);
}

/// What falls on a horizontal plane above the atmosphere [W m-2].
inline double extraterrestrial(const Sun& sun, double cos_zenith) {
  return solar_constant * sun.closeness * std::max(cos_zenith, 0.0);
}

} // namespace glebe
