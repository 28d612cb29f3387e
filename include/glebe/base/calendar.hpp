// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace glebe {

/// The calendars of the CF conventions. `standard` is the mixed one: Julian until 1582-10-04,
/// Gregorian from 1582-10-15, nothing in between.
enum class Calendar { standard, proleptic_gregorian, julian, noleap, all_leap, day_360 };

/// The calendar of a CF name or alias ("gregorian", "365_day", ...), letter case ignored. Throws
/// InputError listing the allowed names.
Calendar parse_calendar(std::string_view name);

/// The CF name of a calendar.
std::string_view calendar_name(Calendar calendar);

/// An instant in UTC. `second_of_day` counts from midnight of the date. It may be negative or
/// exceed one day after a time zone was subtracted, because only a calendar can determine the
/// neighbouring day (see `normalised`).
struct DateTime {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
  double second_of_day = 0;

  bool operator==(const DateTime&) const = default;
};

inline constexpr double seconds_per_day = 86400;

/// Whether two calendars have the same dates from an instant on: the standard one is the proleptic
/// Gregorian one since 1582-10-15.
bool same_dates(Calendar a, Calendar b, const DateTime& from);

/// Number of days in a month [d]; 31 in October 1582 of the standard calendar, for its last day.
int days_in_month(Calendar calendar, std::int64_t year, int month);

/// Days from 1970-01-01 to a date, both in `calendar` [d]. Throws InputError for a date that the
/// calendar does not have. The standard and Julian calendars start in year 1.
std::int64_t day_number(Calendar calendar, std::int64_t year, int month, int day);

/// The date of a day number, at midnight; the inverse of day_number. Years are astronomical.
DateTime date_of(Calendar calendar, std::int64_t day);

/// Reads an ISO 8601 or CF date with or without time and zone: "2004-05-27", "2004-05-27T06:30Z",
/// "2000-1-1 00:00:00.5 -7:30". No zone means UTC. Throws InputError with the text. The day of the
/// month is checked later, when the calendar is known.
DateTime parse_date_time(std::string_view text);

/// Seconds from `from` to `to` [s]. Throws InputError for dates that the calendar does not have.
double seconds_between(Calendar calendar, const DateTime& from, const DateTime& to);

/// The instant `seconds` after `from`, normalised.
DateTime add_seconds(Calendar calendar, const DateTime& from, double seconds);

/// The same instant with second_of_day in [0, 86400). Throws InputError like day_number.
DateTime normalised(Calendar calendar, const DateTime& instant);

/// Midnight at the start of the month that holds an instant.
DateTime month_start(Calendar calendar, const DateTime& instant);

/// Midnight at the start of the month after the one that holds an instant.
DateTime next_month(Calendar calendar, const DateTime& instant);

/// "YYYY-MM-DDThh:mm:ss" in UTC, to the nearest second.
std::string iso_text(Calendar calendar, const DateTime& instant);

} // namespace glebe
