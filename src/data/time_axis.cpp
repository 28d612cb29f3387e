// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/time_axis.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace glebe {

namespace {

/// Converts raw values to seconds since a start.
class Clock {
public:
  Clock(const DateTime& start, std::string_view units, Calendar calendar) {
    const TimeUnits unit = parse_time_units(units);
    scale_ = unit.seconds;
    offset_ = seconds_between(calendar, start, unit.reference);
  }
  double operator()(double value) const {
    return std::round((value * scale_ + offset_) * 1000) / 1000;
  }

private:
  double scale_ = 1;
  double offset_ = 0;
};

// Times such as "2010-06-01_00:30:00", as WRF writes them.
std::vector<double> read_time_texts(const NetcdfFile& file, const std::string& variable,
                                    const DateTime& start) {
  const Calendar calendar = time_calendar(file, variable);
  std::vector<double> times;
  for (std::string text : file.read_texts(variable)) {
    std::ranges::replace(text, '_', 'T');
    const DateTime date =
        with_location(file.where(variable), [&] { return parse_date_time(text); });
    times.push_back(seconds_between(calendar, start, date));
    if (times.size() > 1 && times.back() <= times[times.size() - 2])
      throw InputError(
          fmt::format("{}: times must increase, but '{}' does not", file.where(variable), text));
  }
  return times;
}

std::string required_units(const NetcdfFile& file, const std::string& variable) {
  const auto units = file.text_attribute(variable, "units");
  if (!units)
    throw InputError(file.where(variable) +
                     ": has no units attribute; needed is '<unit> since <date>'");
  return *units;
}

} // namespace

TimeUnits parse_time_units(std::string_view text) {
  const std::string small = lower(trimmed(text));
  constexpr std::string_view since = " since ";
  const std::size_t at = small.find(since);
  if (at == std::string::npos)
    throw InputError(fmt::format("the time unit is '{}'; needed is '<unit> since <date>', such as "
                                 "'seconds since 2004-05-27T00:00:00'",
                                 text));
  const std::string_view word = trimmed(std::string_view(small).substr(0, at));
  constexpr std::array<std::string_view, 12> varying{
      "month", "months", "mon",         "mons",         "year",           "years",
      "yr",    "yrs",    "common_year", "common_years", "gregorian_year", "julian_year"};
  if (std::find(varying.begin(), varying.end(), word) != varying.end())
    throw InputError(fmt::format("the time unit is '{}', but months and years differ in length; "
                                 "write the times in days, hours or seconds",
                                 text));
  return {UnitConverter(word, "s")(1), parse_date_time(small.substr(at + since.size()))};
}

std::vector<double> seconds_since(const DateTime& start, std::span<const double> values,
                                  std::string_view units, Calendar calendar,
                                  const std::string& where) {
  const Clock clock = with_location(where, [&] { return Clock(start, units, calendar); });
  std::vector<double> times;
  times.reserve(values.size());
  for (const double value : values) {
    const std::size_t index = times.size();
    if (!std::isfinite(value))
      throw InputError(fmt::format("{}: the time at index {} is missing", where, index));
    const double time = clock(value);
    if (index > 0 && time <= times.back())
      throw InputError(fmt::format("{}: times must increase, but {} at index {} follows {} ({})",
                                   where, value, index, values[index - 1], units));
    times.push_back(time);
  }
  return times;
}

double regular_interval(std::span<const double> times) {
  if (times.size() < 2)
    throw InputError(fmt::format("the interval of a series of {} time(s) is unknown; set interval",
                                 times.size()));
  std::vector<double> spacings;
  for (std::size_t i = 1; i < times.size(); ++i) spacings.push_back(times[i] - times[i - 1]);
  const auto middle = spacings.begin() + static_cast<std::ptrdiff_t>((spacings.size() - 1) / 2);
  std::nth_element(spacings.begin(), middle, spacings.end());
  return *middle;
}

Calendar time_calendar(const NetcdfFile& file, const std::string& variable) {
  const auto name = file.text_attribute(variable, "calendar");
  if (!name) return Calendar::standard;
  return with_location(file.where(variable), [&] { return parse_calendar(*name); });
}

double time_rounding(const NetcdfFile& file, const std::string& variable) {
  constexpr double millisecond = 1e-3;
  if (file.variable(variable).type != NetcdfFile::Type::float32) return millisecond;
  double greatest = 0.0;
  for (const double value : file.read_all(variable))
    if (std::isfinite(value)) greatest = std::max(greatest, std::abs(value));
  const double unit = parse_time_units(required_units(file, variable)).seconds;
  return std::max(millisecond,
                  0.5 * unit * greatest * double(std::numeric_limits<float>::epsilon()));
}

std::vector<double> read_times(const NetcdfFile& file, const std::string& variable,
                               const DateTime& start) {
  const NetcdfFile::VariableInfo info = file.variable(variable);
  if (info.is_text()) return read_time_texts(file, variable, start);
  if (info.dimensions.size() != 1)
    throw InputError(fmt::format("{}: has {} dimensions, a time axis has one", file.where(variable),
                                 info.dimensions.size()));
  const std::string units = required_units(file, variable);
  const Calendar calendar = time_calendar(file, variable);
  return seconds_since(start, file.read_all(variable), units, calendar, file.where(variable));
}

std::optional<std::vector<TimeInterval>>
read_time_bounds(const NetcdfFile& file, const std::string& variable, const DateTime& start) {
  const auto name = file.text_attribute(variable, "bounds");
  if (!name) return std::nullopt;
  const std::string where = file.where(*name);
  const std::vector<std::size_t> shape = file.variable(*name).shape();
  const std::size_t n_time = file.variable(variable).shape().at(0);
  if (shape != std::vector<std::size_t>{n_time, 2})
    throw InputError(
        fmt::format("{}: the bounds of '{}' must have the shape ({}, 2)", where, variable, n_time));
  // By CF, bounds may omit units and calendar; those of the time variable then apply.
  const std::string units =
      file.text_attribute(*name, "units").value_or(required_units(file, variable));
  const Calendar calendar = time_calendar(file, variable);
  const Clock clock = with_location(where, [&] { return Clock(start, units, calendar); });

  const std::vector<double> values = file.read_all(*name);
  std::vector<TimeInterval> intervals;
  for (std::size_t i = 0; i < n_time; ++i) {
    const TimeInterval interval{clock(values[2 * i]), clock(values[2 * i + 1])};
    if (!(interval.begin < interval.end))
      throw InputError(fmt::format("{}: the interval at index {} runs from {} to {}; it must have "
                                   "both ends, in this order",
                                   where, i, values[2 * i], values[2 * i + 1]));
    intervals.push_back(interval);
  }
  return intervals;
}

} // namespace glebe
