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

#include "lane_blocks.hpp"
#include "record_axis.hpp"

namespace glebe {

/// The group that names input files, what their time stamps stand for, and how long a gap is
/// filled.
struct InputTiming {
  const char* group;
  StampMeaning meaning;
  double max_gap; ///< [h]
};

/// A variable and which of its levels are read, in a unit that the model needs.
struct WantedSeries {
  std::string variable;
  const char* unit;
  std::vector<LevelChoice> levels = {};
  std::string merged = {};     ///< a dimension whose first value that is there is taken
  bool since_midnight = false; ///< an amount summed up since midnight, of which each interval's
                               ///< part is wanted
};

/// A series on its way from files to a row of a track.
struct SeriesOnItsWay {
  WantedSeries wanted;
  InputTrack& track;
  std::size_t row;
  std::vector<FileSeries::RecordRange> ranges;
  std::size_t next; ///< range to be read
  bool complete;    ///< so far, for the columns of this rank
  bool believable;  ///< the same: no value is missing or outside what its input can be
  LastConverter converter;
};

// Reads variables with the same records from files straight into the lanes of a track.
class InputReader {
public:
  /// Of the records of `variable`.
  InputReader(const Reading& reading, const FileSeries& files, const InputTiming& timing,
              const std::string& variable)
      : ranks_(reading.ranks), timing_(timing), time_(reading.time), columns_(reading.columns),
        files_(files), log_(reading.log) {
    check_calendar(variable);
    StampMeaning& meaning = timing_.meaning;
    if (meaning.stamp == Stamp::of_file) meaning.stamp = stamp_of_file(files, variable, time_);
    const double margin = timing_.max_gap * 3600.0 + 2.0 * longest_interval(variable);
    const Records records = select_records(files, variable, meaning, time_, margin,
                                           /* may_be_irregular */ false);
    first_ = records.first;
    interval_ = records.interval;
    count_ = records.times.size();
    check_coverage(time_, records.times, stamp(), interval_, files_.name());
    axis_ = with_location(files_.name(), [&] { return complete_axis(records.times, interval_); });
    for (std::size_t i = 0; i < axis_.sources.size(); ++i)
      if (axis_.sources[i] != CompletedAxis::absent) entry_.push_back(i);
  }

  const FileSeries& files() const { return files_; }
  std::size_t n_record() const { return axis_.times.size(); }
  const std::vector<double>& times() const { return axis_.times; }
  double interval() const { return interval_; }
  Stamp stamp() const { return timing_.meaning.stamp; }
  /// Whether values of two readers have the same records and stand for the same intervals.
  bool has_records_of(const InputReader& other) const {
    return axis_.times == other.axis_.times && interval_ == other.interval_ &&
           stamp() == other.stamp();
  }

  InputTrack empty(std::vector<Input> rows, std::size_t lanes) const {
    return track(std::move(rows), lanes,
                 input_points(time_, axis_.times, stamp(), interval_, files_.name()));
  }

  // The same with the inputs at the middle of every step.
  InputTrack empty_by_step(std::vector<Input> rows, std::size_t lanes, std::size_t n_hold) const {
    return track(std::move(rows), lanes,
                 step_points(time_, axis_.times, stamp(), interval_, files_.name(), n_hold));
  }

  // What the records stand for.
  std::vector<TimeInterval> intervals() const {
    std::vector<TimeInterval> all;
    for (const double time : axis_.times) all.push_back(stamped_interval(time, stamp(), interval_));
    return all;
  }

  // Reads a series to a row of the track, complete. Returns whether check_range() need not look at
  // it any more.
  bool read(const WantedSeries& wanted, InputTrack& track, std::size_t row) const {
    SeriesOnItsWay series = begin(wanted, track, row);
    while (read_next(series)) {
    }
    return complete(series);
  }

  // The same with NaN where values or records are missing.
  void read_records(const WantedSeries& wanted, InputTrack& track, std::size_t row) const {
    SeriesOnItsWay series = begin(wanted, track, row);
    while (read_next(series)) {
    }
    end(series);
  }

