// SPDX-License-Identifier: BSD-3-Clause
// The surface energy balance of bare soil that exchanges heat by constant coefficients, and its
// derivatives. full_surface.hpp has stability, leaves, resistances and covers beside it.
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/inputs.hpp"
#include "glebe/physics/laws/saturation.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/parameter_layout.hpp"
#include "glebe/physics/vocabulary.hpp"

namespace glebe {

/// The surface's share of the parameters of a column, in the order of their enumerators: a view.
template <class Real>
struct SurfaceParameters {
  const Real* first;

  /// `values` stand in the order of `layout`.
  SurfaceParameters(const ParameterLayout& layout, const Real* values)
      : first(values + layout.position(first_surface_parameter)) {}

  const Real& operator[](Parameter parameter) const {
    return first[static_cast<std::size_t>(parameter) -
                 static_cast<std::size_t>(first_surface_parameter)];
  }
};

/// The terms of the surface energy balance [W m-2] and what else is seen of the surface, or the
/// derivatives of all of it with respect to one quantity.
template <class Real>
struct SurfaceState {
  Real net_radiation{};           ///< downward
  Real longwave_up{};             ///< upward, emitted and reflected
  Real sensible{};                ///< H, upward
  Real latent{};                  ///< LE, upward
  Real radiometric_temperature{}; ///< (LWup / (emissivity sigma))^(1/4) [K]
  Real temperature{};             ///< of the skin that radiates [K]

  Real ground() const { return net_radiation - sensible - latent; } ///< Q, into the soil

