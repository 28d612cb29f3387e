// SPDX-License-Identifier: BSD-3-Clause
#include "input_records.hpp"

#include "glebe/data/time_points.hpp"

#include <algorithm>

namespace glebe {

namespace {

// Whether an input comes from files, not from a constant or a formula.
bool is_measured(const Settings& settings, Input input) {
  if (info(input).group == InputGroup::boundary) return true;
  const ForcingSettings& forcing = settings.forcing;
  const bool modelled = input == Input::longwave && forcing.models_longwave();
  return forcing.source == ForcingSource::file && !forcing.constant[input] && !modelled;
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
    const bool measured = is_measured(reading.settings, input);
    InputRecords records{&track, input, measured, track.stamp(), regular_interval(times)};
    for (std::size_t i = 0; i < times.size(); ++i) {
      const TimeInterval interval = stamped_interval(times[i], track.stamp(), track.interval());
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
