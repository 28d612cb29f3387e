// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace glebe {

inline constexpr double stefan_boltzmann = 5.670374419e-8;     ///< [W m-2 K-4], CODATA 2018
inline constexpr double latent_heat_of_vaporisation = 2.501e6; ///< L_v [J kg-1]
inline constexpr double heat_capacity_of_air = 1004.64;        ///< c_p [J kg-1 K-1]
inline constexpr double gas_constant_ratio = 0.622;            ///< R_d / R_v [1]
inline constexpr double freezing_temperature = 273.15;         ///< 0 degC [K]

} // namespace glebe
