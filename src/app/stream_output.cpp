// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/stream_output.hpp"

#include <algorithm>
#include <set>

namespace glebe {

namespace {

bool has_knots(const SoilGrid& soil, const Settings& settings) {
  return settings.soil.initial == Initial::profile && !soil.knots().empty();
}

} // namespace

void describe_window(OutputFile& file, const ModelTime& time) {
  file.attribute("", "time_coverage_start", time.text(0.0));
  file.attribute("", "time_coverage_end", time.text(time.length()));
  file.attribute("", "time_coverage_resolution", fmt::format("PT{:g}S", time.step));
}

void define_streams(OutputFile& file, const std::vector<Stream>& streams, const ModelTime& time) {
  const std::vector<std::string> axes = time_axis_names(streams);
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (std::find(axes.begin(), axes.begin() + std::ptrdiff_t(s), axes[s]) ==
        axes.begin() + std::ptrdiff_t(s))
      file.define_time(axes[s], streams[s], time);
    define_stream(file, streams, s, streams[s].settings.name, "");
  }
}

void define_stream(OutputFile& file, const std::vector<Stream>& streams, std::size_t stream,
                   const std::string& name, const std::string& what) {
  const ObservationSettings& settings = streams[stream].settings;
  const ObservationKindInfo& kind = info(settings.kind);
  file.define({name,
               kind.unit,
               what + kind.long_name,
               kind.standard_name,
               {time_axis_names(streams)[stream]}});
  if (settings.depth) {
    file.attribute(name, "depth", *settings.depth);
    file.attribute(name, "depth_units", "m");
  }
  file.attribute(name, "cell_methods",
                 streams[stream].interval > 0.0 ? "time: mean" : "time: point");
}

void write_stream_times(OutputFile& file, const std::vector<Stream>& streams) {
  const std::vector<std::string> axes = time_axis_names(streams);
  std::set<std::string> written;
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (written.insert(axes[s]).second) file.write_time(axes[s], streams[s]);
}

void define_soil_axes(OutputFile& file, const SoilGrid& soil, const Settings& settings) {
  if (soil.horizon_names().size() > 1) {
    file.define_axis("horizon", soil.horizon_names().size(), "m", "depth of the horizon's bottom");
    std::string names;
    for (const std::string& name : soil.horizon_names()) names += (names.empty() ? "" : " ") + name;
    file.attribute("horizon", "names", names);
    file.attribute("horizon", "positive", "down");
  }
  if (has_knots(soil, settings)) {
    file.define_axis("knot", soil.knots().size(), "m", "depth of the knots of the initial profile");
    file.attribute("knot", "positive", "down");
  }
}

void write_soil_axes(OutputFile& file, const SoilGrid& soil, const Settings& settings) {
  if (soil.horizon_names().size() > 1) file.write_axis("horizon", soil.horizon_bottoms());
  if (has_knots(soil, settings)) file.write_axis("knot", soil.knots());
}

Field parameter_field(Parameter parameter, const SoilGrid& soil) {
  const ParameterInfo& row = info(parameter);
  Field field{row.name, row.unit, row.long_name};
  if (row.place == Place::horizon && soil.horizon_names().size() > 1) field.leading = {"horizon"};
  if (row.place == Place::knot) field.leading = {"knot"};
  return field;
}

std::vector<double> parameter_values_of(Parameter parameter, const std::vector<double>& parameters,
                                        const ParameterLayout& layout) {
  std::vector<double> values;
  for (std::size_t place = 0; place < layout.count(parameter); ++place)
    for (std::size_t i = layout.slot(parameter, place); i < parameters.size(); i += layout.size())
      values.push_back(parameters[i]);
  return values;
}

std::vector<Parameter> used_parameters(const Settings& settings) {
  std::set<Parameter> used;
  for (const ParameterSettings& parameter : settings.parameters) used.insert(parameter.name);
  return {used.begin(), used.end()};
}

} // namespace glebe
