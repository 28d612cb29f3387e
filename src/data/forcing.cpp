// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/forcing.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/gaps.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/data/units.hpp"
#include "glebe/physics/laws/saturation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace glebe {

Forcing::Forcing(std::vector<double> record_times, std::vector<ForcingPoint> points,
                 std::size_t n_column, std::size_t lanes)
    : record_times_(std::move(record_times)), points_(std::move(points)), n_column_(n_column),
      lanes_(lanes), values_((n_column + lanes - 1) / lanes * lanes * record_times_.size() *
                             forcing_variable_count) {}

float* Forcing::series_of(std::size_t variable, std::size_t column) {
  const std::size_t block = column / lanes_, lane = column % lanes_;
  return values_.data() + (block * n_record() * forcing_variable_count + variable) * lanes_ + lane;
}

void Forcing::pad_lanes() {
  if (n_column_ == 0) return;
  const std::size_t padded = (n_column_ + lanes_ - 1) / lanes_ * lanes_;
  for (std::size_t variable = 0; variable < forcing_variable_count; ++variable)
    for (std::size_t column = n_column_; column < padded; ++column) {
      const float* last = series_of(variable, n_column_ - 1);
      float* lane = series_of(variable, column);
      for (std::size_t i = 0; i < n_record(); ++i) lane[i * stride()] = last[i * stride()];
    }
}

Forcing Forcing::of_column(std::size_t column) const {
  Forcing one(record_times_, points_, 1, 1);
  const float* values =
      values_.data() + column / lanes_ * n_record() * forcing_variable_count * lanes_;
  for (std::size_t i = 0; i < one.values_.size(); ++i)
    one.values_[i] = values[i * lanes_ + column % lanes_];
  return one;
}

Forcing Forcing::of_columns(std::span<const std::size_t> columns) const {
  Forcing many(record_times_, points_, columns.size(), lanes_);
  const std::size_t n_row = n_record() * forcing_variable_count;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t from = columns[i] / lanes_ * n_row * lanes_ + columns[i] % lanes_;
    const std::size_t to = i / lanes_ * n_row * lanes_ + i % lanes_;
    for (std::size_t row = 0; row < n_row; ++row)
      many.values_[to + row * lanes_] = values_[from + row * lanes_];
  }
  many.pad_lanes();
  return many;
}

namespace {

// What the forcing consists of, in the order of SurfaceForcing, with the range in which a value
// is believable: outside it, units or fill values are wrong.
struct ForcingVariable {
  const char* key;
  const char* unit;
  std::string ForcingSettings::*variable;
  std::optional<double> ForcingSettings::*constant;
  double lower;
  double upper;
};

constexpr std::size_t shortwave = 0, longwave = 1, air_temperature = 2, humidity = 3, pressure = 4,
                      wind = 5;
const std::array<ForcingVariable, forcing_variable_count> variables{{
    {"shortwave", "W m-2", &ForcingSettings::shortwave, nullptr, -50, 2000},
    {"longwave", "W m-2", &ForcingSettings::longwave, &ForcingSettings::longwave_constant, 0, 1000},
    {"air_temperature", "K", &ForcingSettings::air_temperature,
     &ForcingSettings::air_temperature_constant, 150, 350},
    {"humidity", "kg kg-1", &ForcingSettings::humidity, &ForcingSettings::humidity_constant, -1e-4,
     0.1},
    {"pressure", "Pa", &ForcingSettings::pressure, &ForcingSettings::pressure_constant, 2e4, 1.2e5},
    {"wind", "m s-1", &ForcingSettings::wind, &ForcingSettings::wind_constant, 0, 150},
}};

bool uses_humidity(const Settings& settings) {
  return settings.surface.turbulence == Turbulence::humidity;
}

bool uses_wind(const Settings& settings) {
  return std::any_of(settings.parameters.begin(), settings.parameters.end(),
                     [](const auto& p) { return p.name == Parameter::heat_transfer_wind; });
}

std::optional<double> constant_of(const ForcingSettings& settings, std::size_t v) {
  return variables[v].constant ? settings.*variables[v].constant : std::nullopt;
}

// Reads the variables of a run from its files straight into the lanes of the forcing.
class ForcingReader {
public:
  ForcingReader(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                const Columns& columns, const FileSeries& files, const Log& log)
      : ranks_(ranks), settings_(settings.forcing), time_(time), columns_(columns), files_(files),
        log_(log) {
    interval_ = settings_.interval ? *settings_.interval : regular_interval(files.times());
    select_records();
  }

