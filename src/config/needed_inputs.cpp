// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/needed_inputs.hpp"

#include "glebe/config/forms.hpp"

#include <fmt/format.h>

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
  const SurfaceForm form = surface_form(settings);
  const bool humid = form.turbulence == Turbulence::humidity;
  switch (input) {
  case Input::shortwave:
  case Input::longwave:
    return !form.net_radiation;
  case Input::net_radiation:
    return form.net_radiation;
  case Input::humidity:
    return humid || settings.forcing.models_longwave();
  case Input::pressure:
    return humid || settings.forcing.models_longwave() || form.exchange == Exchange::louis;
  case Input::snow_depth:
    return form.snow || settings.surface.snow_by_density();
  case Input::snow_density:
    return settings.surface.snow_by_density();
  case Input::surface_moisture:
    return humid &&
           (form.evaporation == Evaporation::sellers || form.evaporation == Evaporation::dry_layer);
  case Input::wind:
    return form.canopy || form.exchange != Exchange::coefficients ||
           std::ranges::any_of(settings.parameters, [](const ParameterSettings& one) {
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
    return " for turbulence = 'humidity' or a longwave_model";
  case Input::pressure:
    return " for turbulence = 'humidity', exchange = 'louis' or a longwave_model";
  case Input::wind:
    return " for heat_transfer_wind, exchange = 'stability' or 'louis', or vegetation_fraction";
  case Input::surface_moisture:
    return " for evaporation = 'sellers' or 'dry_layer'";
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

std::string modelled_inputs(const Settings& settings) {
  const ForcingSettings& forcing = settings.forcing;
  if (!settings.has_surface() || !forcing.models_longwave()) return "";
  return fmt::format("longwave: parameterised by {} from air temperature and humidity, {}",
                     name_of(forcing.longwave_model, longwave_model_names),
                     forcing.cloud == Cloud::none
                         ? "without clouds"
                         : fmt::format("clouds by {} from shortwave radiation",
                                       name_of(forcing.cloud, cloud_names)));
}

} // namespace glebe
