// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/needed_inputs.hpp"

#include <algorithm>

namespace glebe {

namespace {

bool is_needed(Input input, const Settings& settings) {
  if (info(input).group == InputGroup::boundary)
    return std::ranges::any_of(settings.boundaries, [&](const BoundarySettings& boundary) {
      return boundary.input() == input;
    });
  if (input == Input::water_content) return settings.has_moisture();
  if (!settings.has_surface()) return false;
  const auto& parameters = settings.parameters;
  switch (input) {
  case Input::humidity:
  case Input::pressure:
    return settings.surface.turbulence == Turbulence::humidity;
  case Input::snow_depth:
    return surface_form(settings).snow || settings.surface.snow_by_density();
  case Input::snow_density:
    return settings.surface.snow_by_density();
  case Input::wind:
    return std::any_of(parameters.begin(), parameters.end(), [](const ParameterSettings& one) {
      return one.name == Parameter::heat_transfer_wind && !one.faulty("name");
    });
  default:
    return true;
  }
}

} // namespace

std::string_view purpose(Input input) {
  switch (input) {
  case Input::humidity:
  case Input::pressure:
    return " for turbulence = 'humidity'";
  case Input::wind:
    return " for the parameter heat_transfer_wind";
  case Input::snow_depth:
  case Input::snow_density:
    return " for snow_conductivity_model = 'jordan', 'sturm' or 'fsm'";
  default:
    return "";
  }
}

std::vector<Input> needed_inputs(const Settings& settings, InputGroup group) {
  std::vector<Input> needed;
  for (std::size_t i = 0; i < input_count; ++i)
    if (input_table[i].group == group && is_needed(Input(i), settings)) needed.push_back(Input(i));
  return needed;
}

} // namespace glebe
