// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/large_array.hpp"
#include "glebe/data/reading.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/physics/stream_schedule.hpp"

#include <string>
#include <vector>

namespace glebe {

/// One observation stream in the window: its times, and the values of this rank's columns,
/// [block][observation][lane]. Missing values have an inverse standard deviation of zero.
struct Stream {
  ObservationSettings settings;
  std::vector<double> times;           ///< stamps [s]
  std::vector<TimeInterval> intervals; ///< interval of each value [s]
  double interval = 0.0;               ///< length of the averaging interval [s], zero for instants
  LargeArray<double> value;            ///< in the unit of the kind; NaN where missing
  LargeArray<float> inverse_sigma;

  bool has_values() const { return !value.empty() || !settings.file.empty(); }
  bool fitted() const { return has_values() && !settings.withhold; }
  /// Whether it is fitted with errors that have a memory, known or to be found.
  bool has_lasting_errors() const { return fitted() && settings.error_memory.any(); }
  /// The time scale on which its errors are correlated [s]; zero: independent, or not known yet.
  double error_memory() const { return 3600.0 * settings.error_memory.hours; }
  /// The time that a value stands for [s].
  double middle(std::size_t observation) const {
    return 0.5 * (intervals[observation].begin + intervals[observation].end);
  }
  /// The same stream with no values.
  Stream without_values() const { return {settings, times, intervals, interval, {}, {}}; }
  /// Allocates the values of `n_column` columns, all missing.
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

class InputFiles;

/// Which of this rank's columns have a value in a stream that is to be fitted [column].
std::vector<char> columns_with_observations(const Observations& observations, std::size_t n_column);

/// Reads the streams from their files for the columns of this rank. Observations whose interval is
/// not within the window are left out. Collective. Throws InputError with file and variable, also
/// when no stream to be fitted has a value in the window.
Observations read_observations(const Reading& reading, const Soil& soil, InputFiles& files);

/// The streams without values, at every step of the model: instants at the ends of steps, or means
/// when the stream's stamp refers to an interval, over one step or over the given interval, which
/// must be a whole number of steps. Throws InputError.
Observations model_streams(const Settings& settings, const ModelTime& time, const Soil& soil);

} // namespace glebe
