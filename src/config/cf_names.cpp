// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/cf_names.hpp"

namespace glebe {

const char* standard_name(Parameter parameter) {
  switch (parameter) {
  case Parameter::thermal_conductivity:
    return "soil_thermal_conductivity";
  case Parameter::porosity:
    return "soil_porosity";
  case Parameter::water_content:
    return "volume_fraction_of_condensed_water_in_soil";
  case Parameter::albedo:
    return "surface_albedo";
  case Parameter::emissivity:
    return "surface_longwave_emissivity";
  case Parameter::roughness_length:
    return "surface_roughness_length_for_momentum_in_air";
  case Parameter::initial_temperature:
    return "soil_temperature";
  default:
    return "";
  }
}

const char* cf_unit(Parameter parameter) {
  switch (parameter) {
  case Parameter::freezing_a:
    return "1";
  case Parameter::canopy_transfer:
    return "W m-2 K-1";
  default:
    return info(parameter).unit;
  }
}

std::string cf_unit(const ParameterSlot& slot, const std::vector<ObservationSettings>& streams) {
  return slot.parameter == Parameter::sensor_bias ? unit_of(slot, streams)
                                                  : cf_unit(slot.parameter);
}

} // namespace glebe
