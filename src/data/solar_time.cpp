// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/solar_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace glebe {

namespace {

constexpr double turn = 2.0 * std::numbers::pi;

/// The records of one day, from midnight to midnight by the measurements themselves.
struct Day {
  std::size_t first;
  std::size_t count = 0;
};

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Series and sun of one column.
class ClearDays {
public:
  ClearDays(std::span<const double> shortwave, const SunSeries& sun, double interval,
            const Position& position)
      : shortwave_(shortwave), sun_(sun), position_(position),
        per_day_(static_cast<std::size_t>(std::lround(seconds_per_day / interval))) {}

  std::optional<SolarTimeError> error() const {
    const std::complex<double> whole = wave(0, shortwave_.size());
    if (!(std::abs(whole) > 0.0)) return std::nullopt;
    std::vector<Candidate> candidates;
    const double rough = std::arg(whole);
    for (const Day& day : days(rough))
      if (const auto candidate = examine(day)) candidates.push_back(*candidate);
    double brightest = 0.0;
    for (const Candidate& one : candidates) brightest = std::max(brightest, one.clearness);
    std::vector<double> offsets;
    for (const Candidate& one : candidates)
      if (one.clearness >= nearly_ * brightest) offsets.push_back(one.offset);
    if (offsets.size() < fewest_) return std::nullopt;

    // Angles near half a turn are compared with the first, so that they do not jump by a turn.
    for (double& offset : offsets) offset = near(offset, offsets.front());
    const double offset = median_of(offsets);
    std::vector<double> spread;
    for (const double one : offsets) spread.push_back(std::abs(one - offset));
    if (median_of(spread) > largest_spread_) return std::nullopt;
    if (std::abs(near(rough, offset) - offset) > largest_difference_) return std::nullopt;
    return SolarTimeError{near(offset, 0.0) * hours_per_radian, static_cast<int>(offsets.size())};
  }

private:
  struct Candidate {
    double offset;    ///< [rad]
    double clearness; ///< of what is above the atmosphere
  };
  static constexpr double hours_per_radian = 24.0 / turn;
  static constexpr std::size_t fewest_ = 3; ///< days
  static constexpr double nearly_ = 0.85;   ///< of the brightest day
  static constexpr double largest_spread_ = 0.25 / hours_per_radian;
  static constexpr double largest_difference_ = 0.5 / hours_per_radian; ///< to all days together
  static constexpr double least_clearness_ = 0.4;
  static constexpr double least_light_ = 50.0;      ///< above the atmosphere [W m-2]
  static constexpr double largest_variation_ = 1.1; ///< of the way up and down once
  static constexpr double least_likeness_ = 0.985;  ///< correlation with the sun's height

  static double near(double angle, double other) {
    return angle - turn * std::round((angle - other) / turn);
  }

  // The first harmonic of the day: its argument is where the day's centre is from solar noon.
  std::complex<double> wave(std::size_t first, std::size_t count) const {
    std::complex<double> sum = 0.0;
    for (std::size_t i = first; i < first + count; ++i)
      if (!std::isnan(shortwave_[i]))
        sum += std::polar(1.0, sun_.hour_angle(i, position_.longitude)) * shortwave_[i];
    return sum;
  }

  std::vector<Day> days(double rough) const {
    std::vector<Day> days;
    double last = std::nan("");
    for (std::size_t i = 0; i < shortwave_.size(); ++i) {
      const double angle = sun_.hour_angle(i, position_.longitude) - rough;
      const double number = std::floor(angle / turn + 0.5);
      if (number != last) days.push_back({i});
      ++days.back().count;
      last = number;
    }
    return days;
  }

  std::optional<Candidate> examine(const Day& day) const {
    if (day.count + 1 < per_day_) return std::nullopt;
    double sum = 0.0, light = 0.0, variation = 0.0, least = 1e30, most = -1e30;
    for (std::size_t i = day.first; i < day.first + day.count; ++i) {
      const double value = shortwave_[i];
      if (std::isnan(value)) return std::nullopt;
      sum += value;
      light += sun_.extraterrestrial(i, position_);
      if (i > day.first) variation += std::abs(value - shortwave_[i - 1]);
      least = std::min(least, value);
      most = std::max(most, value);
    }
    if (light < least_light_ * static_cast<double>(day.count)) return std::nullopt;
    if (sum < least_clearness_ * light) return std::nullopt;
    if (variation > largest_variation_ * 2.0 * (most - least)) return std::nullopt;
    const double offset = std::arg(wave(day.first, day.count));
    if (likeness(day, offset) < least_likeness_) return std::nullopt;
    return Candidate{offset, sum / light};
  }

  // The correlation of a day with the height of a sun that is late by `offset`.
  double likeness(const Day& day, double offset) const {
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t i = day.first; i < day.first + day.count; ++i) {
      const double angle = sun_.hour_angle(i, position_.longitude) - offset;
      const double height = std::max(sun_.cos_zenith(i, position_.latitude, angle), 0.0);
      const double value = shortwave_[i];
      n += 1, x += height, y += value;
      xx += height * height, yy += value * value, xy += height * value;
    }
    return (n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y));
  }

  std::span<const double> shortwave_;
  const SunSeries& sun_;
  Position position_;
  std::size_t per_day_;
};

// Where the middle of an interval is from its stamp, in intervals.
double middle_of(Stamp stamp) {
  return stamp == Stamp::start ? 0.5 : stamp == Stamp::end ? -0.5 : 0.0;
}

double hours_apart(double a, double b) { return std::abs(std::remainder(a - b, 24.0)); }

} // namespace

std::optional<SolarTimeError> solar_time_error(std::span<const double> shortwave,
                                               const SunSeries& sun, double interval,
                                               const Position& position) {
  constexpr double longest = 3.0 * 3600.0; // [s] that shows the shape of a day
  if (!position.known() || interval > longest) return std::nullopt;
  return ClearDays(shortwave, sun, interval, position).error();
}

std::string likely_cause(double hours, Stamp stamp, double interval, double longitude) {
  constexpr double close = 1.0 / 6.0; // [h]
  std::string text;
  const auto add = [&](const std::string& cause) { text += (text.empty() ? "" : ", or ") + cause; };
  for (const Stamp other : {Stamp::end, Stamp::start, Stamp::middle}) {
    const double shift = (middle_of(other) - middle_of(stamp)) * interval;
    if (shift != 0.0 && hours_apart(hours, -shift) < std::min(close, interval / 5.0))
      add(fmt::format("the stamps are those of '{}', not '{}'", name_of(other, stamp_names),
                      name_of(stamp, stamp_names)));
  }
  const double zone = std::round(2.0 * hours) / 2.0;
  if (std::abs(hours - zone) < close) {
    const bool local = std::abs(std::remainder(longitude / 15.0 - zone, 24.0)) < 1.5;
    const double correction = std::abs(zone);
    add(fmt::format(
        "{} ({} {:g} {})", local ? "the times are local, not UTC" : "the offset from UTC is wrong",
        zone > 0 ? "subtract" : "add", correction, correction == 1.0 ? "hour" : "hours"));
  }
  if (hours_apart(hours, longitude / 7.5) < close) add("the longitude has the wrong sign");
  return text.empty() ? "the times or the longitude are wrong" : text;
}

} // namespace glebe
