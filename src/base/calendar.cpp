// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/calendar.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace glebe {

namespace {

struct CalendarName {
  std::string_view name;
  Calendar calendar;
};

// The first name of each calendar is used in outputs.
constexpr std::array calendar_names{
    CalendarName{"standard", Calendar::standard},
    CalendarName{"gregorian", Calendar::standard},
    CalendarName{"proleptic_gregorian", Calendar::proleptic_gregorian},
    CalendarName{"julian", Calendar::julian},
    CalendarName{"noleap", Calendar::noleap},
    CalendarName{"365_day", Calendar::noleap},
    CalendarName{"all_leap", Calendar::all_leap},
    CalendarName{"366_day", Calendar::all_leap},
    CalendarName{"360_day", Calendar::day_360},
};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool divides(std::int64_t divisor, std::int64_t year) { return year % divisor == 0; }

/// The calendar that applies to a date: for the mixed calendar, one of its two parts.
Calendar rule_of(Calendar calendar, std::int64_t year, int month, int day) {
  if (calendar != Calendar::standard) return calendar;
  return std::tuple{year, month, day} < std::tuple{std::int64_t{1582}, 10, 15}
             ? Calendar::julian
             : Calendar::proleptic_gregorian;
}

bool is_leap(Calendar rule, std::int64_t year) {
  switch (rule) {
  case Calendar::all_leap:
    return true;
  case Calendar::julian:
    return divides(4, year);
  case Calendar::proleptic_gregorian:
    return divides(4, year) && (!divides(100, year) || divides(400, year));
  default:
    return false;
  }
}

/// Days from 0001-01-01 to the start of a year, both by the same rule.
std::int64_t days_before_year(Calendar rule, std::int64_t year) {
  const std::int64_t past = year - 1;
  switch (rule) {
  case Calendar::day_360:
    return 360 * past;
  case Calendar::all_leap:
    return 366 * past;
  case Calendar::noleap:
    return 365 * past;
  case Calendar::julian:
    return 365 * past + floor_divide(past, 4);
  default:
    return 365 * past + floor_divide(past, 4) - floor_divide(past, 100) + floor_divide(past, 400);
  }
}

int days_before_month(Calendar rule, std::int64_t year, int month) {
  int days = 0;
  for (int m = 1; m < month; ++m) days += days_in_month(rule, year, m);
  return days;
}

/// Day 0 of a rule's count, 0001-01-01, in days since 1970-01-01 of `calendar`.
std::int64_t origin(Calendar calendar, Calendar rule) {
  if (calendar != Calendar::standard) return -days_before_year(calendar, 1970);
  // The Julian 0001-01-01 is two days before the Gregorian one.
  const std::int64_t julian_lead = rule == Calendar::julian ? 2 : 0;
  return -days_before_year(Calendar::proleptic_gregorian, 1970) - julian_lead;
}

} // namespace

Calendar parse_calendar(std::string_view name) {
  const std::string wanted = lower(trimmed(name));
  for (const CalendarName& known : calendar_names)
    if (known.name == wanted) return known.calendar;
  std::string allowed;
  for (const CalendarName& known : calendar_names)
    allowed += (allowed.empty() ? "" : ", ") + std::string(known.name);
  throw InputError(fmt::format("unknown calendar '{}'; allowed: {}", name, allowed));
}

std::string_view calendar_name(Calendar calendar) {
  return std::find_if(calendar_names.begin(), calendar_names.end(),
                      [&](const CalendarName& known) { return known.calendar == calendar; })
      ->name;
}

bool same_dates(Calendar a, Calendar b, const DateTime& from) {
  const auto gregorian = [&](Calendar calendar) {
    return rule_of(calendar, from.year, from.month, from.day) == Calendar::proleptic_gregorian;
  };
  return a == b || (gregorian(a) && gregorian(b));
}

int days_in_month(Calendar calendar, std::int64_t year, int month) {
  if (calendar == Calendar::day_360) return 30;
  constexpr std::array lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap_day = month == 2 && is_leap(rule_of(calendar, year, month, 1), year);
  return lengths[static_cast<std::size_t>(month - 1)] + (leap_day ? 1 : 0);
}

