// SPDX-License-Identifier: BSD-3-Clause
// What the model can vary and what can be observed: one row each, used by the kernel, the
// settings, the results and the documentation alike.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace glebe {

enum class Scheme { backward_euler, crank_nicolson, sdirk2 };
/// What the top of the column is given: the energy balance of the surface, or what is measured.
enum class Top { balance, temperature, flux };
enum class Bottom { temperature, flux };
enum class Initial { uniform, profile, file, spinup };
enum class Longwave { absorbed, full };
enum class Turbulence { bowen, humidity, combined };

inline constexpr std::array scheme_names{"backward_euler", "crank_nicolson", "sdirk2"};
inline constexpr std::array bottom_names{"temperature", "flux"};
inline constexpr std::array initial_names{"uniform", "profile", "file", "spinup"};
inline constexpr std::array longwave_names{"absorbed", "full"};
inline constexpr std::array turbulence_names{"bowen", "humidity", "combined"};

enum class Parameter {
  thermal_conductivity,
  heat_capacity,
  albedo,
  emissivity,
  heat_transfer,
  heat_transfer_wind,
  latent_transfer,
  bowen_ratio,
  deep_temperature,
  geothermal_flux,
  top_offset,
  top_flux_offset,
  bottom_offset,
  bottom_flux_offset,
  initial_temperature
};
inline constexpr std::size_t parameter_count = 15;
inline constexpr Parameter first_surface_parameter = Parameter::albedo;
inline constexpr Parameter first_end_parameter = Parameter::deep_temperature;

/// Where a parameter lives: one value per horizon, one per column (of its surface or of what is
/// given at its ends), or one per knot in depth.
enum class Place { horizon, surface, end, knot };

struct ParameterInfo {
  const char* name;
  const char* symbol;
  const char* unit;
  const char* long_name;
  Place place;
  double lower; ///< physically allowed range
  double upper;
  bool lower_excluded;  ///< the lower end itself is not allowed
  double default_value; ///< its value unless it is given; must_be_given where it has none
};

inline constexpr double no_limit = 1e30;
inline constexpr double must_be_given = std::numeric_limits<double>::quiet_NaN();

/// Indexed by Parameter.
inline constexpr std::array<ParameterInfo, parameter_count> parameter_table{{
    {"thermal_conductivity", "lambda", "W m-1 K-1", "soil thermal conductivity", Place::horizon, 0,
     1e3, true, must_be_given},
    {"heat_capacity", "C", "J m-3 K-1", "soil volumetric heat capacity", Place::horizon, 0, 1e9,
     true, must_be_given},
    {"albedo", "albedo", "1", "surface albedo", Place::surface, 0, 1, false, must_be_given},
    {"emissivity", "emissivity", "1", "surface longwave emissivity", Place::surface, 0, 1, true,
     must_be_given},
    {"heat_transfer", "h", "W m-2 K-1", "surface heat transfer coefficient", Place::surface, 0, 1e4,
     false, must_be_given},
    {"heat_transfer_wind", "h_wind", "W s m-3 K-1",
     "surface heat transfer coefficient per unit wind speed", Place::surface, 0, 1e4, false, 0},
    {"latent_transfer", "h_latent", "W m-2 K-1", "surface latent heat transfer coefficient",
     Place::surface, 0, 1e4, false, must_be_given},
    {"bowen_ratio", "bowen_ratio", "1", "ratio of sensible to latent heat flux", Place::surface,
     -no_limit, no_limit, false, must_be_given},
    {"deep_temperature", "T_b", "K", "soil temperature at the bottom", Place::end, 150, 400, false,
     must_be_given},
    {"geothermal_flux", "q_b", "W m-2", "heat flux into the soil from below", Place::end, -no_limit,
     no_limit, false, must_be_given},
    {"top_offset", "dT_top", "K", "error of the temperature measured at the top, added to it",
     Place::end, -50, 50, false, 0},
    {"top_flux_offset", "dq_top", "W m-2",
     "error of the heat flux measured at the top, added to it", Place::end, -1e3, 1e3, false, 0},
    {"bottom_offset", "dT_bottom", "K",
     "error of the temperature measured at the bottom, added to it", Place::end, -50, 50, false, 0},
    {"bottom_flux_offset", "dq_bottom", "W m-2",
     "error of the heat flux measured at the bottom, added to it", Place::end, -1e3, 1e3, false, 0},
    {"initial_temperature", "T_0", "K", "initial soil temperature", Place::knot, 150, 400, false,
     must_be_given},
}};

constexpr bool place_begins_at(Place place, Parameter first) {
  const auto p = static_cast<std::size_t>(first);
  return parameter_table[p].place == place && parameter_table[p - 1].place != place;
}

// A column's values stand in the order of places: what reads them by position relies on it.
static_assert(std::ranges::is_sorted(parameter_table, {}, &ParameterInfo::place));
static_assert(place_begins_at(Place::surface, first_surface_parameter) &&
              place_begins_at(Place::end, first_end_parameter));

constexpr const ParameterInfo& info(Parameter parameter) {
  return parameter_table[static_cast<std::size_t>(parameter)];
}

enum class ObservationKind {
  soil_temperature,
  surface_temperature,
  radiometric_temperature,
  longwave_up,
  ground_heat_flux,
  sensible_heat,
  latent_heat,
  turbulent_heat,
  net_radiation
};
inline constexpr std::size_t observation_kind_count = 9;

struct ObservationKindInfo {
  const char* name;
  const char* unit;
  const char* standard_name; ///< CF standard name, empty where CF has none
  const char* long_name;
  bool has_depth;
  double lower; ///< range in which a value is believable: outside it, units are wrong
  double upper;
};

/// Indexed by ObservationKind.
inline constexpr std::array<ObservationKindInfo, observation_kind_count> observation_kind_table{{
    {"soil_temperature", "K", "soil_temperature", "soil temperature", true, 150, 400},
    {"surface_temperature", "K", "surface_temperature", "surface temperature", false, 150, 400},
    {"radiometric_temperature", "K", "", "radiometric surface temperature", false, 150, 400},
    {"longwave_up", "W m-2", "surface_upwelling_longwave_flux_in_air",
     "upwelling longwave radiation", false, 0, 2000},
    {"ground_heat_flux", "W m-2", "downward_heat_flux_in_soil", "downward heat flux in soil", true,
     -2000, 2000},
    {"sensible_heat", "W m-2", "surface_upward_sensible_heat_flux", "upward sensible heat flux",
     false, -2000, 2000},
    {"latent_heat", "W m-2", "surface_upward_latent_heat_flux", "upward latent heat flux", false,
     -2000, 2000},
    {"turbulent_heat", "W m-2", "", "upward sensible and latent heat flux together", false, -2000,
     2000},
    {"net_radiation", "W m-2", "surface_net_downward_radiative_flux", "net downward radiation",
     false, -2000, 2000},
}};

constexpr const ObservationKindInfo& info(ObservationKind kind) {
  return observation_kind_table[static_cast<std::size_t>(kind)];
}

} // namespace glebe
