// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/input_average.hpp"

#include "glebe/data/time_points.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace glebe {

const InputTrack* find_track(const Forcing& forcing, Input input) {
  for (const InputTrack& track : forcing.tracks())
    if (track.row_of(input) < track.rows().size()) return &track;
  return nullptr;
}

InputAverage::InputAverage(const InputTrack& track, Input input,
                           std::span<const TimeInterval> intervals)
    : track_(track), row_(track.row_of(input)) {
  for (const TimeInterval& interval : intervals) shares_.push_back(shares_of(interval));
}

// The course is made of pieces: the intervals of means, or what lies between two instants.
TimeInterval InputAverage::piece(std::size_t i) const {
  const std::vector<double>& times = track_.record_times();
  if (track_.stamp() == Stamp::instant) return {times[i], times[i + 1]};
  return stamped_interval(times[i], track_.stamp(), track_.interval());
}

std::size_t InputAverage::n_piece() const {
  return track_.stamp() == Stamp::instant ? track_.n_record() - 1 : track_.n_record();
}

// Where two pieces meet, an instant belongs to the earlier one, which the model's step ends in.
std::vector<InputAverage::Share> InputAverage::shares_of(const TimeInterval& interval) const {
  constexpr double same_time = 1e-3; // [s], to which times are rounded
  const double length = interval.end - interval.begin;
  const bool instant = length <= 0.0;
  std::vector<Share> shares;
  double covered = 0.0;
  const auto add = [&](std::size_t record, double weight) {
    if (weight > 0.0) shares.push_back({record, weight});
  };
  const auto numbers = std::views::iota(std::size_t{0}, n_piece());
  const auto first = std::ranges::lower_bound(numbers, interval.begin - same_time, {},
                                              [&](std::size_t i) { return piece(i).end; });
  for (auto i = first; i != numbers.end(); ++i) {
    const TimeInterval part = piece(*i);
    if (part.begin > interval.end + same_time) break;
    const double begin = std::max(part.begin, interval.begin);
    const double end = std::min(part.end, interval.end);
    const double weight = instant ? 1.0 : std::max(0.0, end - begin);
    const double towards_next =
        track_.stamp() != Stamp::instant
            ? 0.0
            : std::clamp((0.5 * (begin + end) - part.begin) / (part.end - part.begin), 0.0, 1.0);
    add(*i, weight * (1.0 - towards_next));
    add(*i + 1, weight * towards_next);
    covered += weight;
    if (instant) break;
  }
  if (covered <= 0.0 || covered < length - 2.0 * same_time) return {};
  for (Share& share : shares) share.weight /= covered;
  return shares;
}

std::vector<double> InputAverage::of(std::size_t column) const {
  const float* series = track_.series_of(row_, column);
  std::vector<double> values;
  for (const std::vector<Share>& shares : shares_) {
    double sum = shares.empty() ? std::nan("") : 0.0;
    for (const Share& share : shares)
      sum += share.weight * double(series[share.record * track_.stride()]);
    values.push_back(sum);
  }
  return values;
}

} // namespace glebe