  // The same in parts: after begin, read_next until nothing is left, then complete.
  SeriesOnItsWay begin(const WantedSeries& wanted, InputTrack& track, std::size_t row) const {
    const bool complete = entry_.size() == n_record();
    if (!complete) mark_absent(track, row);
    return {wanted, track,    row,      files_.ranges(wanted.variable, first_, count_, columns_),
            0,      complete, complete, {}};
  }
  // The file that read_next will read; nothing at the end.
  std::optional<std::size_t> next_file(const SeriesOnItsWay& series) const {
    if (series.next == series.ranges.size()) return {};
    return series.ranges[series.next].file;
  }
  bool read_next(SeriesOnItsWay& series) const {
    if (series.next == series.ranges.size()) return false;
    const WantedSeries& wanted = series.wanted;
    const FileSeries::RecordRange& range = series.ranges[series.next++];
    const std::string unit = files_.files()[range.file].units(wanted.variable);
    const UnitConverter& convert =
        series.converter.of(unit, [&] { return converter(wanted, range.file, unit); });
    const std::vector<float> found = read_range(wanted, range, convert);
    put_records(series.track, series.row, range, found);
    const bool good = are_believable(found, series);
    series.complete = series.complete && (good || !has_missing(found));
    series.believable = series.believable && good;
    return true;
  }
  bool complete(SeriesOnItsWay& series) const {
    end(series);
    fill(series.wanted, series.track, series.row, series.complete);
    return series.believable;
  }

  // Fills the gaps of a row, unless it is complete.
  void fill(const WantedSeries& wanted, InputTrack& track, std::size_t row,
            bool complete = false) const {
    const std::string which = levels_in_words(wanted.levels);
    std::int64_t filled = 0;
    agree_on_failure(ranks_, [&] {
      if (complete) return;
      for_each_block(track, row, [&](std::size_t column, const float* lanes, auto n) {
        if (!has_missing(lanes, track.stride(), n)) return;
        for (std::size_t lane = 0; lane < n; ++lane)
          filled += fill_column(wanted, which, track, row, column + lane);
      });
    });
    filled = ranks_.sum(filled);
    if (filled > 0)
      log_.info("{} {}{}: {} missing values filled linearly", timing_.group, wanted.variable, which,
                filled);
  }

  void set(InputTrack& track, std::size_t row, double value) const {
    for_each(track, row,
             [&](float& stored, std::size_t, std::size_t) { stored = static_cast<float>(value); });
  }

  // Unless it is known that all values of this rank are `good`.
  void check_range(InputTrack& track, std::size_t row, bool good = false) const {
    const InputInfo& known = info(track.rows()[row]);
    const auto believable = [&](float value) {
      return value >= known.lower && value <= known.upper;
    };
    agree_on_failure(ranks_, [&] {
      if (good) return;
      unsigned wrong = 0;
      for_each_value(track, row, [&](float value, std::size_t, std::size_t) {
        wrong |= static_cast<unsigned>(!believable(value));
      });
      for (std::size_t c = 0; wrong && c < columns_.n_local(); ++c)
        for (std::size_t i = 0; i < n_record(); ++i)
          if (const float value = track.series_of(row, c)[i * track.stride()]; !believable(value))
            throw InputError(fmt::format(
                "{}: &{} {} = {:.6g} {} at {}, {}: outside {:g} to {:g} {}; check the units",
                files_.name(), timing_.group, known.name, value, known.unit,
                time_.text(axis_.times[i]), columns_.label(c), known.lower, known.upper,
                known.unit));
    });
  }

  // Calls action(value, column, record) for every value of a row, in the order of memory.
  template <class Action>
  void for_each(InputTrack& track, std::size_t row, Action action) const {
    for_each_value(track, row, action);
  }

private:
  // What is summed up since midnight becomes something else, of which nothing is known yet.
  void end(SeriesOnItsWay& series) const {
    if (!series.wanted.since_midnight) return;
    take_differences(series.wanted, series.track, series.row);
    series.complete = series.believable = false;
  }

