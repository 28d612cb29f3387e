// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/memory_budget.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/grid/columns.hpp"
#include "glebe/physics/stream_schedule.hpp"

#include <string>
#include <vector>

namespace glebe {

/// One observation stream in the window: when it observes what, and the values of this rank's
/// columns, [block][observation][lane]. Missing values have an inverse standard deviation of zero.
struct Stream {
  ObservationSettings settings;
  std::vector<double> times;           ///< stamps [s]
  std::vector<TimeInterval> intervals; ///< what each value stands for [s]
  double interval = 0.0;               ///< length of the averaging interval [s], zero for instants
  std::vector<double> value;           ///< in the unit of the kind; NaN where missing
  std::vector<float> inverse_sigma;

  bool has_values() const { return !value.empty() || !settings.file.empty(); }
  bool fitted() const { return has_values() && !settings.withhold; }
  /// The same stream with no values.
  Stream without_values() const { return {settings, times, intervals, interval, {}, {}}; }
  /// Makes room for so many columns, whose values are missing.
  void allocate(std::size_t n_column, std::size_t lanes);
};

/// All streams of a run.
struct Observations {
  std::vector<Stream> streams;
  std::vector<StreamSchedule> schedules; ///< one per stream
  std::size_t lanes = 1;

  std::size_t position(std::size_t stream, std::size_t column, std::size_t observation) const {
    return ((column / lanes) * streams[stream].times.size() + observation) * lanes + column % lanes;
  }
};

/// Which of this rank's columns have a value in a stream that is to be fitted [column].
std::vector<char> columns_with_observations(const Observations& observations, std::size_t n_column);

/// The streams as the files have them, read for the columns of this rank; observations whose
/// interval does not lie within the window are left out. Collective. Throws InputError naming file
/// and variable; also when no stream to be fitted has a value in the window.
Observations read_observations(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                               const Columns& columns, const Soil& soil, std::size_t lanes,
                               MemoryBudget& memory, const Log& log);

/// The streams without values, at every step of the model: instants at its ends, or means over it
/// when the stream's stamp names an interval (whose length, where given, must be whole steps).
/// Throws InputError.
Observations model_streams(const Settings& settings, const ModelTime& time, const Soil& soil);

} // namespace glebe
