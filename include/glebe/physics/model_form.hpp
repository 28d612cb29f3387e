// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/vocabulary.hpp"

namespace glebe {

/// How longwave radiation and turbulence are written (namelist group &surface).
struct SurfaceForm {
  Longwave longwave = Longwave::absorbed;
  Turbulence turbulence = Turbulence::combined;
  bool covered = false; ///< by something with a resistance
  bool snow = false;    ///< of measured depth is part of it
  /// Its conductivity follows from its density: Input::snow_depth is its resistance [m2 K W-1].
  bool snow_by_density = false;
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

/// The value of a parameter that is not given; NaN where it must be. kersten_shape: silt and clay
/// (Cote and Konrad 2005), fine soil (Johansen 1975; Lu et al. 2007), half sand (Balland and Arp
/// 2005).
constexpr double default_value(Parameter parameter, const SoilForm& form) {
  if (info(parameter).default_value != depends_on_model) return info(parameter).default_value;
  switch (form.conductivity) {
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

/// How the initial state is spun up.
struct SpinUp {
  double tolerance = 1e-3; ///< largest change of the profile over a repetition [K]
  int max_cycles = 200;
};

} // namespace glebe
