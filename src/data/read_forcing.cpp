// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/needed_inputs.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/modelled_longwave.hpp"
#include "glebe/physics/laws/saturation.hpp"
#include "glebe/physics/laws/snow.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "input_reader.hpp"
#include "moisture_sources.hpp"

namespace glebe {

namespace {

// Specific humidity from vapour pressure e and pressure p [Pa].
double specific_humidity(double e, double p) {
  return gas_constant_ratio * e / (p - (1.0 - gas_constant_ratio) * e);
}

// Relative humidity needs temperature and pressure, which have been read before.
void read_humidity(const InputReader& reader, const ForcingSettings& settings, InputTrack& track) {
  const std::string& variable = settings.variable[Input::humidity];
  const bool relative = settings.humidity_kind == HumidityKind::relative;
  if (settings.humidity_kind == HumidityKind::specific)
    return reader.read(variable, "kg kg-1", track, Input::humidity);
  reader.read(variable, relative ? "1" : "Pa", track, Input::humidity);
  reader.for_each(
      track, track.row_of(Input::humidity), [&](float& value, std::size_t column, std::size_t i) {
        const double T = track.series_of(Input::air_temperature, column)[i * track.stride()];
        const double p = track.series_of(Input::pressure, column)[i * track.stride()];
        const double e = relative ? value * saturation_pressure_over_water(T).value : value;
        value = static_cast<float>(specific_humidity(e, p));
      });
}

void read_wind(const InputReader& reader, const ForcingSettings& settings, InputTrack& track) {
  if (!settings.has_wind_components())
    return reader.read(settings.variable[Input::wind], "m s-1", track, Input::wind);
  InputTrack eastward = reader.empty({Input::wind}, track.lanes());
  reader.read(settings.wind_east, "m s-1", eastward, Input::wind);
  reader.read(settings.wind_north, "m s-1", track, Input::wind);
  reader.for_each(
      track, track.row_of(Input::wind), [&](float& value, std::size_t column, std::size_t i) {
        value = std::hypot(value, eastward.series_of(Input::wind, column)[i * eastward.stride()]);
      });
}

// Turns the depth of the snow in its row into a resistance by the density. Where no snow lies, no
// density is needed; elsewhere gaps of it are filled like those of other inputs.
void resist_by_density(const InputReader& reader, const Settings& settings, InputTrack& track) {
  const ForcingSettings& forcing = settings.forcing;
  const std::string& variable = forcing.variable[Input::snow_density];
  const auto& constant = forcing.constant[Input::snow_density];
  InputTrack density = reader.empty({Input::snow_density}, track.lanes());
  if (constant)
    reader.set(density, 0, *constant);
  else
    reader.read_records(variable, info(Input::snow_density).unit, density, 0);

  const std::size_t snow = track.row_of(Input::snow_depth);
  reader.for_each(track, snow, [&](float& value, std::size_t column, std::size_t i) {
    float& rho = density.series_of(0, column)[i * density.stride()];
    value = static_cast<float>(snow_resistance(settings.surface.snow_conductivity, value, rho));
    const bool judged = value != 0.0F && !std::isnan(rho);
    if (!judged) rho = static_cast<float>(info(Input::snow_density).lower);
  });
  reader.check_range(density, 0);
  if (!constant) reader.fill(variable, "", track, snow);
}

void read_input(const InputReader& reader, const ForcingSettings& settings, Input input,
                InputTrack& track) {
  if (settings.constant[input])
    reader.set(track, track.row_of(input), *settings.constant[input]);
  else if (input == Input::humidity)
    read_humidity(reader, settings, track);
  else if (input == Input::wind)
    read_wind(reader, settings, track);
  else
    reader.read(settings.variable[input], info(input).unit, track, input);
  reader.check_range(track, track.row_of(input));
}

// The inputs that columns are given: the density of snow only tells its resistance.
std::vector<Input> rows_of(const Settings& settings) {
  std::vector<Input> rows = needed_inputs(settings, InputGroup::forcing);
  std::erase(rows, Input::snow_density);
  return rows;
}

InputTrack file_forcing(const Reading& reading, const FileSeries& files) {
  const ForcingSettings& settings = reading.settings.forcing;
  const InputReader reader(reading, files,
                           {"forcing", settings.stamp, settings.interval, settings.max_gap});
  std::vector<Input> rows = rows_of(reading.settings);
  const bool by_density = reading.settings.surface.snow_by_density();
  const std::size_t n_row = rows.size() + settings.has_wind_components() + by_density;
  reading.memory.claim("the forcing", InputTrack::bytes(n_row, reader.n_record(),
                                                        reading.columns.n_local(), reading.lanes));
  InputTrack track = reader.empty(rows, reading.lanes);
  std::ranges::stable_partition(rows, [](Input input) { return input != Input::humidity; });
  require_longwave(settings, files);
  for (const Input input : rows)
    if (input != Input::longwave || !settings.models_longwave())
      read_input(reader, settings, input, track);
  if (settings.models_longwave()) {
    model_longwave(reading, track);
    reader.check_range(track, track.row_of(Input::longwave));
  }
  if (by_density) resist_by_density(reader, reading.settings, track);
  track.pad_lanes();
  return track;
}

// Half a cosine between sunrise and sunset of every day.
double clear_sky_shortwave(const ForcingSettings& sky, double second_of_day) {
  const double middle = 0.5 * (sky.sunrise + sky.sunset), length = sky.sunset - sky.sunrise;
  const double from_noon = std::fmod(second_of_day, seconds_per_day) / 3600.0 - middle;
  if (std::abs(from_noon) >= 0.5 * length) return 0.0;
  return sky.shortwave_peak * std::cos(std::numbers::pi * from_noon / length);
}

// What is constant under a clear sky, which is everything but shortwave.
double constant_input(const Settings& settings, Input input) {
  const auto& constant = settings.forcing.constant;
  if (input != Input::snow_depth || !settings.surface.snow_by_density()) return *constant[input];
  return snow_resistance(settings.surface.snow_conductivity, *constant[Input::snow_depth],
                         *constant[Input::snow_density]);
}

InputTrack clear_sky_forcing(const Reading& reading) {
  const ForcingSettings& sky = reading.settings.forcing;
  const ModelTime& time = reading.time;
  const std::size_t n_column = reading.columns.n_local();
  const std::vector<Input> rows = rows_of(reading.settings);
  reading.memory.claim("the forcing",
                       InputTrack::bytes(rows.size(), time.n_point(), n_column, reading.lanes));
  std::vector<double> times(time.n_point());
  std::vector<InputPoint> points(time.n_point());
  for (std::size_t p = 0; p < times.size(); ++p) {
    times[p] = time.point(p);
    points[p] = {static_cast<std::int32_t>(p), 0.0F};
  }
  InputTrack track(rows, times, points, n_column, reading.lanes);
  for (std::size_t c = 0; c < n_column; ++c)
    for (const Input input : rows)
      for (std::size_t i = 0; i < times.size(); ++i)
        track.series_of(input, c)[i * track.stride()] =
            static_cast<float>(input == Input::shortwave
                                   ? clear_sky_shortwave(sky, time.start.second_of_day + times[i])
                                   : constant_input(reading.settings, input));
  track.pad_lanes();
  return track;
}

FileSeries open_series(const Reading& reading, const std::vector<std::filesystem::path>& files,
                       const std::string& variable) {
  FileSeries series(reading.ranks, files, variable, reading.time.start);
  if (series.calendar() != reading.time.calendar)
    throw InputError(fmt::format("{}: calendar '{}' differs from '{}' of the run", series.name(),
                                 calendar_name(series.calendar()),
                                 calendar_name(reading.time.calendar)));
  return series;
}

// What is measured at one end of the column.
InputTrack read_boundary(const Reading& reading, const BoundarySettings& boundary) {
  const FileSeries files = open_series(reading, boundary.file, boundary.variable);
  const InputReader reader(reading, files,
                           {"boundary", boundary.stamp, boundary.interval, boundary.max_gap});
  const Input input = boundary.input();
  reading.memory.claim(
      fmt::format("the {}", info(input).long_name),
      InputTrack::bytes(1, reader.n_record(), reading.columns.n_local(), reading.lanes));
  InputTrack track = reader.empty({input}, reading.lanes);
  reader.read(boundary.variable, info(input).unit, track, input);
  reader.check_range(track, 0);
  track.pad_lanes();
  return track;
}

// The water content at its depths.
WaterTrack read_moisture(const Reading& reading, const MoistureSettings& moisture) {
  const FileSeries files = open_series(reading, moisture.file, moisture.variable.front());
  const InputReader reader(reading, files,
                           {"moisture", moisture.stamp, moisture.interval, moisture.max_gap});
  const std::vector<MoistureSource> sources = moisture_sources(files, moisture);
  const std::size_t n = sources.size();
  reading.memory.claim(
      "the water content",
      InputTrack::bytes(n, reader.n_record(), reading.columns.n_local(), reading.lanes));
  InputTrack track =
      reader.empty_by_step(std::vector<Input>(n, Input::water_content), reading.lanes);
  std::vector<double> depths;
  for (std::size_t row = 0; row < n; ++row) {
    const auto& [variable, level, depth] = sources[row];
    reader.read(variable, info(Input::water_content).unit, track, row, level);
    reader.check_range(track, row);
    depths.push_back(depth);
  }
  track.pad_lanes();
  return {std::move(track), std::move(depths)};
}

} // namespace

std::string forcing_reference_variable(const ForcingSettings& settings) {
  for (const Input input : {Input::shortwave, Input::longwave, Input::air_temperature})
    if (!settings.constant[input] && (input != Input::longwave || !settings.models_longwave()))
      return settings.variable[input];
  return settings.variable[Input::shortwave];
}

Forcing read_forcing(const Reading& reading, const FileSeries* files) {
  std::vector<InputTrack> tracks;
  const Settings& settings = reading.settings;
  if (settings.has_surface())
    tracks.push_back(settings.forcing.source == ForcingSource::file ? file_forcing(reading, *files)
                                                                    : clear_sky_forcing(reading));
  for (const BoundarySettings& boundary : settings.boundaries)
    tracks.push_back(read_boundary(reading, boundary));
  if (!settings.has_moisture()) return Forcing(std::move(tracks));
  return Forcing(std::move(tracks), read_moisture(reading, settings.moisture));
}

} // namespace glebe