  // Whether a gap, from its first to its last stamp, may be seen in the window. An instant before
  // the window may be one of two between which an input lies in it.
  bool matters(const TimeInterval& gap) const {
    constexpr double same_time = 1e-3; // [s]
    if (stamp() == Stamp::instant)
      return gap.end >= -interval_ && gap.begin <= time_.length() + interval_;
    return stamped_interval(gap.end, stamp(), interval_).end > same_time &&
           stamped_interval(gap.begin, stamp(), interval_).begin < time_.length() - same_time;
  }

  InputTrack track(std::vector<Input> rows, std::size_t lanes,
                   const std::vector<InputPoint>& points) const {
    InputTrack made(std::move(rows), axis_.times, points, columns_.n_local(), lanes);
    made.set_meaning(stamp(), interval_);
    return made;
  }

  void check_calendar(const std::string& variable) const {
    if (!same_dates(files_.calendar(), time_.calendar, time_.start))
      throw InputError(fmt::format(
          "{}: calendar '{}' differs from '{}' of the run", files_.first_file().where(variable),
          calendar_name(files_.calendar()), calendar_name(time_.calendar)));
  }

  double longest_interval(const std::string& variable) const {
    const std::vector<double>& times = files_.times(variable);
    return std::max(timing_.meaning.interval.value_or(0.0),
                    times.size() > 1 ? regular_interval(times) : 0.0);
  }

  // Values [record][column] of a range.
  void put_records(InputTrack& track, std::size_t row, const FileSeries::RecordRange& range,
                   std::span<const float> values) const {
    std::vector<std::size_t> place;
    for (std::size_t i = range.first - first_; place.size() < range.count; ++i)
      place.push_back(entry_[i] * track.stride());
    scatter_lanes(
        values, columns_.n_local(), track.lanes(),
        [&](std::size_t block) { return track.series_of(row, block * track.lanes()); }, place);
  }

  // The records that the files do not have.
  void mark_absent(InputTrack& track, std::size_t row) const {
    for (std::size_t i = 0; i < n_record(); ++i)
      if (axis_.sources[i] == CompletedAxis::absent)
        for_each_block(track, row, [&](std::size_t, float* lanes, auto n) {
          std::fill_n(lanes + i * track.stride(), std::size_t{n}, std::nanf(""));
        });
  }

  static bool has_missing(std::span<const float> values) {
    unsigned missing = 0;
    for (const float value : values) missing |= static_cast<unsigned>(value != value);
    return missing != 0;
  }

  static bool are_believable(std::span<const float> values, const SeriesOnItsWay& series) {
    const InputInfo& known = info(series.track.rows()[series.row]);
    unsigned wrong = 0;
    for (const float value : values)
      wrong |= static_cast<unsigned>(!(value >= known.lower && value <= known.upper));
    return wrong == 0;
  }

  // Whether one of the first n lanes of any record is missing.
  template <class Number>
  bool has_missing(const float* lanes, std::size_t stride, Number n) const {
    unsigned missing = 0;
    for (std::size_t i = 0; i < n_record(); ++i)
      for (std::size_t lane = 0; lane < n; ++lane)
        missing |= static_cast<unsigned>(lanes[i * stride + lane] != lanes[i * stride + lane]);
    return missing != 0;
  }

  // Fills the gaps of one column; returns the number of filled values.
  std::int64_t fill_column(const WantedSeries& wanted, const std::string& which, InputTrack& track,
                           std::size_t row, std::size_t column) const {
    float* series = track.series_of(row, column);
    const GapReport report =
        fill_gaps(axis_.times, series, track.stride(), timing_.max_gap * 3600.0, interval_);
    for (const TimeInterval& gap : report.too_long) {
      if (!matters(gap)) continue;
      throw InputError(
          fmt::format("{}{}: missing from {} to {} at {}; gaps up to max_gap = {} h are filled",
                      files_.first_file().where(wanted.variable), which, time_.text(gap.begin),
                      time_.text(gap.end), columns_.label(column), timing_.max_gap));
    }
    hold_outside_window(series, track.stride());
    return static_cast<std::int64_t>(report.n_filled);
  }

