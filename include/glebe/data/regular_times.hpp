// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace glebe {

/// An axis of equally spaced times, some of which may be left out.
struct RegularTimes {
  std::vector<double> times; ///< [s], each a whole number of intervals after the first
  double interval = 0;       ///< [s]
  double moved = 0;          ///< the most that a time was moved onto the axis [s]
};

/// The regular axis that `times` [s] are meant to lie on, or nothing when they lie on none. Stamps
/// as files and loggers have them may be off by some seconds, or by what their number type
/// resolves: they are moved onto the axis. They count from a start that is `second_of_day` after
/// midnight, because an axis rather begins at a whole interval, half an interval, minute or second
/// of the clock. `resolution` is the largest rounding error of a time [s]. Times must increase.
///
/// A time may lie 5 % of the interval off the axis, and the axis 1 % of it (at most a minute) off
/// the clock; or as far as times are rounded, if that is less than a quarter of an interval.
std::optional<RegularTimes> regular_times(std::span<const double> times, double second_of_day,
                                          double resolution);

/// Where an irregular axis leaves the regular one of most of its spacings, in words: "after index 7
/// follow 950 s, elsewhere 1800 s".
std::string irregularity(std::span<const double> times);

} // namespace glebe
