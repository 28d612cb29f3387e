// SPDX-License-Identifier: BSD-3-Clause
// A block of lanes and a few columns more, all with the same soil and similar weather, with what
// was observed in them: with gaps, outliers under Huber's loss, errors with a memory, a stream held
// back.
#pragma once

#include "glebe/base/random.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <cmath>

#include "full_case.hpp"

namespace glebe::test {

/// Uniform between -1 and 1.
inline double random_part(std::uint64_t what, std::size_t a, std::size_t b = 0) {
  return 2.0 * random_uniform({what, a, b}) - 1.0;
}

/// The errors of the streams: those with an even number may have Huber's loss, those with an odd
/// one a memory, each another one.
struct ErrorsOfStreams {
  bool huber = true;
  bool memory = false;
};

/// Whether some parameters are tied to others, and ratios stand in their place.
enum class Tied { no, yes };

class ObservedColumns {
public:
  static constexpr std::size_t n_column = Lanes::size() + 3;

  ObservedColumns(Initial initial, ErrorsOfStreams errors, Tied tied = Tied::no)
      : column(make_case(Scheme::sdirk2, Bottom::temperature, initial,
                         {Longwave::absorbed, Turbulence::humidity})),
        true_values(varied(column, tied)), schedule(schedule_of(column, tied)),
        time{Calendar::standard, {.year = 2001}, column.form.dt, column.n_step, Scheme::sdirk2},
        forcing(make_forcing()), observations(make_observations(errors)),
        all(directions_of(column, tied)), columns(all_columns(n_column)),
        values(values_near_truth(0.05)) {}
  ObservedColumns(const ObservedColumns&) = delete;
  ObservedColumns& operator=(const ObservedColumns&) = delete;

  ColumnProblem problem() const {
    return {column.form, column.spin_up, column.grid, schedule, time, forcing, observations};
  }
  std::size_t n_value() const { return schedule.n_value(); }

  ColumnCase column;
  const std::vector<double> true_values;
  const ParameterSchedule schedule;
  const ModelTime time;
  const Forcing forcing;
  const Observations observations;
  const AllDirections all;
  const std::vector<std::size_t> columns;
  const DenseMatrix values; ///< [column][n_value]

private:
  static std::vector<double> varied(ColumnCase& column, Tied tied) {
    std::vector<double> result = truth(column);
    vary(column, result);
    if (tied == Tied::no) return result;
    const ParameterSchedule schedule = column.schedule();
    result[schedule.layout.position(Parameter::longwave_bias)] = 50.0;
    result[schedule.layout.position(Parameter::heat_transfer_wind)] = 0.4;
    const VaryingSlot& transfer = *schedule.find({Parameter::heat_transfer});
    for (std::size_t j = 0; j < transfer.n_knot; ++j)
      result[transfer.first + j] = 4.0 + 0.5 * static_cast<double>(j);
    return result;
  }

  // A chain: a ratio that varies in time to a constant ratio to a constant; a constant ratio to a
  // parameter that varies; and a knot that is the same as the one before.
  static ParameterSchedule schedule_of(const ColumnCase& column, Tied tied) {
    ParameterSchedule schedule = column.schedule();
    if (tied == Tied::no) return schedule;
    const auto position = [&](Parameter parameter) { return schedule.layout.position(parameter); };
    const std::size_t wind = position(Parameter::heat_transfer_wind);
    schedule.ties.push_back({wind, position(Parameter::latent_transfer), wind});
    const VaryingSlot& transfer = *schedule.find({Parameter::heat_transfer});
    for (std::size_t j = 0; j < transfer.n_knot; ++j)
      schedule.ties.push_back({transfer.first + j, wind, transfer.first + j});
    const VaryingSlot& bias = *schedule.find({Parameter::longwave_bias});
    const VaryingSlot& albedo = *schedule.find({Parameter::albedo});
    for (std::size_t j = 0; j < bias.n_knot; ++j)
      schedule.ties.push_back(
          {bias.first + j, albedo.first + j, position(Parameter::longwave_bias)});
    const VaryingSlot& capacity = *schedule.find({Parameter::heat_capacity, 1});
    schedule.ties.push_back({capacity.first + 1, capacity.first, Tie::same});
    return schedule;
  }