std::int64_t day_number(Calendar calendar, std::int64_t year, int month, int day) {
  const auto refuse = [&](std::string_view why) {
    throw InputError(fmt::format("no date {:04}-{:02}-{:02} in the {} calendar: {}", year, month,
                                 day, calendar_name(calendar), why));
  };
  if (month < 1 || month > 12) refuse("months are 1 to 12");
  if (day < 1 || day > days_in_month(calendar, year, month))
    refuse(fmt::format("that month has {} days", days_in_month(calendar, year, month)));
  if (calendar == Calendar::standard && year == 1582 && month == 10 && day > 4 && day < 15)
    refuse("1582-10-04 is followed by 1582-10-15");
  if ((calendar == Calendar::standard || calendar == Calendar::julian) && year < 1)
    refuse("it starts in year 1 (the proleptic_gregorian calendar has earlier years)");
  // Beyond this, days since 1970 could overflow.
  constexpr std::int64_t max_year = 1'000'000'000;
  if (year > max_year || year < -max_year) refuse("the year is out of range");

  const Calendar rule = rule_of(calendar, year, month, day);
  return origin(calendar, rule) + days_before_year(rule, year) +
         days_before_month(rule, year, month) + day - 1;
}

DateTime date_of(Calendar calendar, std::int64_t day) {
  Calendar rule = calendar;
  if (calendar == Calendar::standard)
    rule =
        day < day_number(calendar, 1582, 10, 15) ? Calendar::julian : Calendar::proleptic_gregorian;
  std::int64_t rest = day - origin(calendar, rule);
  // Every rule repeats after 400 years. No year has more than 366 days, so that the first guess of
  // the year is never too late, and at most a few years too early.
  const std::int64_t cycle = days_before_year(rule, 401);
  const std::int64_t cycles = floor_divide(rest, cycle);
  rest -= cycles * cycle;
  std::int64_t year = 1 + rest / 366;
  while (days_before_year(rule, year + 1) <= rest) ++year;
  rest -= days_before_year(rule, year);
  int month = 1;
  while (rest >= days_in_month(rule, year, month)) rest -= days_in_month(rule, year, month++);
  return {year + 400 * cycles, month, static_cast<int>(rest) + 1, 0};
}

double seconds_between(Calendar calendar, const DateTime& from, const DateTime& to) {
  const std::int64_t days = day_number(calendar, to.year, to.month, to.day) -
                            day_number(calendar, from.year, from.month, from.day);
  return seconds_per_day * static_cast<double>(days) + (to.second_of_day - from.second_of_day);
}

DateTime add_seconds(Calendar calendar, const DateTime& from, double seconds) {
  const double total = from.second_of_day + seconds;
  double days = std::floor(total / seconds_per_day);
  double rest = total - days * seconds_per_day;
  if (rest >= seconds_per_day) { // a tiny negative total rounds up to a whole day
    rest -= seconds_per_day;
    days += 1;
  }
  // Days beyond this leave the range of years, and at last that of integers.
  constexpr double most_days = 366e9;
  if (!(std::abs(days) <= most_days))
    throw InputError(fmt::format("{:g} s after the date {:04}-{:02}-{:02} is out of the range of "
                                 "years",
                                 seconds, from.year, from.month, from.day));
  DateTime result = date_of(calendar, day_number(calendar, from.year, from.month, from.day) +
                                          static_cast<std::int64_t>(days));
  result.second_of_day = rest;
  return result;
}

DateTime normalised(Calendar calendar, const DateTime& instant) {
  return add_seconds(calendar, instant, 0);
}

DateTime month_start(Calendar calendar, const DateTime& instant) {
  const DateTime there = normalised(calendar, instant);
  return {there.year, there.month, 1, 0};
}

DateTime next_month(Calendar calendar, const DateTime& instant) {
  const DateTime there = normalised(calendar, instant);
  return {there.year + (there.month == 12 ? 1 : 0), there.month % 12 + 1, 1, 0};
}

std::string iso_text(Calendar calendar, const DateTime& instant) {
  DateTime rounded = instant;
  rounded.second_of_day = std::round(rounded.second_of_day);
  rounded = normalised(calendar, rounded);
  const int second = static_cast<int>(rounded.second_of_day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", rounded.year, rounded.month,
                     rounded.day, second / 3600, second / 60 % 60, second % 60);
}

} // namespace glebe
