// SPDX-License-Identifier: BSD-3-Clause
#include "input_records.hpp"

#include "glebe/data/time_points.hpp"

#include <algorithm>

namespace glebe {

namespace {

struct Origin {
  bool measured;
  Stamp stamp;
  std::optional<double> interval;
};

Origin origin_of(const Settings& settings, Input input) {
  for (const BoundarySettings& boundary : settings.boundaries)
    if (boundary.input() == input) return {true, boundary.stamp, boundary.interval};
  const ForcingSettings& forcing = settings.forcing;
  const bool modelled = input == Input::longwave && forcing.models_longwave();
  const bool measured =
      forcing.source == ForcingSource::file && !forcing.constant[input] && !modelled;
  return {measured, forcing.stamp, forcing.interval};
}

double middle(const TimeInterval& interval) { return 0.5 * (interval.begin + interval.end); }

} // namespace

std::vector<double> InputRecords::values(std::size_t column) const {
  const float* series = track->series_of(track->row_of(input), column);
  std::vector<double> values(intervals.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = series[(first + i) * track->stride()];
  return values;
}

std::optional<InputRecords> input_records(const Reading& reading, const Forcing& forcing,
                                          Input input) {
  for (const InputTrack& track : forcing.tracks()) {
    const std::vector<double>& times = track.record_times();
    if (track.row_of(input) == track.rows().size() || times.size() < 2) continue;
    const Origin origin = origin_of(reading.settings, input);
    const double spacing = regular_interval(times);
    InputRecords records{&track, input, origin.measured, origin.stamp, spacing};
    for (std::size_t i = 0; i < times.size(); ++i) {
      const TimeInterval interval =
          stamped_interval(times[i], origin.stamp, origin.interval.value_or(spacing));
      if (middle(interval) < 0.0 || middle(interval) > reading.time.length()) continue;
      if (records.intervals.empty()) records.first = i;
      records.intervals.push_back(interval);
    }
    if (!records.intervals.empty()) return records;
  }
  return std::nullopt;
}

double value_at(const std::vector<TimeInterval>& intervals, const std::vector<double>& values,
                double time) {
  const auto next = std::ranges::lower_bound(intervals, time, {}, middle);
  if (next == intervals.begin()) return values.front();
  if (next == intervals.end()) return values.back();
  const auto i = static_cast<std::size_t>(next - intervals.begin());
  const double before = middle(intervals[i - 1]), after = middle(*next);
  return values[i - 1] + (values[i] - values[i - 1]) * (time - before) / (after - before);
}

} // namespace glebe
