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
/// How the air takes up heat: by coefficients, these times a function of stability, or by roughness
/// lengths.
enum class Exchange { coefficients, stability, louis };
/// ln(z0m / z0h): with the 0.45th power of the roughness Reynolds number, or constant.
enum class HeatRoughness { zeng_dickinson, constant };
/// What evaporation from the soil meets besides humidity: a coefficient, or the resistance of the
/// air and one of the soil: a parameter, or from its moisture.
enum class Evaporation { coefficient, resistance, sellers, dry_layer };
/// What the properties of the soil depend on: nothing, its water, its water and ice.
enum class Properties { constant, moist, freezing };
/// Kersten's number, from dry (0) to saturated (1), as a function of saturation.
enum class ConductivityModel { cote_konrad, johansen, lu, balland_arp };
/// The water that is liquid below 0 degC.
enum class FreezingModel { power, van_genuchten, linear };
/// The conductivity of snow: a parameter, or a function of its density.
enum class SnowConductivity { constant, jordan, sturm, fsm };
/// The conductivity between thawed and frozen.
enum class FrozenConductivity { geometric, kersten };

inline constexpr std::array scheme_names{"backward_euler", "crank_nicolson", "sdirk2"};
inline constexpr std::array bottom_names{"temperature", "flux"};
inline constexpr std::array initial_names{"uniform", "profile", "file", "spinup"};
inline constexpr std::array longwave_names{"absorbed", "full"};
inline constexpr std::array turbulence_names{"bowen", "humidity", "combined"};
inline constexpr std::array snow_conductivity_names{"constant", "jordan", "sturm", "fsm"};
inline constexpr std::array exchange_names{"coefficients", "stability", "louis"};
inline constexpr std::array heat_roughness_names{"zeng_dickinson", "constant"};
inline constexpr std::array evaporation_names{"coefficient", "resistance", "sellers", "dry_layer"};
inline constexpr std::array properties_names{"constant", "moist", "freezing"};
inline constexpr std::array conductivity_model_names{"cote_konrad", "johansen", "lu",
                                                     "balland_arp"};
inline constexpr std::array freezing_model_names{"power", "van_genuchten", "linear"};
inline constexpr std::array frozen_conductivity_names{"geometric", "kersten"};

enum class Parameter {
  thermal_conductivity,
  heat_capacity,
  porosity,
  water_content,
  dry_conductivity,
  solid_conductivity,
  kersten_shape,
  frozen_kersten_shape,
  solid_heat_capacity,
  freezing_a,
  freezing_b,
  retention_alpha,
  retention_n,
  freezing_window,
  unfrozen_water,
  water_flux,
  albedo,
  emissivity,
  longwave_bias,
  shortwave_scale,
  air_temperature_bias,
  heat_transfer,
  heat_transfer_wind,
  latent_transfer,
  bowen_ratio,
  stability,
  roughness_length,
  heat_roughness,
  surface_resistance,
  dry_layer,
  vegetation_fraction,
  canopy_transfer,
  cover_resistance,
  snow_conductivity,
  deep_temperature,
  geothermal_flux,
  top_offset,
  top_flux_offset,
  bottom_offset,
  bottom_flux_offset,
  initial_temperature,
  sensor_depth,
  sensor_bias
};
inline constexpr std::size_t parameter_count = 43;
inline constexpr Parameter first_surface_parameter = Parameter::albedo;
inline constexpr Parameter first_end_parameter = Parameter::deep_temperature;

/// Where a parameter lives: one value per horizon, one per column (of its surface or of what is
/// given at its ends), one per knot in depth, or one per stream of observations.
enum class Place { horizon, surface, end, knot, stream };

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
/// A default that the form of the model or the stream decides: see default_value().
inline constexpr double depends_on_model = std::numeric_limits<double>::infinity();