  std::size_t n_record() const { return axis_.times.size(); }

  Forcing empty(std::size_t lanes) const {
    return {axis_.times,
            forcing_points(time_, axis_.times, settings_.stamp, interval_, files_.name()),
            columns_.n_local(), lanes};
  }

  // Reads a variable of the files in `unit` to variable v of the forcing, complete.
  void read(const std::string& variable, const char* unit, Forcing& forcing, std::size_t v) const {
    const UnitConverter convert = converter(variable, unit);
    const std::size_t n = columns_.n_local();
    set(forcing, v, std::nan(""));
    for (const auto [first, count] : files_.ranges(variable, first_, count_, columns_)) {
      const std::vector<double> found = files_.read(variable, first, count, columns_);
      for (std::size_t c = 0; c < n; ++c) {
        float* series = forcing.series_of(v, c);
        for (std::size_t i = 0; i < count; ++i)
          series[entry_[first - first_ + i] * forcing.stride()] =
              static_cast<float>(convert(found[i * n + c]));
      }
    }
    fill(variable, forcing, v);
  }

  void set(Forcing& forcing, std::size_t v, double value) const {
    for_each(forcing, v,
             [&](float& stored, std::size_t, std::size_t) { stored = static_cast<float>(value); });
  }

  void check_range(Forcing& forcing, std::size_t v) const {
    const ForcingVariable& variable = variables[v];
    agree_on_failure(ranks_, [&] {
      for_each(forcing, v, [&](const float& value, std::size_t column, std::size_t i) {
        if (!(value >= variable.lower && value <= variable.upper))
          throw InputError(fmt::format(
              "{}: &forcing {} = {:.6g} {} at {}, {}: outside {:g} to {:g} {}; check the units",
              files_.name(), variable.key, value, variable.unit, time_.text(axis_.times[i]),
              columns_.label(column), variable.lower, variable.upper, variable.unit));
      });
    });
  }

