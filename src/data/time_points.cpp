// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/time_points.hpp"

#include "glebe/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr double same_time = 1e-3; ///< [s], below which two times are one
constexpr double most_records = 1e8;

// Index of the last entry of `times` that is not after `t`, or -1.
std::ptrdiff_t last_not_after(const std::vector<double>& times, double t) {
  return std::upper_bound(times.begin(), times.end(), t + same_time) - times.begin() - 1;
}

} // namespace

TimeInterval stamped_interval(double time, Stamp stamp, double interval) {
  switch (stamp) {
  case Stamp::start:
    return {time, time + interval};
  case Stamp::middle:
    return {time - 0.5 * interval, time + 0.5 * interval};
  case Stamp::end:
    return {time - interval, time};
  case Stamp::instant:
  case Stamp::of_file: // has been resolved
    break;
  }
  return {time, time};
}

CompletedAxis complete_axis(const std::vector<double>& times, double interval) {
  CompletedAxis axis;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i > 0) {
      const double spacing = times[i] - times[i - 1];
      const double left_out = std::round(spacing / interval) - 1.0;
      if (left_out + static_cast<double>(axis.times.size()) > most_records)
        throw InputError(fmt::format("a gap of {:g} s is {:.3g} intervals of {:g} s: one of its "
                                     "ends, or the interval, must be wrong",
                                     spacing, left_out + 1.0, interval));
      for (double k = 1; k <= left_out; ++k) {
        axis.times.push_back(times[i - 1] + k * spacing / (left_out + 1.0));
        axis.sources.push_back(CompletedAxis::absent);
      }
    }
    axis.times.push_back(times[i]);
    axis.sources.push_back(i);
  }
  return axis;
}

void check_coverage(const ModelTime& time, const std::vector<double>& times, Stamp stamp,
                    double interval, const std::string& where) {
  const TimeInterval first = stamped_interval(times.front(), stamp, interval);
  const TimeInterval last = stamped_interval(times.back(), stamp, interval);
  if (first.begin > same_time || last.end < time.length() - same_time)
    throw InputError(fmt::format("{}: covers {} to {}, the window is {} to {}", where,
                                 time.text(first.begin), time.text(last.end), time.text(0.0),
                                 time.text(time.length())));
}

InputPoint record_at(const std::vector<double>& times, Stamp stamp, double interval, double t) {
  const double before_stamp = -stamped_interval(0.0, stamp, interval).begin;
  const auto last_record = static_cast<std::ptrdiff_t>(times.size()) - 1;
  const std::ptrdiff_t record =
      std::clamp<std::ptrdiff_t>(last_not_after(times, t + before_stamp), 0, last_record);
  double weight = 0.0;
  const auto r = static_cast<std::size_t>(record);
  if (stamp == Stamp::instant && record < last_record)
    weight = std::max(0.0, (t - times[r]) / (times[r + 1] - times[r]));
  return {static_cast<std::int32_t>(record), static_cast<float>(weight)};
}

namespace {

void check_records(const ModelTime& time, const std::vector<double>& times, Stamp stamp,
                   double interval, const std::string& where) {
  check_coverage(time, times, stamp, interval, where);
  if (stamp != Stamp::instant && time.step > interval + same_time)
    throw InputError(fmt::format("{}: means over {} s would be skipped by time steps of {} s; "
                                 "the step must not be longer than the interval",
                                 where, interval, time.step));
}

} // namespace

std::vector<InputPoint> input_points(const ModelTime& time, const std::vector<double>& times,
                                     Stamp stamp, double interval, const std::string& where) {
  check_records(time, times, stamp, interval, where);
  // At the end of a step, a time at which two intervals meet belongs to the one before it.
  const double inside = stamp == Stamp::instant ? 0.0 : 2.0 * same_time;
  std::vector<InputPoint> points(time.n_point());
  for (std::size_t p = 0; p < points.size(); ++p)
    points[p] =
        record_at(times, stamp, interval, time.point(p) - (time.begins_step(p) ? 0.0 : inside));
  return points;
}

std::vector<InputPoint> step_points(const ModelTime& time, const std::vector<double>& times,
                                    Stamp stamp, double interval, const std::string& where,
                                    std::size_t n_hold) {
  check_records(time, times, stamp, interval, where);
  std::vector<InputPoint> points(time.n_step);
  for (std::size_t step = 0; step < points.size(); ++step) {
    const std::size_t first = step - step % n_hold;
    const std::size_t last = std::min(first + n_hold, points.size());
    const double middle = 0.5 * static_cast<double>(first + last);
    points[step] = record_at(times, stamp, interval, time.step * middle);
  }
  return points;
}

} // namespace glebe
