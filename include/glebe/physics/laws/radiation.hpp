// SPDX-License-Identifier: BSD-3-Clause
// The radiation of a surface whose sky is not known as well as that of the bare one: the longwave
// radiation is what was given plus an error, LW + dLW, or net radiation alone was measured.
//
//   longwave_bias   radiation() of surface_state.hpp with LW + dLW for LW
//   shortwave_scale SW is what was given times it: see full_surface.hpp
//   net_radiation   R_n as it was given, whatever T_s: albedo and emissivity do not enter
//
// Always inlined, as the surface is: see surface_state.hpp.
#pragma once

#include "glebe/physics/laws/surface_state.hpp"

namespace glebe {

/// LW + dLW, the longwave radiation that comes down [W m-2].
template <class Real>
[[gnu::always_inline]] inline Real longwave_down(const SurfaceForm& form, const Inputs<Real>& F,
                                                 const SurfaceParameters<Real>& P) {
  const Real& LW = F[Input::longwave];
  return form.longwave_bias ? Real(LW + P[Parameter::longwave_bias]) : LW;
}

/// The share of LW + dLW that the surface absorbs [1].
template <class Real>
[[gnu::always_inline]] inline Real longwave_absorbed(const SurfaceForm& form,
                                                     const SurfaceParameters<Real>& P) {
  return form.longwave == Longwave::absorbed ? P[Parameter::emissivity] : Real(1.0);
}

/// What the surface absorbs of the shortwave radiation per unit of shortwave_scale, of which SW is
/// a multiple [W m-2].
template <class Real>
[[gnu::always_inline]] inline Real absorbed_by_scale(const Real& SW,
                                                     const SurfaceParameters<Real>& P) {
  return (1.0 - P[Parameter::albedo]) * SW / P[Parameter::shortwave_scale];
}

/// The radiation under given inputs, and its derivatives, without the turbulent fluxes. Of net
/// radiation the upward longwave radiation is not known: what is seen of it stays zero.
template <class Real>
class Radiation {
public:
  [[gnu::always_inline]] Radiation(const SurfaceForm& form, const Inputs<Real>& F,
                                   const SurfaceParameters<Real>& P)
      : form_(form), P_(P), SW_(F[Input::shortwave]), LW_(longwave_down(form, F, P)),
        R_n_(F[Input::net_radiation]) {}

  /// At the surface temperature T_s [K].
  [[gnu::always_inline]] SurfaceState<Real> at(const Real& T_s) const {
    if (!form_.net_radiation) return radiation(form_, T_s, sky(), P_);
    SurfaceState<Real> state;
    state.temperature = T_s;
    state.net_radiation = R_n_;
    return state;
  }
  /// By T_s [per K].
  [[gnu::always_inline]] SurfaceState<Real> slope(const Real& T_s) const {
    if (!form_.net_radiation) return radiation_dT(form_, T_s, sky(), P_);
    SurfaceState<Real> slope;
    slope.temperature = 1.0;
    return slope;
  }
  /// By a parameter at fixed T_s.
  [[gnu::always_inline]] SurfaceState<Real> slope(Parameter parameter, const Real& T_s) const {
    if (form_.net_radiation) return {};
    SurfaceState<Real> slope = radiation_dp(form_, parameter, T_s, sky(), P_);
    if (parameter == Parameter::shortwave_scale) slope.net_radiation = absorbed_by_scale(SW_, P_);
    if (parameter != Parameter::longwave_bias || !form_.longwave_bias) return slope;
    slope.net_radiation = longwave_absorbed(form_, P_);
    slope.longwave_up = 1.0 - slope.net_radiation;
    const SurfaceState<Real> state = radiation(form_, T_s, sky(), P_);
    slope.radiometric_temperature =
        0.25 * state.radiometric_temperature * slope.longwave_up / state.longwave_up;
    return slope;
  }

private:
  [[gnu::always_inline]] Inputs<Real> sky() const {
    Inputs<Real> F;
    F[Input::shortwave] = SW_;
    F[Input::longwave] = LW_;
    return F;
  }

  const SurfaceForm& form_;
  const SurfaceParameters<Real>& P_;
  Real SW_, LW_, R_n_;
};

} // namespace glebe