/// Indexed by Parameter.
inline constexpr std::array<ParameterInfo, parameter_count> parameter_table{{
    {"thermal_conductivity", "lambda", "W m-1 K-1", "soil thermal conductivity", Place::horizon, 0,
     1e3, true, must_be_given},
    {"heat_capacity", "C", "J m-3 K-1", "soil volumetric heat capacity", Place::horizon, 0, 1e9,
     true, must_be_given},
    {"porosity", "n", "1", "soil porosity", Place::horizon, 0, 0.999, true, 0.45},
    {"water_content", "w", "1", "volumetric water content, ice included", Place::horizon, 0, 0.999,
     true, must_be_given},
    {"dry_conductivity", "lambda_dry", "W m-1 K-1", "thermal conductivity of the dry soil",
     Place::horizon, 0, 1e2, true, 0.25},
    {"solid_conductivity", "lambda_s", "W m-1 K-1", "thermal conductivity of the soil's solids",
     Place::horizon, 0, 1e2, true, 3.0},
    {"kersten_shape", "kappa", "1", "shape of the conductivity between dry and saturated",
     Place::horizon, 0, 1e2, true, depends_on_model},
    {"frozen_kersten_shape", "kappa_f", "1",
     "shape of the conductivity between dry and saturated, frozen", Place::horizon, 0, 1e2, true,
     0.85},
    {"solid_heat_capacity", "C_s", "J m-3 K-1", "volumetric heat capacity of the soil's solids",
     Place::horizon, 0, 1e9, true, 2.1e6},
    {"freezing_a", "a", "degC^b", "factor of the unfrozen water a |T|^-b", Place::horizon, 0, 10,
     true, 0.05},
    {"freezing_b", "b", "1", "exponent of the unfrozen water a |T|^-b", Place::horizon, 0, 10, true,
     0.5},
    {"retention_alpha", "alpha", "m-1", "alpha of van Genuchten's retention of water",
     Place::horizon, 0, 1e3, true, 1.0},
    {"retention_n", "n_vG", "1", "n of van Genuchten's retention of water", Place::horizon, 1, 20,
     true, 1.4},
    {"freezing_window", "dT_f", "K", "window below 0 degC in which the water freezes",
     Place::horizon, 0, 50, true, 0.5},
    {"unfrozen_water", "w_r", "1", "water that does not freeze", Place::horizon, 0, 0.999, false,
     0.0},
    {"water_flux", "q_w", "m s-1", "downward flux of water through the soil", Place::horizon, -1, 1,
     false, 0.0},
    {"albedo", "albedo", "1", "surface albedo", Place::surface, 0, 1, false, must_be_given},
    {"emissivity", "emissivity", "1", "surface longwave emissivity", Place::surface, 0, 1, true,
     must_be_given},
    {"longwave_bias", "dLW", "W m-2", "error of the downwelling longwave radiation, added to it",
     Place::surface, -100, 100, false, 0},
    {"shortwave_scale", "s_SW", "1",
     "factor that corrects the downwelling shortwave radiation, of which it becomes a multiple",
     Place::surface, 0, 10, true, 1},
    {"air_temperature_bias", "dT_a", "K", "error of the air temperature, added to it",
     Place::surface, -50, 50, false, 0},
    {"heat_transfer", "h", "W m-2 K-1", "surface heat transfer coefficient", Place::surface, 0, 1e4,
     false, must_be_given},
    {"heat_transfer_wind", "h_wind", "W s m-3 K-1",
     "surface heat transfer coefficient per unit wind speed", Place::surface, 0, 1e4, false, 0},
    {"latent_transfer", "h_latent", "W m-2 K-1", "surface latent heat transfer coefficient",
     Place::surface, 0, 1e4, false, must_be_given},
    {"bowen_ratio", "bowen_ratio", "1", "ratio of sensible to latent heat flux", Place::surface,
     -no_limit, no_limit, false, must_be_given},
    {"stability", "b", "1", "factor of the Richardson number in stable air, 1: leave it",
     Place::surface, 0, 100, false, 1},
    {"roughness_length", "z0m", "m", "roughness length of the surface for momentum", Place::surface,
     0, 10, true, must_be_given},
    {"heat_roughness", "a", "1", "factor of ln(z0m / z0h), or its value", Place::surface, 0, 100,
     false, depends_on_model},
    {"surface_resistance", "r_s", "s m-1", "resistance of the soil to evaporation", Place::surface,
     0, 1e6, false, must_be_given},
    {"dry_layer", "d_max", "m", "depth of the dry layer of a soil that has dried out",
     Place::surface, 0, 1, false, 0.015},
    {"vegetation_fraction", "f_v", "1", "fraction of the soil under leaves or residue",
     Place::surface, 0, 1, false, 0},
    {"canopy_transfer", "h_v", "W m-2 K-1 (m/s)^-1/2",
     "heat transfer coefficient of the leaves per root of the wind speed", Place::surface, 0, 100,
     true, must_be_given},
    {"cover_resistance", "R", "m2 K W-1", "thermal resistance of what covers the soil",
     Place::surface, 0, 1e3, false, 0},
    {"snow_conductivity", "lambda_snow", "W m-1 K-1", "thermal conductivity of the snow",
     Place::surface, 0, 1e2, true, must_be_given},
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
    {"sensor_depth", "z_s", "m", "depth at which the sensor of a stream is", Place::stream, 0,
     no_limit, false, depends_on_model},
    {"sensor_bias", "b_s", "K or W m-2",
     "error of the sensor of a stream, added to what the model says of it", Place::stream, -1e3,
     1e3, false, 0},
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
