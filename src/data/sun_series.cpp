// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/sun_series.hpp"

namespace glebe {

namespace {

// The part of its year that has passed at an instant.
double year_part(Calendar calendar, const DateTime& instant) {
  const auto first = static_cast<double>(day_number(calendar, instant.year, 1, 1));
  const auto next = static_cast<double>(day_number(calendar, instant.year + 1, 1, 1));
  const auto day =
      static_cast<double>(day_number(calendar, instant.year, instant.month, instant.day));
  return (day - first + instant.second_of_day / seconds_per_day) / (next - first);
}

} // namespace

SunSeries::SunSeries(const ModelTime& time, std::span<const TimeInterval> intervals) {
  for (const auto& [begin, end] : intervals) {
    const double middle = 0.5 * (begin + end);
    const DateTime instant = add_seconds(time.calendar, time.start, middle);
    sun_.push_back(sun_at(year_part(time.calendar, instant)));
    middle_.push_back(time.start.second_of_day + middle);
    length_.push_back(end - begin);
  }
}

double SunSeries::extraterrestrial(std::size_t i, const Position& position) const {
  constexpr double longest = 1200.0; // [s] that one angle stands for
  const auto n = static_cast<int>(std::ceil(length_[i] / longest));
  if (n <= 1) return glebe::extraterrestrial(sun_[i], cos_zenith(i, position));
  double sum = 0.0;
  for (int k = 0; k < n; ++k) {
    const double second = middle_[i] + length_[i] * ((k + 0.5) / n - 0.5);
    const double angle = glebe::hour_angle(sun_[i], second, position.longitude);
    sum += glebe::extraterrestrial(sun_[i], cos_zenith(i, position.latitude, angle));
  }
  return sum / n;
}

} // namespace glebe
