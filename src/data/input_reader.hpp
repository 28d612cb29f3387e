// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/gaps.hpp"
#include "glebe/data/input_track.hpp"
#include "glebe/data/reading.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

/// The group that names input files, what their time stamps stand for, and how long a gap is
/// filled.
struct InputTiming {
  const char* group;
  Stamp stamp;
  std::optional<double> interval; ///< [s]; the spacing of the records unless given
  double max_gap;                 ///< [h]
};

// Reads the variables of a run from its files straight into the lanes of the track.
class InputReader {
public:
  InputReader(const Reading& reading, const FileSeries& files, const InputTiming& timing)
      : ranks_(reading.ranks), timing_(timing), time_(reading.time), columns_(reading.columns),
        files_(files), log_(reading.log) {
    interval_ = timing_.interval ? *timing_.interval : regular_interval(files.times());
    select_records();
  }

  std::size_t n_record() const { return axis_.times.size(); }

  InputTrack empty(std::vector<Input> rows, std::size_t lanes) const {
    return {std::move(rows), axis_.times,
            input_points(time_, axis_.times, timing_.stamp, interval_, files_.name()),
            columns_.n_local(), lanes};
  }

  // The same with the inputs at the middle of every step.
  InputTrack empty_by_step(std::vector<Input> rows, std::size_t lanes) const {
    return {std::move(rows), axis_.times,
            step_points(time_, axis_.times, timing_.stamp, interval_, files_.name()),
            columns_.n_local(), lanes};
  }

  // Reads a variable of the files in `unit` to a row of the track, complete.
  void read(const std::string& variable, const char* unit, InputTrack& track, Input input) const {
    read(variable, unit, track, track.row_of(input));
  }
  void read(const std::string& variable, const char* unit, InputTrack& track, std::size_t row,
            const std::optional<Level>& level = {}) const {
    read_records(variable, unit, track, row, level);
    const std::string which =
        level ? fmt::format(", {} {}", level->dimension, level->number + 1) : std::string();
    fill(variable, which, track, row);
  }

  // The same with NaN where values or records are missing.
  void read_records(const std::string& variable, const char* unit, InputTrack& track,
                    std::size_t row, const std::optional<Level>& level = {}) const {
    const UnitConverter convert = converter(variable, unit);
    const std::size_t n = columns_.n_local();
    set(track, row, std::nan(""));
    for (const auto [first, count] : files_.ranges(variable, first_, count_, columns_)) {
      const std::vector<double> found = files_.read(variable, first, count, columns_, level);
      for (std::size_t c = 0; c < n; ++c) {
        float* series = track.series_of(row, c);
        for (std::size_t i = 0; i < count; ++i)
          series[entry_[first - first_ + i] * track.stride()] =
              static_cast<float>(convert(found[i * n + c]));
      }
    }
  }

  // Fills the gaps of a row. `which`: the level of the variable, for messages.
  void fill(const std::string& variable, const std::string& which, InputTrack& track,
            std::size_t row) const {
    std::int64_t filled = 0;
    agree_on_failure(ranks_, [&] {
      for (std::size_t c = 0; c < columns_.n_local(); ++c) {
        float* series = track.series_of(row, c);
        const GapReport report =
            fill_gaps(axis_.times, series, track.stride(), timing_.max_gap * 3600.0, interval_);
        filled += static_cast<std::int64_t>(report.n_filled);
        for (const TimeInterval& gap : report.too_long) {
          if (gap.end < -interval_ || gap.begin > time_.length() + interval_) continue;
          throw InputError(
              fmt::format("{}{}: missing from {} to {} at {}; gaps up to max_gap = {} h are filled",
                          files_.first_file().where(variable), which, time_.text(gap.begin),
                          time_.text(gap.end), columns_.label(c), timing_.max_gap));
        }
        hold_outside_window(series, track.stride());
      }
    });
    filled = ranks_.sum(filled);
    if (filled > 0)
      log_.info("{} {}{}: {} missing values filled linearly", timing_.group, variable, which,
                filled);
  }

  void set(InputTrack& track, std::size_t row, double value) const {
    for_each(track, row,
             [&](float& stored, std::size_t, std::size_t) { stored = static_cast<float>(value); });
  }

  void check_range(InputTrack& track, std::size_t row) const {
    const InputInfo& known = info(track.rows()[row]);
    agree_on_failure(ranks_, [&] {
      for_each(track, row, [&](const float& value, std::size_t column, std::size_t i) {
        if (!(value >= known.lower && value <= known.upper))
          throw InputError(fmt::format(
              "{}: &{} {} = {:.6g} {} at {}, {}: outside {:g} to {:g} {}; check the units",
              files_.name(), timing_.group, known.name, value, known.unit,
              time_.text(axis_.times[i]), columns_.label(column), known.lower, known.upper,
              known.unit));
      });
    });
  }

  // Calls action(value, column, record) for every value of a row.
  template <class Action>
  void for_each(InputTrack& track, std::size_t row, Action action) const {
    for (std::size_t c = 0; c < columns_.n_local(); ++c) {
      float* series = track.series_of(row, c);
      for (std::size_t i = 0; i < n_record(); ++i) action(series[i * track.stride()], c, i);
    }
  }

private:
  UnitConverter converter(const std::string& variable, const char* unit) const {
    try {
      return make_converter(files_.units(variable), unit, interval_);
    } catch (const InputError& error) {
      throw InputError(
          fmt::format("{}: {}", files_.first_file().where(variable), error.problems().front()));
    }
  }

  // The records of the window and as many around it as may help to fill a gap at its ends.
  void select_records() {
    check_coverage(time_, files_.times(), timing_.stamp, interval_, files_.name());
    const double margin = timing_.max_gap * 3600.0 + 2.0 * interval_;
    const auto& times = files_.times();
    const auto begin = std::lower_bound(times.begin(), times.end(), -margin);
    const auto end = std::upper_bound(begin, times.end(), time_.length() + margin);
    first_ = static_cast<std::size_t>(begin - times.begin());
    count_ = static_cast<std::size_t>(end - begin);
    axis_ = complete_axis({begin, end}, interval_);
    for (std::size_t i = 0; i < axis_.sources.size(); ++i)
      if (axis_.sources[i] != CompletedAxis::absent) entry_.push_back(i);
  }

  // Records around the window that stay missing are never used; they take a neighbour's value.
  void hold_outside_window(float* series, std::size_t stride) const {
    for (std::size_t i = 1; i < n_record(); ++i)
      if (std::isnan(series[i * stride])) series[i * stride] = series[(i - 1) * stride];
    for (std::size_t i = n_record() - 1; i-- > 0;)
      if (std::isnan(series[i * stride])) series[i * stride] = series[(i + 1) * stride];
  }

  const Ranks& ranks_;
  InputTiming timing_;
  const ModelTime& time_;
  const Columns& columns_;
  const FileSeries& files_;
  const Log& log_;
  double interval_ = 0.0;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  CompletedAxis axis_;
  std::vector<std::size_t> entry_; ///< of the axis, for each record read
};

} // namespace glebe
