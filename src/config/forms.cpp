// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/forms.hpp"

#include <algorithm>

namespace glebe {

namespace {

bool gives(const Settings& settings, Parameter parameter) {
  return std::ranges::any_of(settings.parameters, [&](const ParameterSettings& one) {
    return one.name == parameter && !one.faulty("name");
  });
}

} // namespace

SoilForm soil_form(const Settings& settings) {
  const SoilSettings& soil = settings.soil;
  return {soil.properties,
          soil.conductivity_model,
          soil.freezing_model,
          soil.frozen_conductivity,
          gives(settings, Parameter::water_flux),
          settings.has_moisture()};
}

SurfaceForm surface_form(const Settings& settings) {
  const SurfaceSettings& surface = settings.surface;
  const bool snow = settings.forcing.has(Input::snow_depth);
  const double air_height = surface.air_height > 0.0 ? surface.air_height : surface.wind_height;
  return {.longwave = surface.longwave,
          .turbulence = surface.turbulence,
          .covered = snow || gives(settings, Parameter::cover_resistance),
          .snow = snow,
          .snow_by_density = snow && surface.snow_by_density(),
          .exchange = surface.exchange,
          .heat_roughness = surface.heat_roughness_model,
          .evaporation = surface.evaporation,
          .canopy = gives(settings, Parameter::vegetation_fraction),
          .longwave_bias = gives(settings, Parameter::longwave_bias),
          .shortwave_scale = gives(settings, Parameter::shortwave_scale),
          .air_temperature_bias = gives(settings, Parameter::air_temperature_bias),
          .net_radiation = settings.forcing.has(Input::net_radiation),
          .wind_height = surface.wind_height - surface.displacement,
          .air_height = air_height - surface.displacement,
          .porosity = surface.porosity,
          .retention_b = surface.retention_b,
          .air_entry = surface.air_entry};
}

bool is_modelled(ObservationKind kind, const Settings& settings) {
  if (info(kind).has_depth) return true;
  const bool of_longwave =
      kind == ObservationKind::longwave_up || kind == ObservationKind::radiometric_temperature;
  return settings.has_surface() && !(of_longwave && surface_form(settings).net_radiation);
}

Top top_of(const Settings& settings) {
  const BoundarySettings* top = settings.boundary_at(End::top);
  if (!top) return Top::balance;
  return top->kind == BoundaryKind::temperature ? Top::temperature : Top::flux;
}

} // namespace glebe
