// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/forms.hpp"

#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

// A key without effect would let its user believe that it has one. Its default says nothing: a
// namelist of all keys has it.
void check_unused(const Settings& settings, Problems& problems) {
  const SurfaceSettings& surface = settings.surface;
  const SurfaceSettings usual;
  const auto refuse = [&](const char* key, bool changed, bool used, const char* only) {
    if (changed && !used && surface.given(key) && !surface.faulty(key))
      problems.add("{}: not used, only with {}", surface.where(key), only);
  };
  const bool louis = surface.exchange == Exchange::louis;
  const bool heights = surface.exchange != Exchange::coefficients;
  const bool humid = surface.turbulence == Turbulence::humidity;
  const bool dry_layer = humid && surface.evaporation == Evaporation::dry_layer;
  const bool by_moisture = dry_layer || (humid && surface.evaporation == Evaporation::sellers);
  constexpr auto any_form = "exchange = 'stability' or 'louis'", by_length = "exchange = 'louis'";
  refuse("longwave", surface.longwave != usual.longwave,
         !settings.forcing.has(Input::net_radiation),
         "shortwave and longwave radiation, not with &forcing net_radiation");
  refuse("wind_height", surface.wind_height != usual.wind_height, heights, any_form);
  refuse("displacement", surface.displacement != usual.displacement, heights, any_form);
  refuse("air_height", true, louis, by_length);
  refuse("heat_roughness_model", surface.heat_roughness_model != usual.heat_roughness_model, louis,
         by_length);
  refuse("evaporation", surface.evaporation != usual.evaporation, humid, "turbulence = 'humidity'");
  refuse("porosity", surface.porosity != usual.porosity, by_moisture,
         "evaporation = 'sellers' or 'dry_layer'");
  refuse("retention_b", surface.retention_b != usual.retention_b, dry_layer,
         "evaporation = 'dry_layer'");
  refuse("air_entry", surface.air_entry != usual.air_entry, dry_layer, "evaporation = 'dry_layer'");
}

// The logarithms of the profile are those of heights over the displacement and the roughness.
void check_heights(const Settings& settings, Problems& problems) {
  const SurfaceSettings& surface = settings.surface;
  for (const char* key : {"wind_height", "air_height", "displacement"})
    if (surface.faulty(key)) return;
  const double air = surface.air_height > 0.0 ? surface.air_height : surface.wind_height;
  const double lower = std::min(air, surface.wind_height) - surface.displacement;
  if (lower <= 0) {
    problems.add("{} = {}: must be less than wind_height = {} and air_height = {}",
                 surface.where("displacement"), surface.displacement, surface.wind_height, air);
    return;
  }
  if (surface.exchange != Exchange::louis) return;
  for (const ParameterSettings& one : settings.parameters) {
    if (one.faulty("name") || one.name != Parameter::roughness_length) continue;
    if (!one.ratio_to.empty()) continue; // the length itself is known later
    const auto check = [&](const char* key, double length) {
      if (length >= lower)
        problems.add("{} = {}: roughness_length must be less than the heights of wind and air over "
                     "the displacement, {} m",
                     one.where(key), length, lower);
    };
    if (!one.faulty("value"))
      for (const double length : one.value) check("value", length);
    if (one.upper && !one.faulty("upper")) check("upper", *one.upper);
  }
}

// Net radiation is what its parts would make again, and in stable air the emission of the surface
// is what gives a skin over a resistance one temperature only.
void check_net_radiation(const Settings& settings, Problems& problems) {
  const ForcingSettings& forcing = settings.forcing;
  if (!settings.has_surface() || !forcing.has(Input::net_radiation)) return;
  const char* key =
      forcing.variable[Input::net_radiation].empty() ? "net_radiation_constant" : "net_radiation";
  if (forcing.source == ForcingSource::clear_sky && !forcing.faulty("source")) {
    problems.add("{}: must not be given with source = 'clear_sky', which makes shortwave radiation",
                 forcing.where(key));
    return;
  }
  for (const Input input : {Input::shortwave, Input::longwave}) {
    const std::string name = info(input).name;
    if (forcing.has(input))
      problems.add("{}: must not be given with {}, which takes its place",
                   forcing.where(forcing.constant[input] ? name + "_constant" : name), key);
  }
  if (forcing.constant[Input::net_radiation] && forcing.constant[Input::air_temperature])
    problems.add(
        "{}: must not be given with air_temperature_constant: the times and the grid of the "
        "forcing are those of one of the two",
        forcing.where("net_radiation_constant"));
  const SurfaceForm form = surface_form(settings);
  if (form.covered && form.exchange != Exchange::coefficients)
    problems.add("{}: with &surface exchange = '{}', nothing may cover the soil, neither "
                 "cover_resistance nor snow: without its longwave radiation the skin may have two "
                 "temperatures in stable air; use exchange = 'coefficients'",
                 forcing.where(key), name_of(form.exchange, exchange_names));
}

} // namespace

void check_surface(const Settings& settings, Problems& problems) {
  const SurfaceSettings& surface = settings.surface;
  for (const char* key : {"turbulence", "exchange", "evaporation"})
    if (surface.faulty(key)) return;
  check_unused(settings, problems);
  check_net_radiation(settings, problems);
  if (surface.exchange != Exchange::coefficients) check_heights(settings, problems);
}

} // namespace glebe
