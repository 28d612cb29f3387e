// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/vocabulary.hpp"

#include <numbers>

namespace glebe {

/// How the energy balance of the surface is written (namelist group &surface).
struct SurfaceForm {
  Longwave longwave = Longwave::absorbed;
  Turbulence turbulence = Turbulence::combined;
  bool covered = false; ///< by something with a resistance
  bool snow = false;    ///< of measured depth is part of it
  /// Its conductivity follows from its density: Input::snow_depth is its resistance [m2 K W-1].
  bool snow_by_density = false;
  Exchange exchange = Exchange::coefficients;
  HeatRoughness heat_roughness = HeatRoughness::zeng_dickinson;
  Evaporation evaporation = Evaporation::coefficient;
  bool canopy = false;               ///< leaves stand over part of the soil
  bool longwave_bias = false;        ///< the longwave radiation has an error, which is a parameter
  bool shortwave_scale = false;      ///< likewise the shortwave radiation, a factor
  bool air_temperature_bias = false; ///< likewise the air temperature
  bool net_radiation = false;        ///< is given in place of its parts
  double wind_height = 0.0;          ///< of the anemometer over the displacement height [m]
  double air_height = 0.0;           ///< of the thermometer over the displacement height [m]
  double porosity = 0.43;   ///< of the uppermost soil, for its resistance to evaporation [1]
  double retention_b = 4.9; ///< b of Clapp and Hornberger, likewise [1]
  double air_entry = 0.218; ///< suction at which air enters, likewise [m]

  /// Whether parameters correct the weather that the surface is given.
  bool corrects_weather() const { return shortwave_scale || air_temperature_bias; }
  /// Whether bare soil exchanges heat by constant coefficients: the equations of BareSurface.
  bool plain() const {
    return !covered && !canopy && !longwave_bias && !corrects_weather() && !net_radiation &&
           exchange == Exchange::coefficients && evaporation == Evaporation::coefficient;
  }
};

/// How the properties of the soil follow from water and temperature (namelist group &soil).
struct SoilForm {
  Properties properties = Properties::constant;
  ConductivityModel conductivity = ConductivityModel::cote_konrad;
  FreezingModel freezing = FreezingModel::power;
  FrozenConductivity frozen = FrozenConductivity::geometric;
  bool water_flows = false;    ///< through the soil: water_flux
  bool water_measured = false; ///< the water content is an input
};

/// Which equations are solved, the same for all columns.
struct ModelForm {
  Scheme scheme = Scheme::sdirk2;
  Bottom bottom = Bottom::temperature;
  Initial initial = Initial::uniform;
  SurfaceForm surface;
  double dt = 3600.0; ///< time step [s]
  Top top = Top::balance;
  bool measured_bottom = false; ///< the temperature or flux at the bottom is an input
  SoilForm soil = {};
};

/// kersten_shape: silt and clay (Cote and Konrad 2005), fine soil (Johansen 1975; Lu et al. 2007),
/// half sand (Balland and Arp 2005).
constexpr double default_kersten_shape(ConductivityModel model) {
  switch (model) {
  case ConductivityModel::cote_konrad:
    return 1.9;
  case ConductivityModel::johansen:
    return 1.0;
  case ConductivityModel::lu:
    return 0.27;
  case ConductivityModel::balland_arp:
    break;
  }
  return 0.44;
}

/// The value of a parameter that is not given; NaN where it must be. heat_roughness: a of Zeng and
/// Dickinson (1998), or ln 10 for z0h = z0m / 10.
constexpr double default_value(Parameter parameter, const SoilForm& soil,
                               const SurfaceForm& surface) {
  if (parameter == Parameter::kersten_shape) return default_kersten_shape(soil.conductivity);
  if (parameter == Parameter::heat_roughness)
    return surface.heat_roughness == HeatRoughness::constant ? std::numbers::ln10 : 0.13;
  return info(parameter).default_value;
}

/// How the initial state is spun up.
struct SpinUp {
  double tolerance = 1e-3; ///< largest change of the profile over a repetition [K]
  int max_cycles = 200;
};

} // namespace glebe
