// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/sun_series.hpp"

#include <optional>
#include <span>
#include <string>

namespace glebe {

/// How far the times of measured shortwave radiation are from the sun's.
struct SolarTimeError {
  double hours; ///< centre of the day minus solar noon: positive where the times are late [h]
  int days;     ///< clear days from which it is the median
};

/// Compares the centres of clear days with solar noon: `shortwave` [record] [W m-2], NaN where
/// missing, over the intervals of `sun`, whose records are `interval` [s] apart. The centre is the
/// phase of the daily wave, so that times may be off by any number of hours. Clear are days with
/// one smooth hump of the sun's shape, nearly as bright as the brightest. Nothing where fewer than
/// three are, or where they do not agree with each other and with all days together: hills that
/// hide the sun, or records of two kinds.
std::optional<SolarTimeError> solar_time_error(std::span<const double> shortwave,
                                               const SunSeries& sun, double interval,
                                               const Position& position);

/// Differences up to this are those of clouds, hills and instruments [h].
inline constexpr double solar_time_tolerance = 1.0 / 3.0;

/// What would explain an error [h] of records `interval` [h] long and read with `stamp`: another
/// stamp, a clock that is not UTC, or a longitude of the other sign; NaN: columns of several.
std::string likely_cause(double hours, Stamp stamp, double interval, double longitude);

} // namespace glebe
