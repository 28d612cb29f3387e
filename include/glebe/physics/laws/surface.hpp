// SPDX-License-Identifier: BSD-3-Clause
// The surface as a column sees it, bare or covered.
#pragma once

#include "glebe/physics/laws/surface_state.hpp"

namespace glebe {

/// The surface of a column: the laws with the column's parameters, which stand at `values` in the
/// order of `layout`. Temperatures are in degC, as in the columns.
///
/// Where something covers the soil, litter or snow, all of it happens at its skin, whose
/// temperature T_s follows from that of the first node: T_s = T_0 + R Q(T_s), with the resistance
/// R = cover_resistance + snow depth / snow_conductivity, or with the resistance of the snow as an
/// input in place of its depth. Derivatives are those of the whole.
template <class Real>
class Surface {
public:
  Surface(const SurfaceForm& form, const ParameterLayout& layout, const Real* values)
      : form_(form), P_(layout, values) {}

  [[gnu::always_inline]] SurfaceState<Real> at(const Real& T_0, const Inputs<Real>& F) const {
    if (form_.covered) [[unlikely]]
      return at_skin(T_0, F);
    return surface_state(form_, kelvin(T_0), F, P_);
  }
  [[gnu::always_inline]] SurfaceState<Real> slope(const Real& T_0, const Inputs<Real>& F) const {
    if (form_.covered) [[unlikely]]
      return skin_slope(T_0, F);
    return surface_state_dT(form_, kelvin(T_0), F, P_);
  }
  [[gnu::always_inline]] SurfaceState<Real> slope(Parameter parameter, const Real& T_0,
                                                  const Inputs<Real>& F) const {
    if (form_.covered) [[unlikely]]
      return skin_slope(parameter, T_0, F);
    return surface_state_dp(form_, parameter, kelvin(T_0), F, P_);
  }
  bool covered() const { return form_.covered; }

private:
  static constexpr double tolerance = 1e-11; ///< of Newton's iteration for T_s [K]
  static constexpr int iterations = 30;

  [[gnu::always_inline]] static Real kelvin(const Real& T) { return T + freezing_temperature; }

  Real snow(const Inputs<Real>& F) const {
    return form_.snow ? greater(F[Input::snow_depth], Real(0.0)) : Real(0.0);
  }
  Real resistance(const Inputs<Real>& F) const {
    const Real& cover = P_[Parameter::cover_resistance];
    if (form_.snow_by_density) return cover + snow(F);
    return form_.snow ? Real(cover + snow(F) / P_[Parameter::snow_conductivity]) : cover;
  }
  Real resistance_dp(Parameter parameter, const Inputs<Real>& F) const {
    if (parameter == Parameter::cover_resistance) return 1.0;
    if (parameter != Parameter::snow_conductivity || !form_.snow || form_.snow_by_density)
      return 0.0;
    const Real& lambda = P_[Parameter::snow_conductivity];
    return -snow(F) / (lambda * lambda);
  }
  // T_s [K]: T_s - R Q(T_s) rises with T_s. A lane that has converged moves no more.
  Real skin(const Real& T_0, const Inputs<Real>& F) const {
    const Real R = resistance(F), T = kelvin(T_0);
    const auto change = [&](const Real& T_s) -> Real {
      const Real Q = surface_state(form_, T_s, F, P_).ground();
      const Real Q_T = surface_state_dT(form_, T_s, F, P_).ground();
      return (T - T_s + R * Q) / (1.0 - R * Q_T);
    };
    Real T_s = T;
    Mask<Real> converged(false);
    for (int i = 0; i < iterations && !all(converged); ++i) {
      const Real dT = change(T_s);
      T_s = select(converged, T_s, Real(T_s + dT));
      converged = converged || less_than(magnitude(dT), tolerance);
    }
    for (int i = 0; i < RealTraits<Real>::extra_iterations; ++i) T_s += change(T_s);
    return T_s;
  }

  GLEBE_CALL SurfaceState<Real> at_skin(const Real& T_0, const Inputs<Real>& F) const {
    return surface_state(form_, skin(T_0, F), F, P_);
  }
  GLEBE_CALL SurfaceState<Real> skin_slope(const Real& T_0, const Inputs<Real>& F) const {
    const SurfaceState<Real> slope = surface_state_dT(form_, skin(T_0, F), F, P_);
    return Real(1.0 / (1.0 - resistance(F) * slope.ground())) * slope;
  }
  GLEBE_CALL SurfaceState<Real> skin_slope(Parameter parameter, const Real& T_0,
                                           const Inputs<Real>& F) const {
    const Real T_s = skin(T_0, F), R = resistance(F);
    const SurfaceState<Real> by_T = surface_state_dT(form_, T_s, F, P_);
    SurfaceState<Real> slope = surface_state_dp(form_, parameter, T_s, F, P_);
    const Real T_s_dp = (R * slope.ground() +
                         resistance_dp(parameter, F) * surface_state(form_, T_s, F, P_).ground()) /
                        (1.0 - R * by_T.ground());
    slope += T_s_dp * by_T;
    return slope;
  }

  SurfaceForm form_;
  SurfaceParameters<Real> P_;
};

} // namespace glebe