  // Calls action(value, column, record) for every value of a variable.
  template <class Action>
  void for_each(Forcing& forcing, std::size_t v, Action action) const {
    for (std::size_t c = 0; c < columns_.n_local(); ++c) {
      float* series = forcing.series_of(v, c);
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

  void fill(const std::string& variable, Forcing& forcing, std::size_t v) const {
    std::int64_t filled = 0;
    agree_on_failure(ranks_, [&] {
      for (std::size_t c = 0; c < columns_.n_local(); ++c) {
        float* series = forcing.series_of(v, c);
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

void read_humidity(const ForcingReader& reader, const ForcingSettings& settings, Forcing& forcing) {
  const bool relative = settings.humidity_kind == HumidityKind::relative;
  if (settings.humidity_kind == HumidityKind::specific)
    return reader.read(settings.humidity, "kg kg-1", forcing, humidity);
  reader.read(settings.humidity, relative ? "1" : "Pa", forcing, humidity);
  reader.for_each(forcing, humidity, [&](float& value, std::size_t column, std::size_t i) {
    const double T = forcing.series_of(air_temperature, column)[i * forcing.stride()];
    const double p = forcing.series_of(pressure, column)[i * forcing.stride()];
    const double e = relative ? value * saturation_pressure_over_water(T).value : value;
    value = static_cast<float>(specific_humidity(e, p));
  });
}

// The eastward component goes where the northward one joins it; humidity is not there yet.
void read_wind(const ForcingReader& reader, const ForcingSettings& settings, Forcing& forcing) {
  if (settings.wind_east.empty()) return reader.read(settings.wind, "m s-1", forcing, wind);
  reader.read(settings.wind_east, "m s-1", forcing, humidity);
  reader.read(settings.wind_north, "m s-1", forcing, wind);
  reader.for_each(forcing, wind, [&](float& value, std::size_t column, std::size_t i) {
    value = std::hypot(value, forcing.series_of(humidity, column)[i * forcing.stride()]);
  });
}

Forcing file_forcing(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                     const Columns& columns, const FileSeries& files, std::size_t lanes,
                     MemoryBudget& memory, const Log& log) {
  const ForcingReader reader(ranks, settings, time, columns, files, log);
  memory.claim("the forcing", Forcing::bytes(reader.n_record(), columns.n_local(), lanes));
  Forcing forcing = reader.empty(lanes);
  // Humidity comes last: relative humidity needs temperature and pressure.
  for (const std::size_t v : {shortwave, longwave, air_temperature, pressure, wind, humidity}) {
    const auto fixed = constant_of(settings.forcing, v);
    const bool unused = ((v == humidity || v == pressure) && !uses_humidity(settings)) ||
                        (v == wind && !uses_wind(settings));
    if (unused)
      reader.set(forcing, v, variables[v].lower > 0.0 ? 1e5 : 0.0);
    else if (fixed)
      reader.set(forcing, v, *fixed);
    else if (v == humidity)
      read_humidity(reader, settings.forcing, forcing);
    else if (v == wind)
      read_wind(reader, settings.forcing, forcing);
    else
      reader.read(settings.forcing.*variables[v].variable, variables[v].unit, forcing, v);
    reader.check_range(forcing, v);
  }
  forcing.pad_lanes();
  return forcing;
}

// Half a cosine between sunrise and sunset of every day; everything else is constant.
Forcing clear_sky_forcing(const Settings& settings, const ModelTime& time, const Columns& columns,
                          std::size_t lanes, MemoryBudget& memory) {
  const ForcingSettings& sky = settings.forcing;
  const double middle = 0.5 * (sky.sunrise + sky.sunset), length = sky.sunset - sky.sunrise;
  memory.claim("the forcing", Forcing::bytes(time.n_point(), columns.n_local(), lanes));
  std::vector<double> times(time.n_point());
  std::vector<ForcingPoint> points(time.n_point());
  for (std::size_t p = 0; p < times.size(); ++p) {
    times[p] = time.point(p);
    points[p] = {static_cast<std::int32_t>(p), 0.0F};
  }
  Forcing forcing(times, points, columns.n_local(), lanes);
  for (std::size_t c = 0; c < columns.n_local(); ++c)
    for (std::size_t v = 0; v < forcing_variable_count; ++v)
      for (std::size_t i = 0; i < times.size(); ++i) {
        double value = constant_of(sky, v).value_or(v == pressure ? 1e5 : 0.0);
        if (v == shortwave) {
          const double seconds = time.start.second_of_day + times[i];
          const double from_noon = std::fmod(seconds, seconds_per_day) / 3600.0 - middle;
          if (std::abs(from_noon) < 0.5 * length)
            value = sky.shortwave_peak * std::cos(std::numbers::pi * from_noon / length);
        }
        forcing.series_of(v, c)[i * forcing.stride()] = static_cast<float>(value);
      }
  forcing.pad_lanes();
  return forcing;
}

} // namespace

std::string forcing_reference_variable(const ForcingSettings& settings) {
  for (std::size_t v : {shortwave, longwave, air_temperature})
    if (!constant_of(settings, v)) return settings.*variables[v].variable;
  return settings.shortwave;
}

Forcing read_forcing(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                     const Columns& columns, const FileSeries* files, std::size_t lanes,
                     MemoryBudget& memory, const Log& log) {
  return files ? file_forcing(ranks, settings, time, columns, *files, lanes, memory, log)
               : clear_sky_forcing(settings, time, columns, lanes, memory);
}

} // namespace glebe
