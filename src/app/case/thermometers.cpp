// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/thermometers.hpp"

#include "glebe/data/input_average.hpp"

#include <cmath>

namespace glebe {

namespace {

std::vector<double> in_window(const InputTrack& track, Input input, double length,
                              std::size_t column) {
  const float* series = track.series_of(track.row_of(input), column);
  std::vector<double> values;
  for (std::size_t i = 0; i < track.n_record(); ++i) {
    const double time = track.record_times()[i];
    values.push_back(time < 0.0 || time > length ? std::nan("")
                                                 : double(series[i * track.stride()]));
  }
  return values;
}

} // namespace

std::vector<double> observed_of(const Observations& observations, std::size_t stream,
                                std::size_t column) {
  const Stream& of = observations.streams[stream];
  std::vector<double> values(of.times.size(), std::nan(""));
  if (of.value.empty()) return values;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (const std::size_t at = observations.position(stream, column, k);
        of.inverse_sigma[at] > 0.0F)
      values[k] = of.value[at];
  return values;
}

std::vector<Thermometer> thermometers_of(const Case& inputs) {
  std::vector<Thermometer> found;
  const Observations& observations = inputs.observations;
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    const bool in_soil = stream.settings.kind == ObservationKind::soil_temperature;
    if (!in_soil && stream.settings.kind != ObservationKind::surface_temperature &&
        stream.settings.kind != ObservationKind::radiometric_temperature)
      continue;
    if (!stream.has_values()) continue;
    found.push_back(
        {stream.settings.name, in_soil, stream.settings.depth.value_or(0.0), stream.times,
         [&observations, s](std::size_t c) { return observed_of(observations, s, c); }});
  }
  for (const BoundarySettings& boundary : inputs.settings.boundaries) {
    if (boundary.kind != BoundaryKind::temperature) continue;
    const Input input = boundary.input();
    const InputTrack* track = find_track(inputs.forcing, input);
    if (!track) continue;
    found.push_back({fmt::format("the &boundary at {:g} cm", 100.0 * boundary.depth), true,
                     boundary.depth, track->record_times(),
                     [track, input, length = inputs.time.length()](std::size_t c) {
                       return in_window(*track, input, length, c);
                     }});
  }
  return found;
}

} // namespace glebe
