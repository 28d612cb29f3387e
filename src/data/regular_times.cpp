// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/regular_times.hpp"

#include "glebe/base/calendar.hpp"
#include "glebe/data/time_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace glebe {

namespace {

constexpr double part_off_axis = 0.05;  ///< of an interval, that a time may lie off
constexpr double part_off_clock = 0.01; ///< of an interval, that the axis may lie off the clock
constexpr double most_off_clock = 60.0; ///< [s]
constexpr double surely_nearest = 0.25; ///< of an interval, within which there is no doubt
constexpr double millisecond = 1e-3;    ///< [s], to which times are rounded anyway

// The number of intervals from the first time to each; empty when two times share one.
std::vector<double> numbers(std::span<const double> times, double interval) {
  std::vector<double> number{0.0};
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double further = std::round((times[i] - times[i - 1]) / interval);
    if (further < 1.0) return {};
    number.push_back(number.back() + further);
  }
  return number;
}

struct Offsets {
  double least;
  double greatest;
  double middle() const { return 0.5 * (least + greatest); }
  double half_width() const { return 0.5 * (greatest - least); }
};

// How far the times lie from a regular axis through the first.
Offsets offsets(std::span<const double> times, const std::vector<double>& number, double interval) {
  Offsets found{0.0, 0.0};
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double off = times[i] - times[0] - number[i] * interval;
    found.least = std::min(found.least, off);
    found.greatest = std::max(found.greatest, off);
  }
  return found;
}

// The mean interval, or the round one that is meant where the times say so within their tolerance.
double round_interval(double mean, double count, double tolerance) {
  for (const double unit : {3600.0, 1800.0, 600.0, 300.0, 60.0, 10.0, 1.0}) {
    const double nearest = std::round(mean / unit) * unit;
    if (nearest > 0.0 && std::abs(mean - nearest) * count <= tolerance) return nearest;
  }
  return mean;
}

// The mean of the spacings that are one interval long; a long gap is many times a small error of
// it.
double spacing_of(std::span<const double> times) {
  const double typical = regular_interval(times);
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double spacing = times[i] - times[i - 1];
    if (std::abs(spacing - typical) > 0.5 * typical) continue;
    sum += spacing;
    ++count;
  }
  return round_interval(sum / count, count, 2.0 * part_off_axis * typical);
}

// The nearest time at which clocks count, not further away than `tolerance`; otherwise itself.
double on_the_clock(double time, double interval, double second_of_day, double tolerance) {
  const bool divides_day = std::fmod(seconds_per_day, interval) == 0.0;
  for (const double unit :
       {divides_day ? interval : 0.0, divides_day ? 0.5 * interval : 0.0, 60.0, 1.0, millisecond}) {
    if (unit == 0.0) continue;
    const double nearest = std::round((time + second_of_day) / unit) * unit - second_of_day;
    if (std::abs(nearest - time) <= tolerance) return nearest;
  }
  return time;
}

} // namespace

std::optional<RegularTimes> regular_times(std::span<const double> times, double second_of_day,
                                          double resolution) {
  if (times.size() < 2) return std::nullopt;
  const double typical = spacing_of(times);
  const std::vector<double> number = numbers(times, typical);
  if (number.empty()) return std::nullopt;
  const double rounding = std::min(resolution + millisecond, surely_nearest * typical);
  const double off_axis = std::max(part_off_axis * typical, rounding);
  const double count = number.back();
  const double interval =
      round_interval((times.back() - times.front()) / count, count, 2.0 * off_axis);

  const Offsets off = offsets(times, number, interval);
  if (off.half_width() > off_axis) return std::nullopt;
  const double off_clock =
      std::max({std::min(part_off_clock * interval, most_off_clock), rounding, off.half_width()});
  const double first = on_the_clock(times[0] + off.middle(), interval, second_of_day, off_clock);

  RegularTimes regular{{}, interval, 0.0};
  for (std::size_t i = 0; i < times.size(); ++i) {
    regular.times.push_back(first + number[i] * interval);
    regular.moved = std::max(regular.moved, std::abs(regular.times.back() - times[i]));
  }
  return regular;
}

std::string irregularity(std::span<const double> times) {
  const double typical = regular_interval(times);
  std::size_t worst = 0;
  double most = -1.0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double number = (times[i] - times[i - 1]) / typical;
    const double off = std::abs(number - std::max(1.0, std::round(number)));
    if (off > most) {
      most = off;
      worst = i;
    }
  }
  return fmt::format("index {} follows {:.6g} s after the one before it, most follow {:.6g} s",
                     worst, times[worst] - times[worst - 1], typical);
}

} // namespace glebe
