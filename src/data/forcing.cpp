// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/forcing.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/gaps.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/data/units.hpp"
#include "glebe/physics/saturation.hpp"

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

float& Forcing::at(std::size_t column, std::size_t record, std::size_t variable) {
  const std::size_t block = column / lanes_, lane = column % lanes_;
  return values_[((block * n_record() + record) * forcing_variable_count + variable) * lanes_ +
                 lane];
}

void Forcing::set(std::size_t variable, const std::vector<double>& values) {
  if (n_column_ == 0) return;
  const std::size_t padded = (n_column_ + lanes_ - 1) / lanes_ * lanes_;
  for (std::size_t record = 0; record < n_record(); ++record)
    for (std::size_t column = 0; column < padded; ++column)
      at(column, record, variable) =
          static_cast<float>(values[record * n_column_ + std::min(column, n_column_ - 1)]);
}

Forcing Forcing::of_column(std::size_t column) const {
  Forcing one(record_times_, points_, 1, 1);
  const float* values =
      values_.data() + column / lanes_ * n_record() * forcing_variable_count * lanes_;
  for (std::size_t i = 0; i < one.values_.size(); ++i)
    one.values_[i] = values[i * lanes_ + column % lanes_];
  return one;
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

// Reads the variables of a run from its files, record by record of a completed axis.
class ForcingReader {
public:
  ForcingReader(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                const Columns& columns, const FileSeries& files, const Log& log)
      : ranks_(ranks), settings_(settings.forcing), time_(time), columns_(columns), files_(files),
        log_(log) {
    interval_ = settings_.interval ? *settings_.interval : regular_interval(files.times());
    select_records();
  }

  Forcing empty(std::size_t lanes) const {
    return {axis_.times,
            forcing_points(time_, axis_.times, settings_.stamp, interval_, files_.name()),
            columns_.n_local(), lanes};
  }

  std::vector<double> constant(double value) const {
    return std::vector<double>(axis_.times.size() * columns_.n_local(), value);
  }

  // A variable in `unit`, complete [record][column].
  std::vector<double> read(const std::string& variable, const char* unit) {
    const UnitConverter convert = converter(variable, unit);
    const std::vector<double> found = files_.read(variable, first_, count_, columns_);
    const std::size_t n = columns_.n_local();
    std::vector<double> values = constant(std::nan(""));
    for (std::size_t i = 0; i < axis_.times.size(); ++i)
      if (axis_.sources[i] != CompletedAxis::absent)
        for (std::size_t c = 0; c < n; ++c)
          values[i * n + c] = convert(found[axis_.sources[i] * n + c]);
    fill(variable, values);
    return values;
  }

  void check_range(std::size_t v, const std::vector<double>& values) const {
    const ForcingVariable& variable = variables[v];
    const std::size_t n = columns_.n_local();
    together(ranks_, [&] {
      for (std::size_t i = 0; i < values.size(); ++i)
        if (!(values[i] >= variable.lower && values[i] <= variable.upper))
          throw InputError(fmt::format(
              "{}: &forcing {} = {:.6g} {} at {}, {}: outside {:g} to {:g} {}; check the units",
              files_.name(), variable.key, values[i], variable.unit, time_.text(axis_.times[i / n]),
              columns_.label(i % n), variable.lower, variable.upper, variable.unit));
    });
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
  }

  void fill(const std::string& variable, std::vector<double>& values) const {
    std::int64_t filled = 0;
    together(ranks_, [&] {
      const std::size_t n = columns_.n_local();
      for (std::size_t c = 0; c < n; ++c) {
        const GapReport report =
            fill_gaps(axis_.times, values, c, n, settings_.max_gap * 3600.0, interval_);
        filled += static_cast<std::int64_t>(report.n_filled);
        for (const TimeInterval& gap : report.too_long) {
          if (gap.end < -interval_ || gap.begin > time_.length() + interval_) continue;
          throw InputError(
              fmt::format("{}: missing from {} to {} at {}; gaps up to max_gap = {} h are filled",
                          files_.first_file().where(variable), time_.text(gap.begin),
                          time_.text(gap.end), columns_.label(c), settings_.max_gap));
        }
        hold_outside_window(values, c, n);
      }
    });
    filled = ranks_.sum(filled);
    if (filled > 0) log_.info("forcing {}: {} missing values filled linearly", variable, filled);
  }

  // Records around the window that stay missing are never used; they take a neighbour's value.
  static void hold_outside_window(std::vector<double>& values, std::size_t c, std::size_t n) {
    const std::size_t n_record = values.size() / n;
    for (std::size_t i = 1; i < n_record; ++i)
      if (std::isnan(values[i * n + c])) values[i * n + c] = values[(i - 1) * n + c];
    for (std::size_t i = n_record - 1; i-- > 0;)
      if (std::isnan(values[i * n + c])) values[i * n + c] = values[(i + 1) * n + c];
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
};

// Specific humidity from vapour pressure e and pressure p [Pa].
double specific_humidity(double e, double p) {
  return gas_constant_ratio * e / (p - (1.0 - gas_constant_ratio) * e);
}

std::vector<double> read_humidity(ForcingReader& reader, const ForcingSettings& settings,
                                  const std::vector<double>& temperature,
                                  const std::vector<double>& air_pressure) {
  switch (settings.humidity_kind) {
  case HumidityKind::specific:
    break;
  case HumidityKind::relative: {
    std::vector<double> values = reader.read(settings.humidity, "1");
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = specific_humidity(
          values[i] * saturation_pressure_over_water(temperature[i]).value, air_pressure[i]);
    return values;
  }
  case HumidityKind::vapour_pressure: {
    std::vector<double> values = reader.read(settings.humidity, "Pa");
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = specific_humidity(values[i], air_pressure[i]);
    return values;
  }
  }
  return reader.read(settings.humidity, "kg kg-1");
}

std::vector<double> read_wind(ForcingReader& reader, const ForcingSettings& settings) {
  if (settings.wind_east.empty()) return reader.read(settings.wind, "m s-1");
  std::vector<double> values = reader.read(settings.wind_east, "m s-1");
  const std::vector<double> north = reader.read(settings.wind_north, "m s-1");
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::hypot(values[i], north[i]);
  return values;
}

Forcing file_forcing(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                     const Columns& columns, const FileSeries& files, std::size_t lanes,
                     const Log& log) {
  ForcingReader reader(ranks, settings, time, columns, files, log);
  Forcing forcing = reader.empty(lanes);
  std::array<std::vector<double>, forcing_variable_count> values;
  // Humidity comes last: relative humidity needs temperature and pressure.
  for (const std::size_t v : {shortwave, longwave, air_temperature, pressure, wind, humidity}) {
    const auto fixed = constant_of(settings.forcing, v);
    const bool unused = ((v == humidity || v == pressure) && !uses_humidity(settings)) ||
                        (v == wind && !uses_wind(settings));
    if (unused)
      values[v] = reader.constant(variables[v].lower > 0.0 ? 1e5 : 0.0);
    else if (fixed)
      values[v] = reader.constant(*fixed);
    else if (v == humidity)
      values[v] =
          read_humidity(reader, settings.forcing, values[air_temperature], values[pressure]);
    else if (v == wind)
      values[v] = read_wind(reader, settings.forcing);
    else
      values[v] = reader.read(settings.forcing.*variables[v].variable, variables[v].unit);
    reader.check_range(v, values[v]);
    forcing.set(v, values[v]);
    if (v != air_temperature && v != pressure) values[v] = {};
  }
  return forcing;
}

// Half a cosine between sunrise and sunset of every day; everything else is constant.
Forcing clear_sky_forcing(const Settings& settings, const ModelTime& time, const Columns& columns,
                          std::size_t lanes) {
  const ForcingSettings& sky = settings.forcing;
  std::vector<double> times(time.n_point());
  std::vector<ForcingPoint> points(time.n_point());
  for (std::size_t p = 0; p < times.size(); ++p) {
    times[p] = time.point(p);
    points[p] = {static_cast<std::int32_t>(p), 0.0F};
  }
  Forcing forcing(times, points, columns.n_local(), lanes);
  for (std::size_t v = 0; v < forcing_variable_count; ++v) {
    std::vector<double> values;
    for (const double t : times) {
      double value = constant_of(sky, v).value_or(v == pressure ? 1e5 : 0.0);
      if (v == shortwave) {
        const double hour = std::fmod(time.start.second_of_day + t, seconds_per_day) / 3600.0;
        const double middle = 0.5 * (sky.sunrise + sky.sunset);
        const double angle = std::numbers::pi * (hour - middle) / (sky.sunset - sky.sunrise);
        value = std::max(0.0, std::abs(hour - middle) < 0.5 * (sky.sunset - sky.sunrise)
                                  ? sky.shortwave_peak * std::cos(angle)
                                  : 0.0);
      }
      values.insert(values.end(), columns.n_local(), value);
    }
    forcing.set(v, values);
  }
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
                     const Log& log) {
  return files ? file_forcing(ranks, settings, time, columns, *files, lanes, log)
               : clear_sky_forcing(settings, time, columns, lanes);
}

} // namespace glebe
