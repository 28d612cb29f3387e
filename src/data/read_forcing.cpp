// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/collect.hpp"
#include "glebe/config/needed_inputs.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/physics/laws/snow.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "input_reader.hpp"
#include "moisture_sources.hpp"
#include "weather_reader.hpp"

namespace glebe {

namespace {

// The inputs that columns are given: the density of snow only tells its resistance.
std::vector<Input> rows_of(const Settings& settings) {
  std::vector<Input> rows = needed_inputs(settings, InputGroup::forcing);
  std::erase(rows, Input::snow_density);
  return rows;
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

// What is measured at one end of the column.
InputTrack read_boundary(const Reading& reading, const BoundarySettings& boundary,
                         InputFiles& files) {
  const InputReader reader(reading, files.series(boundary.file, boundary.variable),
                           {"boundary", {boundary.stamp, boundary.interval}, boundary.max_gap},
                           boundary.variable);
  const Input input = boundary.input();
  reading.memory.claim(
      fmt::format("the {}", info(input).long_name),
      InputTrack::bytes(1, reader.n_record(), reading.columns.n_local(), reading.lanes));
  InputTrack track = reader.empty({input}, reading.lanes);
  reader.read({boundary.variable, info(input).unit, parse_levels(boundary.level)}, track, 0);
  reader.check_range(track, 0);
  track.pad_lanes();
  return track;
}

// The water content at its depths.
WaterTrack read_moisture(const Reading& reading, const MoistureSettings& moisture,
                         InputFiles& all_files) {
  const FileSeries& files = all_files.series(moisture.file, moisture.variable.front());
  const InputTiming timing{"moisture", {moisture.stamp, moisture.interval}, moisture.max_gap};
  const InputReader reader(reading, files, timing, moisture.variable.front());
  const std::vector<MoistureSource> sources = moisture_sources(files, moisture);
  const std::size_t n = sources.size();
  reading.memory.claim(
      "the water content",
      InputTrack::bytes(n, reader.n_record(), reading.columns.n_local(), reading.lanes));
  const auto n_hold =
      static_cast<std::size_t>(std::lround(3600.0 * moisture.hold / reading.time.step));
  InputTrack track = reader.empty_by_step(std::vector<Input>(n, Input::water_content),
                                          reading.lanes, std::max<std::size_t>(1, n_hold));
  std::vector<double> depths;
  for (std::size_t row = 0; row < n; ++row) {
    const auto& [variable, level, depth] = sources[row];
    check_same_times(files, variable, moisture.variable.front());
    std::vector<LevelChoice> levels;
    if (level) levels.push_back(*level);
    reader.read({variable, info(Input::water_content).unit, levels}, track, row);
    reader.check_range(track, row);
    depths.push_back(depth);
  }
  track.pad_lanes();
  return {std::move(track), std::move(depths)};
}

} // namespace

Forcing read_forcing(const Reading& reading, InputFiles& files) {
  std::vector<InputTrack> tracks;
  const Settings& settings = reading.settings;
  std::optional<WaterTrack> water;
  Problems problems;
  collect(problems, [&] {
    if (settings.has_surface() && settings.forcing.source == ForcingSource::file)
      tracks = read_weather(reading, rows_of(settings), files);
    else if (settings.has_surface())
      tracks.push_back(clear_sky_forcing(reading));
  });
  for (const BoundarySettings& boundary : settings.boundaries)
    collect(problems, [&] { tracks.push_back(read_boundary(reading, boundary, files)); });
  if (settings.has_moisture())
    collect(problems, [&] { water = read_moisture(reading, settings.moisture, files); });
  problems.throw_if_any();
  return Forcing(std::move(tracks), std::move(water));
}

} // namespace glebe
