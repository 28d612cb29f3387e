// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace glebe {

inline constexpr double stefan_boltzmann = 5.670374419e-8;     ///< [W m-2 K-4], CODATA 2018
inline constexpr double latent_heat_of_vaporisation = 2.501e6; ///< L_v [J kg-1]
inline constexpr double heat_capacity_of_air = 1004.64;        ///< c_p [J kg-1 K-1]
inline constexpr double gas_constant_ratio = 0.622;            ///< R_d / R_v [1]
inline constexpr double freezing_temperature = 273.15;         ///< 0 degC [K]
inline constexpr double gravity = 9.80665;                     ///< [m s-2]
inline constexpr double gas_constant_of_air = 287.04;          ///< R_d [J kg-1 K-1]
inline constexpr double von_karman = 0.4;                      ///< [1]
inline constexpr double latent_heat_of_fusion = 3.337e5;       ///< [J kg-1]
inline constexpr double density_of_water = 1000.0;             ///< [kg m-3]
inline constexpr double heat_capacity_of_water = 4.188e6;      ///< [J m-3 K-1]
inline constexpr double heat_capacity_of_ice = 1.94e6;         ///< [J m-3 K-1]
inline constexpr double conductivity_of_water = 0.57;          ///< [W m-1 K-1]
inline constexpr double conductivity_of_ice = 2.2;             ///< [W m-1 K-1]

} // namespace glebe
