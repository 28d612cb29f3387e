// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/sensors.hpp"

#include <algorithm>

namespace glebe {

namespace {

bool has_parameter(const Settings& settings, Parameter parameter, const std::string& stream) {
  return std::ranges::any_of(settings.parameters, [&](const ParameterSettings& one) {
    return one.name == parameter && one.stream == stream;
  });
}

ParameterSettings error_parameter(const GroupOrigin& group, Parameter name, double value,
                                  double std) {
  constexpr double range = 5.0; // [standard deviations]
  ParameterSettings error;
  static_cast<GroupOrigin&>(error) = group.without_keys();
  for (const char* key : {"name", "value", "estimate", "lower", "upper", "prior_std"})
    error.note_key(key, group.line());
  error.name = name;
  error.value = {value};
  error.estimate = true;
  error.lower = value - range * std;
  error.upper = value + range * std;
  error.prior_std = std;
  return error;
}

void keep_within(ParameterSettings& error, double lower, double upper) {
  error.lower = std::max(*error.lower, lower);
  error.upper = std::min(*error.upper, upper);
}

void add_errors_of(const InputSettings& input, std::vector<ParameterSettings>& errors) {
  const auto add = [&](Parameter name, double value, const std::optional<double>& std) {
    if (!std) return;
    constexpr double darkest = 0.01; // a factor is not zero
    errors.push_back(error_parameter(input, name, value, *std));
    keep_within(errors.back(), info(name).lower_excluded ? darkest : info(name).lower,
                info(name).upper);
  };
  if (input.name == info(Input::longwave).name) add(Parameter::longwave_bias, 0.0, input.bias_std);
  if (input.name == info(Input::air_temperature).name)
    add(Parameter::air_temperature_bias, 0.0, input.bias_std);
  if (input.name == info(Input::shortwave).name)
    add(Parameter::shortwave_scale, 1.0, input.scale_std);
}

void add_errors_of(const ObservationSettings& stream, const SoilSettings& soil,
                   std::vector<ParameterSettings>& errors) {
  if (stream.depth_std && stream.depth && info(stream.kind).has_depth) {
    errors.push_back(
        error_parameter(stream, Parameter::sensor_depth, *stream.depth, *stream.depth_std));
    errors.back().stream = stream.name;
    keep_within(errors.back(), soil.top, soil.depth);
  }
  if (!stream.bias_std) return;
  errors.push_back(error_parameter(stream, Parameter::sensor_bias, 0.0, *stream.bias_std));
  errors.back().stream = stream.name;
}

} // namespace

std::optional<std::size_t> stream_number(const Settings& settings, std::string_view name) {
  const auto& streams = settings.observations;
  const auto found = std::ranges::find(streams, name, &ObservationSettings::name);
  if (found == streams.end()) return {};
  return static_cast<std::size_t>(found - streams.begin());
}

std::size_t sensor_count(const Settings& settings) {
  const bool any = std::ranges::any_of(settings.parameters, [](const ParameterSettings& one) {
    return info(one.name).place == Place::stream;
  });
  return any ? settings.observations.size() : 0;
}

SensorForm sensor_form(const Settings& settings, const ObservationSettings& stream) {
  const std::optional<std::size_t> number = stream_number(settings, stream.name);
  if (!number || &settings.observations[*number] != &stream) return {};
  return {has_parameter(settings, Parameter::sensor_depth, stream.name),
          has_parameter(settings, Parameter::sensor_bias, stream.name), *number,
          stream.depth.value_or(0.0)};
}

std::string parameter_name(const ParameterSlot& slot,
                           const std::vector<ObservationSettings>& streams) {
  const ParameterInfo& row = info(slot.parameter);
  if (row.place != Place::stream) return row.name;
  return std::string(row.name) + '_' + streams[slot.index].name;
}

std::string unit_of(const ParameterSlot& slot, const std::vector<ObservationSettings>& streams) {
  if (slot.parameter == Parameter::sensor_bias) return info(streams[slot.index].kind).unit;
  return info(slot.parameter).unit;
}

bool is_difference(Parameter parameter) {
  return parameter == Parameter::top_offset || parameter == Parameter::bottom_offset ||
         parameter == Parameter::air_temperature_bias || parameter == Parameter::sensor_bias;
}

std::vector<ParameterSettings> error_parameters(const Settings& settings) {
  std::vector<ParameterSettings> errors;
  for (const BoundarySettings& boundary : settings.boundaries)
    if (boundary.std)
      errors.push_back(error_parameter(boundary, boundary.offset(), 0.0, *boundary.std));
  for (const InputSettings& input : settings.inputs) add_errors_of(input, errors);
  for (const ObservationSettings& stream : settings.observations)
    add_errors_of(stream, settings.soil, errors);
  return errors;
}

} // namespace glebe
