// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/forcing.hpp"
#include "glebe/data/time_axis.hpp"

#include <optional>
#include <vector>

namespace glebe {

/// The records of one input whose middle lies in the window.
struct InputRecords {
  const InputTrack* track;
  Input input;
  bool measured; ///< not a constant or a formula
  Stamp stamp;
  double interval; ///< spacing of the records [s]
  std::size_t first = 0;
  std::vector<TimeInterval> intervals = {}; ///< what the records stand for

  double hours() const { return static_cast<double>(intervals.size()) * interval / 3600.0; }
  /// [record]
  std::vector<double> values(std::size_t column) const;
};

/// The records of an input that the run reads or is given; nothing where it has none.
std::optional<InputRecords> input_records(const Reading& reading, const Forcing& forcing,
                                          Input input);

/// A series at an instant [s], linear between the middles of its intervals, held beyond them.
double value_at(const std::vector<TimeInterval>& intervals, const std::vector<double>& values,
                double time);

} // namespace glebe
