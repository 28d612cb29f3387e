// SPDX-License-Identifier: BSD-3-Clause
// The surface as a column sees it.
#pragma once

#include "glebe/physics/laws/full_surface.hpp"

namespace glebe {

/// Bare soil that exchanges heat by constant coefficients: the laws with the column's parameters.
/// All of it is inlined into Newton's iteration of the column.
template <class Real>
class BareSurface {
public:
  BareSurface(const SurfaceForm& form, const ParameterLayout& layout, const Real* values)
      : form_(form), P_(layout, values) {}

  [[gnu::always_inline]] SurfaceState<Real> at(const Real& T_0, const Inputs<Real>& F) const {
    return surface_state(form_, T_0, F, P_);
  }
  [[gnu::always_inline]] SurfaceState<Real> slope(const Real& T_0, const Inputs<Real>& F) const {
    return surface_state_dT(form_, T_0, F, P_);
  }
  [[gnu::always_inline]] SurfaceState<Real> slope(Parameter parameter, const Real& T_0,
                                                  const Inputs<Real>& F) const {
    return surface_state_dp(form_, parameter, T_0, F, P_);
  }

private:
  SurfaceForm form_;
  SurfaceParameters<Real> P_;
};

/// The surface of a column, whose parameters stand at `values` in the order of `layout`.
/// Temperatures are in degC, as in the columns. The bare surface costs what it did before there was
/// another: everything else stands behind one branch and a call.
template <class Real>
class Surface {
public:
  Surface(const SurfaceForm& form, const ParameterLayout& layout, const Real* values)
      : plain_(form.plain()), covered_(form.covered), bare_(form, layout, values),
        full_(form, layout, values) {}

  [[gnu::always_inline]] SurfaceState<Real> at(const Real& T_0, const Inputs<Real>& F) const {
    return plain_ ? bare_.at(kelvin(T_0), F) : full_.at(kelvin(T_0), F);
  }
  [[gnu::always_inline]] SurfaceState<Real> slope(const Real& T_0, const Inputs<Real>& F) const {
    return plain_ ? bare_.slope(kelvin(T_0), F) : full_.slope(kelvin(T_0), F);
  }
  [[gnu::always_inline]] SurfaceState<Real> slope(Parameter parameter, const Real& T_0,
                                                  const Inputs<Real>& F) const {
    return plain_ ? bare_.slope(parameter, kelvin(T_0), F) : full_.slope(parameter, kelvin(T_0), F);
  }

  /// Q, and its slopes, without the rest.
  [[gnu::always_inline]] Real ground(const Real& T_0, const Inputs<Real>& F) const {
    return plain_ ? bare_.at(kelvin(T_0), F).ground() : full_.ground(kelvin(T_0), F);
  }
  [[gnu::always_inline]] Real ground_slope(const Real& T_0, const Inputs<Real>& F) const {
    return plain_ ? bare_.slope(kelvin(T_0), F).ground() : full_.ground_slope(kelvin(T_0), F);
  }
  [[gnu::always_inline]] Real ground_slope(Parameter parameter, const Real& T_0,
                                           const Inputs<Real>& F) const {
    return plain_ ? bare_.slope(parameter, kelvin(T_0), F).ground()
                  : full_.ground_slope(parameter, kelvin(T_0), F);
  }

  /// The increment D of the temperature of a first node, T [degC], that balances what the surface
  /// gives it: a D = b + gamma dt Q(T + D) [J m-2], to `tolerance` [K].
  [[gnu::always_inline]] Root<Real> increment(const Real& T, const FirstRow<Real>& row,
                                              const Inputs<Real>& F, double tolerance,
                                              int iterations) const {
    if (!plain_) [[unlikely]]
      return full_.increment(T, row, F, tolerance, iterations);
    const BareSurface<Real> surface = bare_;
    const Real a = row.a, b = row.b, gamma_dt = row.gamma_dt;
    const auto change = [&](const Real& D) -> Real {
      const Real Q = surface.at(kelvin(T + D), F).ground();
      const Real Q_T = surface.slope(kelvin(T + D), F).ground();
      return 1.0 / fma(-gamma_dt, Q_T, a) * fma(gamma_dt, Q, fma(-a, D, b));
    };
    // The balance curves little: Newton's steps need no guard.
    Root<Real> root{0.0, Mask<Real>(false)};
    Real previous = 0.0;
    for (int i = 0; i < iterations && !all(root.found); ++i) {
      const Real dD = change(root.x);
      root.x = select(root.found, root.x, Real(root.x + dD));
      root.found = root.found || StepBeforeShort{tolerance}.is_last(dD, previous);
      previous = magnitude(dD);
    }
    for (int i = 0; i < RealTraits<Real>::extra_iterations; ++i) root.x += change(root.x);
    return root;
  }
  /// Whether the skin that radiates is another than the first node.
  bool covered() const { return covered_; }

private:
  [[gnu::always_inline]] static Real kelvin(const Real& T) { return T + freezing_temperature; }

  bool plain_, covered_;
  BareSurface<Real> bare_;
  FullSurface<Real> full_;
};

} // namespace glebe
