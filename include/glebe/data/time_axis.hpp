// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/calendar.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

class NetcdfFile;

/// A CF time unit, "<unit of time> since <date>".
struct TimeUnits {
  double seconds = 1; ///< in one unit [s]
  DateTime reference;
};

/// Reads units such as "hours since 1998-10-01T06:00:00". Throws InputError for other texts, and
/// for months and years, because their lengths vary.
TimeUnits parse_time_units(std::string_view text);

/// The interval to which a value refers, in seconds since a start [s].
struct TimeInterval {
  double begin = 0;
  double end = 0;

  bool operator==(const TimeInterval&) const = default;
};

/// Times of a CF time variable in seconds since `start`, a date of the same calendar [n_time]. They
/// are rounded to whole milliseconds, so that times stored as fractions of a day become the seconds
/// that are meant. `where` names file and variable in messages. Throws InputError for missing
/// values and for times that do not increase.
std::vector<double> seconds_since(const DateTime& start, std::span<const double> values,
                                  std::string_view units, Calendar calendar,
                                  const std::string& where);

/// The median spacing of `times` [s], which a few gaps do not change: the averaging interval by
/// default. Throws InputError for fewer than two times.
double regular_interval(std::span<const double> times);

/// The calendar of a time variable, by default `standard`. Throws InputError.
Calendar time_calendar(const NetcdfFile& file, const std::string& variable);

/// The largest rounding error of a time variable's values [s]: that of their type, at least a
/// millisecond. Collective.
double time_rounding(const NetcdfFile& file, const std::string& variable);

/// Reads a one-dimensional time variable, as seconds_since. Collective. Throws InputError.
std::vector<double> read_times(const NetcdfFile& file, const std::string& variable,
                               const DateTime& start);

/// Reads the intervals of a time variable's `bounds` attribute [n_time]; nothing when it has none.
/// Collective. Throws InputError for intervals that end before they begin.
std::optional<std::vector<TimeInterval>>
read_time_bounds(const NetcdfFile& file, const std::string& variable, const DateTime& start);

} // namespace glebe