  // A constant ratio to a parameter that varies is not among the knots.
  static AllDirections directions_of(const ColumnCase& column, Tied tied) {
    AllDirections all = all_directions(column);
    if (tied == Tied::no) return all;
    all.direction.push_back({{Parameter::longwave_bias}});
    all.value.push_back(column.schedule().layout.position(Parameter::longwave_bias));
    return all;
  }

  // Temperatures are off by as many hundredths of 1 K.
  DenseMatrix values_near_truth(double spread) const {
    DenseMatrix result(n_column, true_values.size());
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t k = 0; k < true_values.size(); ++k) {
        const bool temperature = true_values[k] > 200.0 && true_values[k] < 400.0;
        result(Eigen::Index(c), Eigen::Index(k)) =
            true_values[k] * (1.0 + spread * (temperature ? 0.01 : 1.0) * random_part(1, c, k));
      }
    return result;
  }

  Forcing make_forcing() const {
    const std::size_t n_input = column.inputs.size(), n = column.records.size() / n_input;
    std::vector<double> times(n);
    for (std::size_t i = 0; i < n; ++i) times[i] = 3600.0 * static_cast<double>(i);
    InputTrack result(column.inputs, times, column.points, n_column, Lanes::size());
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t v = 0; v < n_input; ++v)
        for (std::size_t i = 0; i < n; ++i)
          result.series_of(v, c)[i * result.stride()] = static_cast<float>(
              column.records[i * n_input + v] * (1.0 + 0.01 * random_part(2, c, v)));
    result.pad_lanes();
    return Forcing({std::move(result)});
  }

  // An instant within a step, or the mean over the steps of its pieces.
  std::vector<TimeInterval> intervals_of(const StreamSchedule& stream) const {
    std::vector<TimeInterval> result(stream.n_observation, {1e30, 0.0});
    for (const ObservationPiece& piece : stream.pieces) {
      TimeInterval& interval = result[std::size_t(piece.observation)];
      const bool mean = piece.mean > 0.0;
      interval.begin =
          std::min(interval.begin, time.step * (piece.step + (mean ? 0.0 : piece.end)));
      interval.end = time.step * (piece.step + (mean ? 1.0 : piece.end));
    }
    return result;
  }

  Observations make_observations(ErrorsOfStreams errors) const {
    Observations result;
    result.lanes = Lanes::size();
    result.schedules = column.streams;
    for (std::size_t s = 0; s < column.streams.size(); ++s) {
      Stream stream;
      stream.settings.kind = column.streams[s].op.kind;
      stream.settings.loss = errors.huber && s % 2 == 0 ? Loss::huber : Loss::gaussian;
      stream.settings.error_memory.hours =
          errors.memory && s % 2 == 1 ? 2.0 + static_cast<double>(s) : 0.0;
      stream.settings.withhold = s == 3;
      stream.intervals = intervals_of(column.streams[s]);
      for (const TimeInterval& interval : stream.intervals) stream.times.push_back(interval.end);
      result.streams.push_back(std::move(stream));
    }
    const ColumnProblem twin{column.form, column.spin_up, column.grid, schedule,
                             time,        forcing,        result};
    const Series series = simulate_series(twin, values_near_truth(0.0));
    for (std::size_t s = 0; s < series.size(); ++s) observe(series[s], s, result);
    return result;
  }

  // With errors of a hundredth of the range, of which some are ten times as large, and gaps.
  static void observe(const DenseMatrix& series, std::size_t s, Observations& all_streams) {
    Stream& stream = all_streams.streams[s];
    const double sigma = 0.01 * (series.maxCoeff() - series.minCoeff()) + 1e-3;
    const std::size_t padded = (n_column + Lanes::size() - 1) / Lanes::size() * Lanes::size();
    stream.value.assign(padded * stream.times.size(), std::nan(""));
    stream.inverse_sigma.assign(stream.value.size(), 0.0F);
    for (std::size_t k = 0; k < stream.times.size(); ++k)
      for (std::size_t c = 0; c < n_column; ++c) {
        if (random_uniform({3, s, c, k}) < 0.1) continue;
        const double error =
            sigma * random_part(4, c, k) * (random_uniform({5, s, c, k}) < 0.2 ? 10 : 1);
        const std::size_t position = all_streams.position(s, c, k);
        stream.value[position] = series(Eigen::Index(k), Eigen::Index(c)) + error;
        stream.inverse_sigma[position] = static_cast<float>(1.0 / sigma);
      }
  }
};

} // namespace glebe::test
