// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/forcing.hpp"
#include "glebe/data/time_axis.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The track that has an input; none where the run has no such input.
const InputTrack* find_track(const Forcing& forcing, Input input);

/// Means of an input over given intervals, or its values at instants (intervals of no length), of
/// the course that the model takes between records: linear between instants, held through means.
class InputAverage {
public:
  /// Over the intervals [s] of observations. `track` must outlive the object and have the input.
  InputAverage(const InputTrack& track, Input input, std::span<const TimeInterval> intervals);

  /// Of one column, in the unit of the input; NaN for an interval that the records do not cover
  /// [interval]. Not collective.
  std::vector<double> of(std::size_t column) const;

private:
  struct Share {
    std::size_t record;
    double weight;
  };
  std::vector<Share> shares_of(const TimeInterval& interval) const;
  TimeInterval piece(std::size_t i) const;
  std::size_t n_piece() const;

  const InputTrack& track_;
  std::size_t row_;
  std::vector<std::vector<Share>> shares_; ///< [interval]
};

} // namespace glebe
