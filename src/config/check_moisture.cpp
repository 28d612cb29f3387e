// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "check_settings.hpp"

namespace glebe {

namespace {

void check_hold(const Settings& settings, Problems& problems) {
  if (settings.moisture.faulty("hold") || !(settings.time.step > 0.0)) return;
  const double steps = 3600.0 * settings.moisture.hold / settings.time.step;
  if (std::abs(steps - std::round(steps)) > 1e-6)
    problems.add("{} = {}: must be a multiple of &time step, {} h", settings.moisture.where("hold"),
                 settings.moisture.hold, settings.time.step / 3600.0);
}

void check_sensors(const MoistureSettings& moisture, Problems& problems) {
  for (const char* key : {"file", "variable", "stamp"})
    if (!moisture.given(key) && !moisture.faulty(key))
      problems.add("{}: required, but not given", moisture.where(key));
  if (moisture.faulty("variable") || moisture.faulty("level") || moisture.faulty("depths")) return;
  if (!moisture.level.empty()) {
    if (moisture.variable.size() > 1)
      problems.add("{}: {} variables: must be one, whose levels are those of level = '{}'",
                   moisture.where("variable"), moisture.variable.size(), moisture.level);
    return;
  }
  if (!moisture.given("depths"))
    problems.add("{}: required without level", moisture.where("depths"));
  if (!moisture.given("variable") || !moisture.given("depths")) return;
  if (moisture.variable.size() != moisture.depths.size())
    problems.add("{}: {} variables for {} depths: must be one for each", moisture.where("variable"),
                 moisture.variable.size(), moisture.depths.size());
  const auto& depths = moisture.depths;
  if (std::adjacent_find(depths.begin(), depths.end(), std::greater_equal<>()) != depths.end())
    problems.add("{}: must increase", moisture.where("depths"));
}

bool is_given(const Settings& settings, Parameter parameter, const HorizonSettings& horizon) {
  return std::ranges::any_of(settings.parameters, [&](const ParameterSettings& one) {
    return one.name == parameter && !one.faulty("name") &&
           (one.horizon.empty() || one.horizon == horizon.name);
  });
}

// The parameter of a horizon, if it is given there as one number and not as a ratio.
const ParameterSettings* constant_of(const Settings& settings, Parameter parameter,
                                     const HorizonSettings& horizon) {
  for (const ParameterSettings& one : settings.parameters)
    if (one.name == parameter && !one.faulty("name") && !one.faulty("value") &&
        (one.horizon.empty() || one.horizon == horizon.name) && !one.value.empty() &&
        one.ratio_to.empty())
      return &one;
  return nullptr;
}

// Water fills no more than the pores.
void check_pores(const Settings& settings, Problems& problems) {
  for (const HorizonSettings& horizon : settings.horizons) {
    const ParameterSettings* water = constant_of(settings, Parameter::water_content, horizon);
    if (!water) continue;
    const ParameterSettings* given = constant_of(settings, Parameter::porosity, horizon);
    if (!given && is_given(settings, Parameter::porosity, horizon)) continue; // known later
    const double porosity = given ? given->value.front() : info(Parameter::porosity).default_value;
    const double most = *std::ranges::max_element(water->value);
    if (most > porosity)
      problems.add("{} = {}: more water than horizon '{}' has pores, porosity = {}{}",
                   water->where("value"), most, horizon.name, porosity, given ? "" : " by default");
  }
}

} // namespace

void check_moisture(const Settings& settings, Problems& problems) {
  const MoistureSettings& moisture = settings.moisture;
  if (settings.soil.properties == Properties::constant) {
    if (settings.has_moisture())
      problems.add("{}: not used with &soil properties = 'constant', only with 'moist' or "
                   "'freezing'",
                   moisture.where());
    return;
  }
  if (settings.has_moisture()) {
    check_sensors(moisture, problems);
    check_hold(settings, problems);
  }
  check_pores(settings, problems);
}

} // namespace glebe
