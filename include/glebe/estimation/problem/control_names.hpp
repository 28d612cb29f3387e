// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/model_time.hpp"
#include "glebe/estimation/problem/controls.hpp"
#include "glebe/grid/soil_grid.hpp"

#include <string>

namespace glebe {

/// "thermal_conductivity[upper]" where there are several horizons, "initial_temperature[0.05 m]",
/// "sensor_bias_soil_temperature_5cm", otherwise the parameter's name; of a ratio
/// "thermal_conductivity_ratio[upper]".
std::string control_name(const Control& control, const SoilGrid& soil);
/// The unit of what is estimated or considered; `streams` are those of the namelist.
std::string unit_of(const Control& control, const std::vector<ObservationSettings>& streams);

/// The name of a parameter that follows another one, and "follows thermal_conductivity(upper)",
/// with how.
std::string follower_name(const Follower& follower, const SoilGrid& soil);
std::string in_words(const Follower& follower, const SoilGrid& soil);

/// The name of value k, with the date of its knot: "heat_transfer[2004-07-01]".
std::string control_name(const Controls& controls, std::size_t k, const SoilGrid& soil,
                         const ModelTime& time);

} // namespace glebe
