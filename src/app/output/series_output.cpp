// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/series_output.hpp"

#include "glebe/app/output/complete_output.hpp"
#include "glebe/app/output/parameter_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/config/forms.hpp"

#include <algorithm>

namespace glebe {

static Settings with_surface_streams(Settings settings) {
  for (std::size_t k = 0; k < observation_kind_count; ++k) {
    const auto kind = static_cast<ObservationKind>(k);
    if (kind == ObservationKind::soil_temperature) continue;
    if (!is_modelled(kind, settings)) continue;
    const std::string name = info(kind).name;
    const auto same_name = [&](const ObservationSettings& o) { return o.name == name; };
    if (std::any_of(settings.observations.begin(), settings.observations.end(), same_name))
      continue;
    ObservationSettings stream;
    stream.kind = kind;
    stream.name = stream.variable = name;
    if (info(kind).has_depth) stream.depth = settings.soil.top;
    settings.observations.push_back(stream);
  }
  return settings;
}

Observations simulated_streams(const Case& inputs) {
  return model_streams(with_surface_streams(inputs.settings), inputs.time, inputs.soil.view());
}

std::span<const Stream> twin_streams(const Case& inputs, const Observations& simulated) {
  return std::span(simulated.streams).first(inputs.settings.observations.size());
}

void define_series(OutputFile& file, const Case& inputs, std::span<const Stream> streams,
                   const std::string& title) {
  if (!title.empty()) file.attribute("", "title", title);
  file.describe_as_series();
  describe_window(file, inputs.time);
  describe_warnings(file, inputs);
  define_streams(file, streams, inputs.time);
  const ParameterOutput parameters(inputs);
  parameters.define_axes(file);
  for (const ParameterSlot& parameter : parameters.parameters())
    file.define(parameters.variable(parameter));
}

void write_series(const Case& inputs, const std::filesystem::path& path,
                  std::span<const Stream> streams, const Series& series, const std::string& title) {
  const TimedPart timer(Part::write);
  const auto define = [&](OutputFile& file) { define_series(file, inputs, streams, title); };
  const auto write = [&](OutputFile& file) {
    write_stream_times(file, streams);
    const ParameterOutput parameters(inputs);
    parameters.write_axes(file);
    for (const ParameterSlot& parameter : parameters.parameters())
      file.write(parameters.name(parameter),
                 parameters.values(parameter, inputs.parameters.first_guess));
    for (std::size_t s = 0; s < streams.size(); ++s)
      file.write(streams[s].settings.name, series[s]);
  };
  complete_output(inputs, path, {define, write});
}

} // namespace glebe
