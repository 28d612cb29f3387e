// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/sensors.hpp"

#include <string>
#include <vector>

namespace glebe {

/// The CF standard name of a parameter, as of version 79 of its table; empty where none has this
/// meaning: that of the heat capacity, for example, is per mass.
const char* standard_name(Parameter parameter);

/// The unit of a parameter as UDUNITS knows it, which has no powers that are not whole: those of a
/// factor that belongs to a power are its unit at one degree or one metre per second.
const char* cf_unit(Parameter parameter);
std::string cf_unit(const ParameterSlot& slot, const std::vector<ObservationSettings>& streams);

} // namespace glebe
