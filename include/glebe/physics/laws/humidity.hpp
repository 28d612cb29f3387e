// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/constants.hpp"

namespace glebe {

/// Specific humidity [kg kg-1] of the vapour pressure e at pressure p [Pa].
inline double specific_humidity(double e, double p) {
  return gas_constant_ratio * e / (p - (1.0 - gas_constant_ratio) * e);
}

/// Vapour pressure [Pa] of the specific humidity q [kg kg-1] at pressure p [Pa].
inline double vapour_pressure(double q, double p) {
  return q * p / (gas_constant_ratio + (1.0 - gas_constant_ratio) * q);
}

} // namespace glebe