  UnitConverter converter(const WantedSeries& wanted, std::size_t file,
                          const std::string& units) const {
    const bool is_mean = stamp() != Stamp::instant;
    return with_location(files_.files()[file].where(wanted.variable), [&] {
      check_fraction(units, wanted.unit);
      if (wanted.since_midnight && convertible(units, wanted.unit))
        throw InputError(
            fmt::format("the unit is '{}', a flux; needed is an amount since midnight, "
                        "such as J m-2",
                        units));
      return make_converter(units, wanted.unit, is_mean ? interval_ : 0.0);
    });
  }

  std::vector<float> read_range(const WantedSeries& wanted, const FileSeries::RecordRange& range,
                                const UnitConverter& convert) const {
    const auto dimensions = files_.files()[range.file].variable(wanted.variable).dimensions;
    const auto merged = std::ranges::find(dimensions, wanted.merged, &NetcdfFile::Dimension::name);
    if (merged == dimensions.end())
      return files_.read<float>(wanted.variable, range, columns_, wanted.levels, &convert);
    std::vector<float> values;
    for (std::size_t k = 0; k < merged->length; ++k) {
      std::vector<LevelChoice> levels = wanted.levels;
      levels.push_back({wanted.merged, k});
      const std::vector<float> found =
          files_.read<float>(wanted.variable, range, columns_, levels, &convert);
      if (values.empty()) values.assign(found.size(), std::nanf(""));
      for (std::size_t i = 0; i < found.size(); ++i)
        values[i] = std::isnan(values[i]) ? found[i] : values[i];
    }
    return values;
  }

  static std::string levels_in_words(const std::vector<LevelChoice>& levels) {
    std::string words;
    for (const LevelChoice& level : levels)
      words += level.value ? fmt::format(", {} = {}", level.dimension, *level.value)
                           : fmt::format(", {} {}", level.dimension, level.number + 1);
    return words;
  }

  // Whether the interval of a record is the first of its day, with which a sum begins anew.
  bool begins_day(std::size_t record) const {
    const double begin = stamped_interval(axis_.times[record], stamp(), interval_).begin;
    const double into_day = std::remainder(time_.start.second_of_day + begin, seconds_per_day);
    return std::abs(into_day) < 1.0;
  }

  // What was added to a sum since midnight in each interval.
  void take_differences(const WantedSeries& wanted, InputTrack& track, std::size_t row) const {
    constexpr float of_packing = -5.0F; // rounding of packed sums [unit of the input]
    std::vector<char> begins;
    for (std::size_t i = 0; i < n_record(); ++i) begins.push_back(begins_day(i));
    unsigned falling = 0;
    for_each_block(track, row, [&](std::size_t, float* lanes, auto n) {
      for (std::size_t i = n_record(); i-- > 0;)
        for (std::size_t lane = 0; lane < n && !begins[i]; ++lane) {
          float& value = lanes[i * track.stride() + lane];
          value -= i > 0 ? lanes[(i - 1) * track.stride() + lane] : std::nanf("");
          falling |= static_cast<unsigned>(value < of_packing);
          value = value < 0.0F && value >= of_packing ? 0.0F : value;
        }
    });
    agree_on_failure(ranks_, [&] {
      for (std::size_t c = 0; falling && c < columns_.n_local(); ++c)
        for (std::size_t i = n_record(); i-- > 0;)
          if (!begins[i] && track.series_of(row, c)[i * track.stride()] < of_packing)
            throw InputError(fmt::format("{}: falls at {}, {}: is not a sum since midnight",
                                         files_.first_file().where(wanted.variable),
                                         time_.text(axis_.times[i]), columns_.label(c)));
    });
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