  SurfaceState& operator+=(const SurfaceState& other) {
    net_radiation += other.net_radiation;
    longwave_up += other.longwave_up;
    sensible += other.sensible;
    latent += other.latent;
    radiometric_temperature += other.radiometric_temperature;
    temperature += other.temperature;
    return *this;
  }
  friend SurfaceState operator*(const Real& factor, const SurfaceState& state) {
    return {factor * state.net_radiation,
            factor * state.longwave_up,
            factor * state.sensible,
            factor * state.latent,
            factor * state.radiometric_temperature,
            factor * state.temperature};
  }
};

/// What a kind of observation sees of the surface at z = 0: a sum of terms of the state, so that
/// its derivative is the same sum of their derivatives.
template <class Real>
Real observed(ObservationKind kind, const SurfaceState<Real>& state) {
  switch (kind) {
  case ObservationKind::surface_temperature:
    return state.temperature;
  case ObservationKind::longwave_up:
    return state.longwave_up;
  case ObservationKind::sensible_heat:
    return state.sensible;
  case ObservationKind::latent_heat:
    return state.latent;
  case ObservationKind::turbulent_heat:
    return state.sensible + state.latent;
  case ObservationKind::net_radiation:
    return state.net_radiation;
  case ObservationKind::radiometric_temperature:
    return state.radiometric_temperature;
  default:
    return state.ground();
  }
}

/// L_v / c_p [K], which turns a difference of specific humidity into one of temperature.
inline constexpr double humidity_to_temperature =
    latent_heat_of_vaporisation / heat_capacity_of_air;

/// Of a surface that is taken to send out no more than emissivity sigma T^4 [K].
template <class Real>
[[gnu::always_inline]] inline Real radiometric_temperature(const Real& longwave_up,
                                                           const Real& emissivity) {
  return square_root(square_root(Real(longwave_up / (emissivity * stefan_boltzmann))));
}

// Always inlined: Newton's iteration waits for them, uses the fluxes only and leaves out the rest.
// And GCC 12 takes a result of several vectors, returned in memory, for one that the call has not
// written (-fipa-modref; surface_test fails where surface_state_dp is a call).

/// What the surface receives and sends out by radiation at T_0 [K]; no turbulent fluxes.
template <class Real>
[[gnu::always_inline]] inline SurfaceState<Real> radiation(const SurfaceForm& form, const Real& T_0,
                                                           const Inputs<Real>& F,
                                                           const SurfaceParameters<Real>& P) {
  SurfaceState<Real> state;
  state.temperature = T_0;
  const Real& emissivity = P[Parameter::emissivity];
  const Real T_0_squared = T_0 * T_0;
  const Real emitted = emissivity * stefan_boltzmann * (T_0_squared * T_0_squared);
  const bool absorbed = form.longwave == Longwave::absorbed;
  state.longwave_up = absorbed ? Real(emitted + (1.0 - emissivity) * F[Input::longwave]) : emitted;
  state.net_radiation =
      (1.0 - P[Parameter::albedo]) * F[Input::shortwave] + F[Input::longwave] - state.longwave_up;

  state.radiometric_temperature = radiometric_temperature(state.longwave_up, emissivity);
  return state;
}

/// The state at surface temperature T_0 [K].
template <class Real>
[[gnu::always_inline]] inline SurfaceState<Real>
surface_state(const SurfaceForm& form, const Real& T_0, const Inputs<Real>& F,
              const SurfaceParameters<Real>& P) {
  SurfaceState<Real> state = radiation(form, T_0, F, P);
  const Real transfer =
      P[Parameter::heat_transfer] + P[Parameter::heat_transfer_wind] * F[Input::wind];
  state.sensible = transfer * (T_0 - F[Input::air_temperature]);
  switch (form.turbulence) {
  case Turbulence::bowen:
    state.latent = state.sensible / P[Parameter::bowen_ratio];
    break;
  case Turbulence::humidity:
    state.latent = P[Parameter::latent_transfer] * humidity_to_temperature *
                   (saturation_humidity(T_0, F[Input::pressure]).value - F[Input::humidity]);
    break;
  case Turbulence::combined:
    break;
  }
  return state;
}

/// The derivatives of radiation() with respect to T_0 [per K].
template <class Real>
[[gnu::always_inline]] inline SurfaceState<Real>
radiation_dT(const SurfaceForm& form, const Real& T_0, const Inputs<Real>& F,
             const SurfaceParameters<Real>& P) {
  SurfaceState<Real> slope;
  slope.temperature = 1.0;
  slope.longwave_up = 4.0 * stefan_boltzmann * P[Parameter::emissivity] * (T_0 * T_0 * T_0);
  slope.net_radiation = -slope.longwave_up;
  const Real longwave_up = radiation(form, T_0, F, P).longwave_up;
  slope.radiometric_temperature = radiometric_temperature(longwave_up, P[Parameter::emissivity]) *
                                  slope.longwave_up / (4.0 * longwave_up);
  return slope;
}

/// The derivatives of the state with respect to the surface temperature [per K].
template <class Real>
[[gnu::always_inline]] inline SurfaceState<Real>
surface_state_dT(const SurfaceForm& form, const Real& T_0, const Inputs<Real>& F,
                 const SurfaceParameters<Real>& P) {
  SurfaceState<Real> slope = radiation_dT(form, T_0, F, P);
  slope.sensible = P[Parameter::heat_transfer] + P[Parameter::heat_transfer_wind] * F[Input::wind];
  switch (form.turbulence) {
  case Turbulence::bowen:
    slope.latent = slope.sensible / P[Parameter::bowen_ratio];
    break;
  case Turbulence::humidity:
    slope.latent = P[Parameter::latent_transfer] * humidity_to_temperature *
                   saturation_humidity(T_0, F[Input::pressure]).slope;
    break;
  case Turbulence::combined:
    break;
  }
  return slope;
}

/// The derivatives of radiation() with respect to one parameter at fixed T_0.
template <class Real>
[[gnu::always_inline]] inline SurfaceState<Real>
radiation_dp(const SurfaceForm& form, Parameter parameter, const Real& T_0, const Inputs<Real>& F,
             const SurfaceParameters<Real>& P) {
  SurfaceState<Real> slope;
  if (parameter == Parameter::albedo) slope.net_radiation = -F[Input::shortwave];
  if (parameter == Parameter::emissivity) {
    const Real emitted = stefan_boltzmann * T_0 * T_0 * T_0 * T_0;
    slope.longwave_up =
        form.longwave == Longwave::absorbed ? Real(emitted - F[Input::longwave]) : emitted;
    slope.net_radiation = -slope.longwave_up;
    const SurfaceState<Real> state = radiation(form, T_0, F, P);
    slope.radiometric_temperature =
        0.25 * state.radiometric_temperature *
        (slope.longwave_up / state.longwave_up - 1.0 / P[Parameter::emissivity]);
  }
  return slope;
}

/// The derivatives of the state with respect to one parameter at fixed surface temperature; zero
/// for a parameter that does not act at the surface.
template <class Real>
[[gnu::always_inline]] inline SurfaceState<Real>
surface_state_dp(const SurfaceForm& form, Parameter parameter, const Real& T_0,
                 const Inputs<Real>& F, const SurfaceParameters<Real>& P) {
  SurfaceState<Real> slope = radiation_dp(form, parameter, T_0, F, P);
  const bool bowen = form.turbulence == Turbulence::bowen;
  const Real warmer = T_0 - F[Input::air_temperature];
  switch (parameter) {
  case Parameter::heat_transfer:
    slope.sensible = warmer;
    if (bowen) slope.latent = warmer / P[Parameter::bowen_ratio];
    break;
  case Parameter::heat_transfer_wind:
    slope.sensible = F[Input::wind] * warmer;
    if (bowen) slope.latent = slope.sensible / P[Parameter::bowen_ratio];
    break;
  case Parameter::latent_transfer:
    if (form.turbulence == Turbulence::humidity)
      slope.latent = humidity_to_temperature *
                     (saturation_humidity(T_0, F[Input::pressure]).value - F[Input::humidity]);
    break;
  case Parameter::bowen_ratio:
    if (bowen)
      slope.latent =
          -(P[Parameter::heat_transfer] + P[Parameter::heat_transfer_wind] * F[Input::wind]) *
          warmer / (P[Parameter::bowen_ratio] * P[Parameter::bowen_ratio]);
    break;
  default:
    break;
  }
  return slope;
}

} // namespace glebe
