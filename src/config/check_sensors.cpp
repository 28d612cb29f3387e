// SPDX-License-Identifier: BSD-3-Clause
// The errors of inputs and sensors: which of them can be parameters.
#include "glebe/config/result_names.hpp"
#include "glebe/config/sensors.hpp"

#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

// A result whose name ends like that of another has the name of the other.
void check_name(const ParameterSettings& parameter, Problems& problems) {
  for (const ParameterResultInfo& result : parameter_result_table)
    if (parameter.stream.ends_with(result.suffix))
      problems.add("{} = '{}': the name of a stream whose sensor has parameters must not end with "
                   "'{}', because results of parameters do",
                   parameter.where("stream"), parameter.stream, result.suffix);
  if (parameter.stream.ends_with(knot_time_suffix))
    problems.add("{} = '{}': the name of a stream whose sensor has parameters must not end with "
                 "'{}', because axes of knots do",
                 parameter.where("stream"), parameter.stream, knot_time_suffix);
}

void check_depths(const Settings& settings, const ParameterSettings& parameter,
                  Problems& problems) {
  const double top = settings.soil.top;
  const auto bottom = soil_depth(settings);
  const auto check = [&](const char* key, double depth) {
    if (bottom && !parameter.faulty(key) &&
        (depth < top - depth_tolerance || depth > *bottom + depth_tolerance))
      problems.add("{} = {}: must be within the soil, {} to {} m", parameter.where(key), depth, top,
                   *bottom);
  };
  for (const double value : parameter.value) check("value", value);
  if (parameter.lower) check("lower", *parameter.lower);
  if (parameter.upper) check("upper", *parameter.upper);
}

// Of a stream that is not fitted the sensor cannot be estimated.
void check_fitted(const Settings& settings, const ParameterSettings& parameter,
                  const ObservationSettings& stream, Problems& problems) {
  if (!parameter.estimate) return;
  const char* name = info(parameter.name).name;
  if (stream.withhold)
    problems.add("{}: {} cannot be estimated from stream '{}', which is withheld ({})",
                 parameter.where(), name, stream.name, stream.at("withhold"));
  else if (compares_with_data(settings) && !settings.run.faulty("mode") && stream.file.empty() &&
           !stream.faulty("file"))
    problems.add("{}: {} cannot be estimated from stream '{}', which has no file ({})",
                 parameter.where(), name, stream.name, stream.at());
}

} // namespace

void check_sensor(const Settings& settings, const ParameterSettings& parameter,
                  Problems& problems) {
  const ParameterInfo& row = info(parameter.name);
  if (parameter.faulty("stream")) return;
  if (row.place != Place::stream) {
    if (!parameter.stream.empty())
      problems.add("{}: {} does not belong to a stream", parameter.where("stream"), row.name);
    return;
  }
  if (parameter.stream.empty()) {
    problems.add("{}: required for {}, the name of an &observation", parameter.where("stream"),
                 row.name);
    return;
  }
  const auto number = stream_number(settings, parameter.stream);
  if (!number) {
    std::vector<std::string> names;
    for (const ObservationSettings& stream : settings.observations) {
      if (stream.faulty("name") || stream.faulty("kind") || stream.faulty("depth")) return;
      names.push_back(stream.name);
    }
    problems.add("{} = '{}': no such &observation{}", parameter.where("stream"), parameter.stream,
                 did_you_mean(parameter.stream, names));
    return;
  }
  const ObservationSettings& stream = settings.observations[*number];
  if (stream.faulty("kind")) return;
  check_name(parameter, problems);
  check_fitted(settings, parameter, stream, problems);
  if (parameter.name != Parameter::sensor_depth) return;
  if (!info(stream.kind).has_depth)
    problems.add("{} = '{}': kind = '{}' has no depth", parameter.where("stream"), stream.name,
                 info(stream.kind).name);
  else
    check_depths(settings, parameter, problems);
}

void check_errors(const InputSettings& input, Problems& problems) {
  const bool scale = input.name == info(Input::shortwave).name;
  const bool bias =
      input.name == info(Input::longwave).name || input.name == info(Input::air_temperature).name;
  if (input.faulty("name")) return;
  if (input.bias_std && !bias)
    problems.add("{}: only for longwave and air_temperature{}", input.where("bias_std"),
                 scale ? "; for shortwave give scale_std" : "");
  if (input.scale_std && !scale)
    problems.add("{}: only for shortwave{}", input.where("scale_std"),
                 bias ? fmt::format("; for {} give bias_std", input.name) : "");
}

void check_errors(const ObservationSettings& stream, Problems& problems) {
  if (stream.depth_std && !stream.faulty("kind") && !info(stream.kind).has_depth)
    problems.add("{}: kind = '{}' has no depth", stream.where("depth_std"), info(stream.kind).name);
}

} // namespace glebe
