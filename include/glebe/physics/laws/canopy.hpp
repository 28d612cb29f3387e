// SPDX-License-Identifier: BSD-3-Clause
// Leaves, or residue, over a fraction f_v of the soil, of its albedo and emissivity, in equilibrium
// with the sky, the soil and the air:
//
//   0 = (1 - albedo) SW + LW_in + emissivity sigma (T_s^4 - 2 T_v^4) - g (T_v - T_a)
//   g = h_v sqrt(U + 0.1 m s-1)
//
// The sky sees T_v in place of T_s over f_v, and f_v g (T_v - T_a) adds to the sensible heat. LW_in
// is emissivity LW, or LW where the surface absorbs all of it. The leaves do not transpire: what
// they lose by evaporation is part of g.
#pragma once

#include "glebe/physics/laws/radiation.hpp"
#include "glebe/physics/newton.hpp"

namespace glebe {

/// The leaves under given inputs over soil of temperature T_s [K], solved for from `guess` [K].
template <class Real>
class Canopy {
public:
  [[gnu::always_inline]] Canopy(const SurfaceForm& form, const Real& T_s, const Inputs<Real>& F,
                                const SurfaceParameters<Real>& P, const Real& guess)
      : form_(form), F_(F), P_(P), T_s_(T_s), f_(P[Parameter::vegetation_fraction]),
        es_(P[Parameter::emissivity] * stefan_boltzmann),
        root_(square_root(Real(F[Input::wind] + 0.1))), g_(P[Parameter::canopy_transfer] * root_),
        T_v_(solve(guess)) {}

  /// Adds what the leaves change of the state of the soil beside them.
  [[gnu::always_inline]] void add_to(SurfaceState<Real>& state) const {
    const Real emitted = f_ * es_ * (fourth(T_v_) - fourth(T_s_));
    state.longwave_up += emitted;
    state.net_radiation -= emitted;
    state.sensible += f_ * g_ * (T_v_ - F_[Input::air_temperature]);
  }
  /// The same for the derivatives of the state with respect to T_s.
  [[gnu::always_inline]] void add_slope_to(SurfaceState<Real>& slope) const {
    const Real T_v_T = 4.0 * es_ * third(T_s_) * over_slope_;
    const Real emitted = f_ * 4.0 * es_ * (third(T_v_) * T_v_T - third(T_s_));
    slope.longwave_up += emitted;
    slope.net_radiation -= emitted;
    slope.sensible += f_ * g_ * T_v_T;
  }
  /// The same for those with respect to a parameter.
  [[gnu::always_inline]] void add_slope_to(SurfaceState<Real>& slope, Parameter parameter) const {
    const Real T_v_p = source(parameter) * over_slope_;
    const Real more = fourth(T_v_) - fourth(T_s_), warmer = T_v_ - F_[Input::air_temperature];
    Real emitted = f_ * 4.0 * es_ * third(T_v_) * T_v_p;
    slope.sensible += f_ * g_ * T_v_p;
    if (parameter == Parameter::vegetation_fraction) {
      emitted += es_ * more;
      slope.sensible += g_ * warmer;
    }
    if (parameter == Parameter::emissivity) emitted += f_ * stefan_boltzmann * more;
    if (parameter == Parameter::canopy_transfer) slope.sensible += f_ * root_ * warmer;
    if (parameter == Parameter::air_temperature_bias) slope.sensible -= f_ * g_;
    slope.longwave_up += emitted;
    slope.net_radiation -= emitted;
  }
  const Real& temperature() const { return T_v_; } ///< T_v [K]

private:
  static Real third(const Real& T) { return T * T * T; }
  static Real fourth(const Real& T) { return (T * T) * (T * T); }

  // The balance of the leaf at T_v falls with T_v.
  [[gnu::always_inline]] Real solve(const Real& guess) {
    const Real& T_a = F_[Input::air_temperature];
    const Real in = (1.0 - P_[Parameter::albedo]) * F_[Input::shortwave] +
                    longwave_absorbed(form_, P_) * longwave_down(form_, F_, P_) +
                    es_ * fourth(T_s_);
    const auto slope = [&](const Real& T) -> Real { return 8.0 * es_ * third(T) + g_; };
    const auto evaluate = [&](const Real& T) GLEBE_INLINED -> NewtonStep<Real> {
      const Real value = in - 2.0 * es_ * fourth(T) - g_ * (T - T_a);
      return {value, value / slope(T)};
    };
    // The balance curves by 3 / T: after a step of this size the error is 1e-12 K.
    constexpr double tolerance = 1e-5; // [K]
    const Real T_v = root_of_falling(guess, evaluate, ShortStep{tolerance}, 30).or_nan();
    over_slope_ = 1.0 / slope(T_v);
    return T_v;
  }
  // The derivative of the leaf's balance at fixed T_v.
  Real source(Parameter parameter) const {
    switch (parameter) {
    case Parameter::albedo:
      return -F_[Input::shortwave];
    case Parameter::emissivity: {
      const Real own = stefan_boltzmann * (fourth(T_s_) - 2.0 * fourth(T_v_));
      return form_.longwave == Longwave::absorbed ? Real(own + longwave_down(form_, F_, P_)) : own;
    }
    case Parameter::longwave_bias:
      return form_.longwave_bias ? longwave_absorbed(form_, P_) : Real(0.0);
    case Parameter::shortwave_scale:
      return absorbed_by_scale(F_[Input::shortwave], P_);
    case Parameter::air_temperature_bias:
      return g_;
    case Parameter::canopy_transfer:
      return -root_ * (T_v_ - F_[Input::air_temperature]);
    default:
      return 0.0;
    }
  }

  const SurfaceForm& form_;
  const Inputs<Real>& F_;
  const SurfaceParameters<Real>& P_;
  Real T_s_, f_, es_, root_, g_;
  Real over_slope_{}; ///< 1 / -(d balance / d T_v)
  Real T_v_;
};

} // namespace glebe
