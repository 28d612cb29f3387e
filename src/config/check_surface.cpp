// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

// A key without effect would let its user believe that it has one.
void check_unused(const SurfaceSettings& surface, Problems& problems) {
  const auto refuse = [&](bool used, std::initializer_list<const char*> keys, const char* only) {
    if (used) return;
    for (const char* key : keys)
      if (surface.given(key) && !surface.faulty(key))
        problems.add("{}: not used, only with {}", surface.where(key), only);
  };
  const bool humid = surface.turbulence == Turbulence::humidity;
  const Evaporation evaporation = surface.evaporation;
  const bool dry_layer = humid && evaporation == Evaporation::dry_layer;
  refuse(surface.exchange != Exchange::coefficients, {"wind_height", "displacement"},
         "exchange = 'stability' or 'louis'");
  refuse(surface.exchange == Exchange::louis, {"air_height", "heat_roughness_model"},
         "exchange = 'louis'");
  refuse(humid, {"evaporation"}, "turbulence = 'humidity'");
  refuse(dry_layer || (humid && evaporation == Evaporation::sellers), {"porosity"},
         "evaporation = 'sellers' or 'dry_layer'");
  refuse(dry_layer, {"retention_b", "air_entry"}, "evaporation = 'dry_layer'");
}

// The logarithms of the profile are those of heights over the displacement and the roughness.
void check_heights(const Settings& settings, Problems& problems) {
  const SurfaceSettings& surface = settings.surface;
  for (const char* key : {"wind_height", "air_height", "displacement"})
    if (surface.faulty(key)) return;
  const double air = surface.given("air_height") ? surface.air_height : surface.wind_height;
  const double lower = std::min(air, surface.wind_height) - surface.displacement;
  if (lower <= 0) {
    problems.add("{} = {}: must be less than wind_height = {} and air_height = {}",
                 surface.where("displacement"), surface.displacement, surface.wind_height, air);
    return;
  }
  if (surface.exchange != Exchange::louis) return;
  for (const ParameterSettings& one : settings.parameters) {
    if (one.faulty("name") || one.name != Parameter::roughness_length) continue;
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

} // namespace

void check_surface(const Settings& settings, Problems& problems) {
  const SurfaceSettings& surface = settings.surface;
  for (const char* key : {"turbulence", "exchange", "evaporation"})
    if (surface.faulty(key)) return;
  check_unused(surface, problems);
  if (surface.exchange != Exchange::coefficients) check_heights(settings, problems);
}

} // namespace glebe
