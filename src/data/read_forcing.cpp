// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/config/needed_inputs.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/gaps.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/data/units.hpp"
#include "glebe/physics/laws/saturation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace glebe {

namespace {

// Reads the variables of a run from its files straight into the lanes of the forcing.
class ForcingReader {
public:
  ForcingReader(const Reading& reading, const FileSeries& files)
      : ranks_(reading.ranks), settings_(reading.settings.forcing), time_(reading.time),
        columns_(reading.columns), files_(files), log_(reading.log) {
    interval_ = settings_.interval ? *settings_.interval : regular_interval(files.times());
    select_records();
  }

  std::size_t n_record() const { return axis_.times.size(); }

  Forcing empty(std::vector<Input> rows, std::size_t lanes) const {
    return {std::move(rows), axis_.times,
            input_points(time_, axis_.times, settings_.stamp, interval_, files_.name()),
            columns_.n_local(), lanes};
  }

  // Reads a variable of the files in `unit` to a row of the forcing, complete.
  void read(const std::string& variable, const char* unit, Forcing& forcing, Input input) const {
    const UnitConverter convert = converter(variable, unit);
    const std::size_t n = columns_.n_local();
    set(forcing, input, std::nan(""));
    for (const auto [first, count] : files_.ranges(variable, first_, count_, columns_)) {
      const std::vector<double> found = files_.read(variable, first, count, columns_);
      for (std::size_t c = 0; c < n; ++c) {
        float* series = forcing.series_of(input, c);
        for (std::size_t i = 0; i < count; ++i)
          series[entry_[first - first_ + i] * forcing.stride()] =
              static_cast<float>(convert(found[i * n + c]));
      }
    }
    fill(variable, forcing, input);
  }

  void set(Forcing& forcing, Input input, double value) const {
    for_each(forcing, input,
             [&](float& stored, std::size_t, std::size_t) { stored = static_cast<float>(value); });
  }

  void check_range(Forcing& forcing, Input input) const {
    const InputInfo& known = info(input);
    agree_on_failure(ranks_, [&] {
      for_each(forcing, input, [&](const float& value, std::size_t column, std::size_t i) {
        if (!(value >= known.lower && value <= known.upper))
          throw InputError(fmt::format(
              "{}: &forcing {} = {:.6g} {} at {}, {}: outside {:g} to {:g} {}; check the units",
              files_.name(), known.name, value, known.unit, time_.text(axis_.times[i]),
              columns_.label(column), known.lower, known.upper, known.unit));
      });
    });
  }

