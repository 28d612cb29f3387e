// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/parameter_use.hpp"

#include "glebe/config/forms.hpp"

#include <fmt/ranges.h>

#include <cmath>

namespace glebe {

ParameterUse use_of(Parameter parameter, const Settings& settings) {
  const SoilSettings& soil = settings.soil;
  const SurfaceForm surface = surface_form(settings);
  const bool louis = surface.exchange == Exchange::louis;
  const auto evaporates = [&](Evaporation by) {
    return surface.turbulence == Turbulence::humidity && surface.evaporation == by;
  };
  const bool freezes = soil.properties == Properties::freezing;
  const BoundarySettings* top = settings.boundary_at(End::top);
  const BoundarySettings* bottom = settings.boundary_at(End::bottom);
  if (info(parameter).place == Place::surface && top)
    return {false, "the energy balance of the surface, not with &boundary end = 'top'"};
  switch (parameter) {
  case Parameter::top_offset:
  case Parameter::top_flux_offset:
    return {top && top->offset() == parameter, "such a &boundary end = 'top'"};
  case Parameter::bottom_offset:
  case Parameter::bottom_flux_offset:
    return {bottom && bottom->offset() == parameter, "such a &boundary end = 'bottom'"};
  case Parameter::thermal_conductivity:
  case Parameter::heat_capacity:
    return soil.properties == Properties::constant
               ? ParameterUse{true, ""}
               : ParameterUse{false, "&soil properties = 'constant'"};
  case Parameter::water_content:
    return {soil.properties != Properties::constant && !settings.has_moisture(),
            "&soil properties = 'moist' or properties = 'freezing', without &moisture"};
  case Parameter::porosity:
  case Parameter::dry_conductivity:
  case Parameter::solid_conductivity:
  case Parameter::kersten_shape:
  case Parameter::solid_heat_capacity:
    return {soil.properties != Properties::constant,
            "&soil properties = 'moist' or properties = 'freezing'"};
  case Parameter::frozen_kersten_shape:
    return {freezes && soil.conductivity_model == ConductivityModel::cote_konrad,
            "&soil properties = 'freezing' and conductivity_model = 'cote_konrad'"};
  case Parameter::freezing_a:
  case Parameter::freezing_b:
    return {freezes && soil.freezing_model == FreezingModel::power,
            "&soil properties = 'freezing' and freezing_model = 'power'"};
  case Parameter::retention_alpha:
  case Parameter::retention_n:
    return {freezes && soil.freezing_model == FreezingModel::van_genuchten,
            "&soil properties = 'freezing' and freezing_model = 'van_genuchten'"};
  case Parameter::freezing_window:
  case Parameter::unfrozen_water:
    return {freezes && soil.freezing_model == FreezingModel::linear,
            "&soil properties = 'freezing' and freezing_model = 'linear'"};
  case Parameter::albedo:
  case Parameter::emissivity:
  case Parameter::longwave_bias:
  case Parameter::shortwave_scale:
  case Parameter::vegetation_fraction:
    return {!surface.net_radiation,
            surface.net_radiation
                ? "shortwave and longwave radiation, not with &forcing net_radiation"
                : ""};
  case Parameter::heat_transfer:
  case Parameter::heat_transfer_wind:
    return {!louis, louis ? "&surface exchange = 'coefficients' or 'stability'" : ""};
  case Parameter::stability:
    return {surface.exchange != Exchange::coefficients,
            "&surface exchange = 'stability' or 'louis'"};
  case Parameter::roughness_length:
  case Parameter::heat_roughness:
    return {louis, "&surface exchange = 'louis'"};
  case Parameter::latent_transfer:
    return {evaporates(Evaporation::coefficient),
            "&surface turbulence = 'humidity' and evaporation = 'coefficient'"};
  case Parameter::surface_resistance:
    return {evaporates(Evaporation::resistance),
            "&surface turbulence = 'humidity' and evaporation = 'resistance'"};
  case Parameter::dry_layer:
    return {evaporates(Evaporation::dry_layer),
            "&surface turbulence = 'humidity' and evaporation = 'dry_layer'"};
  case Parameter::canopy_transfer:
    return {surface.canopy, "the parameter vegetation_fraction"};
  case Parameter::snow_conductivity:
    return {surface.snow && !settings.surface.snow_by_density(),
            "&forcing snow_depth and &surface snow_conductivity_model = 'constant'"};
  case Parameter::bowen_ratio:
    return {surface.turbulence == Turbulence::bowen, "&surface turbulence = 'bowen'"};
  case Parameter::deep_temperature:
    return {(soil.bottom == Bottom::temperature && !bottom) || soil.initial == Initial::uniform ||
                soil.initial == Initial::spinup,
            "&soil bottom = 'temperature', initial = 'uniform' or initial = 'spinup'"};
  case Parameter::geothermal_flux:
    return {soil.bottom == Bottom::flux && !bottom, "&soil bottom = 'flux'"};
  case Parameter::initial_temperature:
    return {soil.initial == Initial::profile, "&soil initial = 'profile'"};
  default:
    return {true, ""};
  }
}

namespace {

bool is_given(const Settings& settings, Parameter parameter, const std::string& horizon) {
  return std::ranges::any_of(settings.parameters, [&](const ParameterSettings& one) {
    return one.name == parameter && (one.horizon.empty() || one.horizon == horizon);
  });
}

// The horizons, in words, in which a parameter is not given; nothing where it is given in all.
std::optional<std::string> places_without(const Settings& settings, Parameter parameter) {
  std::vector<std::string> without;
  for (const HorizonSettings& horizon : settings.horizons)
    if (!is_given(settings, parameter, horizon.name)) without.push_back(horizon.name);
  if (without.empty()) return {};
  if (without.size() == settings.horizons.size()) return "";
  return fmt::format(" in horizon{} '{}'", without.size() == 1 ? "" : "s",
                     fmt::join(without, "', '"));
}

} // namespace

std::string parameters_by_default(const Settings& settings) {
  std::vector<std::string> words;
  for (std::size_t p = 0; p < parameter_count; ++p) {
    const auto parameter = static_cast<Parameter>(p);
    const double value = default_value(parameter, soil_form(settings), surface_form(settings));
    if (info(parameter).place == Place::stream) continue; // as its &observation says
    // A zero leaves a term out; but that no water stays liquid is a property of a soil.
    const bool leaves_out = value == 0.0 || parameter == Parameter::shortwave_scale;
    const bool says_something = !leaves_out || parameter == Parameter::unfrozen_water;
    if (std::isnan(value) || !says_something || !use_of(parameter, settings).used) continue;
    const std::string unit = info(parameter).unit;
    if (const auto places = places_without(settings, parameter))
      words.push_back(fmt::format("{} = {:g}{}{}", info(parameter).name, value,
                                  unit == "1" ? "" : " " + unit, *places));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

} // namespace glebe
