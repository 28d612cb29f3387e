// SPDX-License-Identifier: BSD-3-Clause
// The surface energy balance and its derivatives. A surface parameter is one row in
// vocabulary.hpp, its term in surface_fluxes() and its case in surface_fluxes_dp().
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/inputs.hpp"
#include "glebe/physics/laws/saturation.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/parameter_layout.hpp"
#include "glebe/physics/vocabulary.hpp"

namespace glebe {

template <class Real>
struct SurfaceParameters {
  Real albedo;
  Real emissivity;
  Real heat_transfer;
  Real heat_transfer_wind;
  Real latent_transfer;
  Real bowen_ratio;
};

/// The surface's share of the parameters of a column, which stand in the order of `layout`.
template <class Real>
SurfaceParameters<Real> surface_parameters(const ParameterLayout& layout, const Real* values) {
  return {values[layout.position(Parameter::albedo)],
          values[layout.position(Parameter::emissivity)],
          values[layout.position(Parameter::heat_transfer)],
          values[layout.position(Parameter::heat_transfer_wind)],
          values[layout.position(Parameter::latent_transfer)],
          values[layout.position(Parameter::bowen_ratio)]};
}

/// The terms of the surface energy balance [W m-2], or their derivatives with respect to one
/// quantity [W m-2 per unit of it].
template <class Real>
struct SurfaceFluxes {
  Real net_radiation{}; ///< downward
  Real longwave_up{};   ///< upward, emitted and reflected
  Real sensible{};      ///< H, upward
  Real latent{};        ///< LE, upward

  Real ground() const { return net_radiation - sensible - latent; } ///< Q, into the soil

  SurfaceFluxes& operator+=(const SurfaceFluxes& other) {
    net_radiation += other.net_radiation;
    longwave_up += other.longwave_up;
    sensible += other.sensible;
    latent += other.latent;
    return *this;
  }
  friend SurfaceFluxes operator*(const Real& factor, const SurfaceFluxes& flux) {
    return {factor * flux.net_radiation, factor * flux.longwave_up, factor * flux.sensible,
            factor * flux.latent};
  }
};

/// L_v / c_p [K], which turns a difference of specific humidity into one of temperature.
inline constexpr double humidity_to_temperature =
    latent_heat_of_vaporisation / heat_capacity_of_air;

// Always inlined, because Newton's iteration waits for them and calls would hold it up.

/// The fluxes at surface temperature T_0 [K].
template <class Real>
[[gnu::always_inline]] inline SurfaceFluxes<Real>
surface_fluxes(const SurfaceForm& form, const Real& T_0, const Inputs<Real>& F,
               const SurfaceParameters<Real>& P) {
  SurfaceFluxes<Real> flux;
  const Real T_0_squared = T_0 * T_0;
  const Real emitted = P.emissivity * stefan_boltzmann * (T_0_squared * T_0_squared);
  const bool absorbed = form.longwave == Longwave::absorbed;
  flux.longwave_up = absorbed ? Real(emitted + (1.0 - P.emissivity) * F[Input::longwave]) : emitted;
  flux.net_radiation =
      (1.0 - P.albedo) * F[Input::shortwave] + F[Input::longwave] - flux.longwave_up;

  const Real transfer = P.heat_transfer + P.heat_transfer_wind * F[Input::wind];
  flux.sensible = transfer * (T_0 - F[Input::air_temperature]);
  switch (form.turbulence) {
  case Turbulence::bowen:
    flux.latent = flux.sensible / P.bowen_ratio;
    break;
  case Turbulence::humidity:
    flux.latent = P.latent_transfer * humidity_to_temperature *
                  (saturation_humidity(T_0, F[Input::pressure]).value - F[Input::humidity]);
    break;
  case Turbulence::combined:
    break;
  }
  return flux;
}

/// Derivatives of the fluxes with respect to the surface temperature [W m-2 K-1].
template <class Real>
[[gnu::always_inline]] inline SurfaceFluxes<Real>
surface_fluxes_dT(const SurfaceForm& form, const Real& T_0, const Inputs<Real>& F,
                  const SurfaceParameters<Real>& P) {
  SurfaceFluxes<Real> slope;
  slope.longwave_up = 4.0 * stefan_boltzmann * P.emissivity * (T_0 * T_0 * T_0);
  slope.net_radiation = -slope.longwave_up;
  slope.sensible = P.heat_transfer + P.heat_transfer_wind * F[Input::wind];
  switch (form.turbulence) {
  case Turbulence::bowen:
    slope.latent = slope.sensible / P.bowen_ratio;
    break;
  case Turbulence::humidity:
    slope.latent = P.latent_transfer * humidity_to_temperature *
                   saturation_humidity(T_0, F[Input::pressure]).slope;
    break;
  case Turbulence::combined:
    break;
  }
  return slope;
}

/// Derivatives of the fluxes with respect to one parameter at fixed surface temperature; zero for
/// a parameter that does not act at the surface.
template <class Real>
SurfaceFluxes<Real> surface_fluxes_dp(const SurfaceForm& form, Parameter parameter, const Real& T_0,
                                      const Inputs<Real>& F, const SurfaceParameters<Real>& P) {
  SurfaceFluxes<Real> slope;
  const bool bowen = form.turbulence == Turbulence::bowen;
  const Real warmer = T_0 - F[Input::air_temperature];
  switch (parameter) {
  case Parameter::albedo:
    slope.net_radiation = -F[Input::shortwave];
    break;
  case Parameter::emissivity: {
    const Real emitted = stefan_boltzmann * T_0 * T_0 * T_0 * T_0;
    slope.longwave_up =
        form.longwave == Longwave::absorbed ? Real(emitted - F[Input::longwave]) : emitted;
    slope.net_radiation = -slope.longwave_up;
    break;
  }
  case Parameter::heat_transfer:
    slope.sensible = warmer;
    if (bowen) slope.latent = warmer / P.bowen_ratio;
    break;
  case Parameter::heat_transfer_wind:
    slope.sensible = F[Input::wind] * warmer;
    if (bowen) slope.latent = slope.sensible / P.bowen_ratio;
    break;
  case Parameter::latent_transfer:
    if (form.turbulence == Turbulence::humidity)
      slope.latent = humidity_to_temperature *
                     (saturation_humidity(T_0, F[Input::pressure]).value - F[Input::humidity]);
    break;
  case Parameter::bowen_ratio:
    if (bowen)
      slope.latent = -(P.heat_transfer + P.heat_transfer_wind * F[Input::wind]) * warmer /
                     (P.bowen_ratio * P.bowen_ratio);
    break;
  default:
    break;
  }
  return slope;
}

} // namespace glebe
