// SPDX-License-Identifier: BSD-3-Clause
// Downwelling longwave radiation from the weather near the ground, where it is not measured.
#pragma once

#include "glebe/physics/constants.hpp"

#include <array>
#include <cmath>

namespace glebe {

/// The emission of a clear sky, by air temperature and vapour pressure.
enum class LongwaveModel { none, brutsaert, prata, dilley_obrien };
/// How clouds raise it.
enum class Cloud { none, crawford_duchon, tva };

inline constexpr std::array longwave_model_names{"none", "brutsaert", "prata", "dilley_obrien"};
inline constexpr std::array cloud_names{"none", "crawford_duchon", "tva"};

/// The emissivity of a clear sky, 0 without a model, at air temperature T [K] and vapour pressure e
/// [Pa]. Brutsaert (1975), Water Resour. Res. 11, 742-744; Prata (1996), Q. J. R. Meteorol. Soc.
/// 122, 1127-1151; Dilley and O'Brien (1998), Q. J. R. Meteorol. Soc. 124, 1391-1401, whose law is
/// one of the radiation itself. The precipitable water of the last two, w [cm], is Prata's.
inline double clear_sky_emissivity(LongwaveModel model, double T, double e) {
  const double hectopascal = 0.01 * e, w = 46.5 * hectopascal / T;
  switch (model) {
  case LongwaveModel::none:
    return 0.0;
  case LongwaveModel::brutsaert:
    return 1.24 * std::pow(hectopascal / T, 1.0 / 7.0);
  case LongwaveModel::prata:
    return 1.0 - (1.0 + w) * std::exp(-std::sqrt(1.2 + 3.0 * w));
  case LongwaveModel::dilley_obrien:
    break;
  }
  const double radiation = 59.38 + 113.7 * std::pow(T / 273.16, 6.0) + 96.96 * std::sqrt(w / 2.5);
  return radiation / (stefan_boltzmann * T * T * T * T);
}

/// The emissivity under clouds, c = 0 (clear) to 1 (overcast), from that of the clear sky: Crawford
/// and Duchon (1999), J. Appl. Meteorol. 38, 474-480, whose clouds are black and whose c is what
/// they take off the sun; Tennessee Valley Authority (1972), Report 14, whose c is their cover.
inline double cloudy_emissivity(Cloud cloud, double clear, double c) {
  switch (cloud) {
  case Cloud::none:
    return clear;
  case Cloud::crawford_duchon:
    return c + (1.0 - c) * clear;
  case Cloud::tva:
    break;
  }
  return (1.0 + 0.17 * c * c) * clear;
}

/// Downwelling longwave radiation [W m-2] of air at T [K] under a sky of this emissivity.
inline double longwave_down(double emissivity, double T) {
  return emissivity * stefan_boltzmann * T * T * T * T;
}

/// The part of the radiation above the atmosphere that a clear sky lets through at pressure p [Pa]:
/// 0.75 + 2e-5 per metre of height, Allen et al. (1998), FAO Irrigation and Drainage Paper 56,
/// equations 7 and 37.
inline double clear_sky_transmissivity(double p) {
  const double height = 293.0 / 0.0065 * (1.0 - std::pow(p / 101300.0, 1.0 / 5.26));
  return 0.75 + 2e-5 * height;
}

} // namespace glebe