  // Calls action(value, column, record) for every value of an input.
  template <class Action>
  void for_each(Forcing& forcing, Input input, Action action) const {
    for (std::size_t c = 0; c < columns_.n_local(); ++c) {
      float* series = forcing.series_of(input, c);
      for (std::size_t i = 0; i < n_record(); ++i) action(series[i * forcing.stride()], c, i);
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
    check_coverage(time_, files_.times(), settings_.stamp, interval_, files_.name());
    const double margin = settings_.max_gap * 3600.0 + 2.0 * interval_;
    const auto& times = files_.times();
    const auto begin = std::lower_bound(times.begin(), times.end(), -margin);
    const auto end = std::upper_bound(begin, times.end(), time_.length() + margin);
    first_ = static_cast<std::size_t>(begin - times.begin());
    count_ = static_cast<std::size_t>(end - begin);
    axis_ = complete_axis({begin, end}, interval_);
    for (std::size_t i = 0; i < axis_.sources.size(); ++i)
      if (axis_.sources[i] != CompletedAxis::absent) entry_.push_back(i);
  }

  void fill(const std::string& variable, Forcing& forcing, Input input) const {
    std::int64_t filled = 0;
    agree_on_failure(ranks_, [&] {
      for (std::size_t c = 0; c < columns_.n_local(); ++c) {
        float* series = forcing.series_of(input, c);
        const GapReport report =
            fill_gaps(axis_.times, series, forcing.stride(), settings_.max_gap * 3600.0, interval_);
        filled += static_cast<std::int64_t>(report.n_filled);
        for (const TimeInterval& gap : report.too_long) {
          if (gap.end < -interval_ || gap.begin > time_.length() + interval_) continue;
          throw InputError(
              fmt::format("{}: missing from {} to {} at {}; gaps up to max_gap = {} h are filled",
                          files_.first_file().where(variable), time_.text(gap.begin),
                          time_.text(gap.end), columns_.label(c), settings_.max_gap));
        }
        hold_outside_window(series, forcing.stride());
      }
    });
    filled = ranks_.sum(filled);
    if (filled > 0) log_.info("forcing {}: {} missing values filled linearly", variable, filled);
  }

  // Records around the window that stay missing are never used; they take a neighbour's value.
  void hold_outside_window(float* series, std::size_t stride) const {
    for (std::size_t i = 1; i < n_record(); ++i)
      if (std::isnan(series[i * stride])) series[i * stride] = series[(i - 1) * stride];
    for (std::size_t i = n_record() - 1; i-- > 0;)
      if (std::isnan(series[i * stride])) series[i * stride] = series[(i + 1) * stride];
  }

  const Ranks& ranks_;
  const ForcingSettings& settings_;
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

// Specific humidity from vapour pressure e and pressure p [Pa].
double specific_humidity(double e, double p) {
  return gas_constant_ratio * e / (p - (1.0 - gas_constant_ratio) * e);
}

// Relative humidity needs temperature and pressure, which have been read before.
void read_humidity(const ForcingReader& reader, const ForcingSettings& settings, Forcing& forcing) {
  const std::string& variable = settings.variable[Input::humidity];
  const bool relative = settings.humidity_kind == HumidityKind::relative;
  if (settings.humidity_kind == HumidityKind::specific)
    return reader.read(variable, "kg kg-1", forcing, Input::humidity);
  reader.read(variable, relative ? "1" : "Pa", forcing, Input::humidity);
  reader.for_each(forcing, Input::humidity, [&](float& value, std::size_t column, std::size_t i) {
    const double T = forcing.series_of(Input::air_temperature, column)[i * forcing.stride()];
    const double p = forcing.series_of(Input::pressure, column)[i * forcing.stride()];
    const double e = relative ? value * saturation_pressure_over_water(T).value : value;
    value = static_cast<float>(specific_humidity(e, p));
  });
}

void read_wind(const ForcingReader& reader, const ForcingSettings& settings, Forcing& forcing) {
  if (!settings.has_wind_components())
    return reader.read(settings.variable[Input::wind], "m s-1", forcing, Input::wind);
  Forcing eastward = reader.empty({Input::wind}, forcing.lanes());
  reader.read(settings.wind_east, "m s-1", eastward, Input::wind);
  reader.read(settings.wind_north, "m s-1", forcing, Input::wind);
  reader.for_each(forcing, Input::wind, [&](float& value, std::size_t column, std::size_t i) {
    value = std::hypot(value, eastward.series_of(Input::wind, column)[i * eastward.stride()]);
  });
}

void read_input(const ForcingReader& reader, const ForcingSettings& settings, Input input,
                Forcing& forcing) {
  if (settings.constant[input])
    reader.set(forcing, input, *settings.constant[input]);
  else if (input == Input::humidity)
    read_humidity(reader, settings, forcing);
  else if (input == Input::wind)
    read_wind(reader, settings, forcing);
  else
    reader.read(settings.variable[input], info(input).unit, forcing, input);
  reader.check_range(forcing, input);
}

Forcing file_forcing(const Reading& reading, const FileSeries& files) {
  const ForcingReader reader(reading, files);
  const ForcingSettings& settings = reading.settings.forcing;
  std::vector<Input> rows = needed_inputs(reading.settings);
  const std::size_t n_row = rows.size() + settings.has_wind_components();
  reading.memory.claim("the forcing", Forcing::bytes(n_row, reader.n_record(),
                                                     reading.columns.n_local(), reading.lanes));
  Forcing forcing = reader.empty(rows, reading.lanes);
  std::ranges::stable_partition(rows, [](Input input) { return input != Input::humidity; });
  for (const Input input : rows) read_input(reader, settings, input, forcing);
  forcing.pad_lanes();
  return forcing;
}

// Half a cosine between sunrise and sunset of every day.
double clear_sky_shortwave(const ForcingSettings& sky, double second_of_day) {
  const double middle = 0.5 * (sky.sunrise + sky.sunset), length = sky.sunset - sky.sunrise;
  const double from_noon = std::fmod(second_of_day, seconds_per_day) / 3600.0 - middle;
  if (std::abs(from_noon) >= 0.5 * length) return 0.0;
  return sky.shortwave_peak * std::cos(std::numbers::pi * from_noon / length);
}

// Everything but shortwave is constant.
Forcing clear_sky_forcing(const Reading& reading) {
  const ForcingSettings& sky = reading.settings.forcing;
  const ModelTime& time = reading.time;
  const std::size_t n_column = reading.columns.n_local();
  const std::vector<Input> rows = needed_inputs(reading.settings);
  reading.memory.claim("the forcing",
                       Forcing::bytes(rows.size(), time.n_point(), n_column, reading.lanes));
  std::vector<double> times(time.n_point());
  std::vector<InputPoint> points(time.n_point());
  for (std::size_t p = 0; p < times.size(); ++p) {
    times[p] = time.point(p);
    points[p] = {static_cast<std::int32_t>(p), 0.0F};
  }
  Forcing forcing(rows, times, points, n_column, reading.lanes);
  for (std::size_t c = 0; c < n_column; ++c)
    for (const Input input : rows)
      for (std::size_t i = 0; i < times.size(); ++i)
        forcing.series_of(input, c)[i * forcing.stride()] =
            static_cast<float>(input == Input::shortwave
                                   ? clear_sky_shortwave(sky, time.start.second_of_day + times[i])
                                   : *sky.constant[input]);
  forcing.pad_lanes();
  return forcing;
}

} // namespace

std::string forcing_reference_variable(const ForcingSettings& settings) {
  for (const Input input : {Input::shortwave, Input::longwave, Input::air_temperature})
    if (!settings.constant[input]) return settings.variable[input];
  return settings.variable[Input::shortwave];
}

Forcing read_forcing(const Reading& reading, const FileSeries* files) {
  return files ? file_forcing(reading, *files) : clear_sky_forcing(reading);
}

} // namespace glebe
