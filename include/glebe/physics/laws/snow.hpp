// SPDX-License-Identifier: BSD-3-Clause
// The thermal conductivity of snow by its density.
#pragma once

#include "glebe/physics/vocabulary.hpp"

#include <limits>

namespace glebe {

/// Conductivity [W m-1 K-1] of snow of a density [kg m-3], by Jordan (1991), Sturm et al. (1997) or
/// the model FSM (Essery 2015); NaN where the conductivity is a parameter.
inline double snow_conductivity(SnowConductivity model, double density) {
  constexpr double air = 0.023, ice = 2.29; // conductivities [W m-1 K-1]
  constexpr double ice_conductivity_of_fsm = 2.24, density_of_ice = 917.0;
  switch (model) {
  case SnowConductivity::jordan:
    return air + (7.75e-5 * density + 1.105e-6 * density * density) * (ice - air);
  case SnowConductivity::sturm: {
    const double r = 1e-3 * density;
    return r < 0.156 ? 0.023 + 0.234 * r : 0.138 - 1.01 * r + 3.233 * r * r;
  }
  case SnowConductivity::fsm: {
    const double fraction = density / density_of_ice;
    return ice_conductivity_of_fsm * fraction * fraction;
  }
  case SnowConductivity::constant:
    break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Resistance [m2 K W-1] of snow of a depth [m]; that of bare ground, whose snow has no density,
/// is 0.
inline double snow_resistance(SnowConductivity model, double depth, double density) {
  return depth > 0.0 ? depth / snow_conductivity(model, density) : 0.0;
}

} // namespace glebe
