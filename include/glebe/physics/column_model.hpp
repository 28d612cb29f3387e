// SPDX-License-Identifier: BSD-3-Clause
// The column model: vertex-centred finite volumes in depth, implicit stages in time, one scalar
// Newton iteration at the surface. column_model_tl.hpp is its tangent-linear, line by line.
//
//   c_i dT_i/dt = k_(i-1) (T_(i-1) - T_i) - k_i (T_i - T_(i+1)),     i = 0: the first term is
//   Q(T_0) node N: T_N = T_b, or the second term is -q_b
//
// Element i lies between nodes i and i + 1. Inside the kernel temperatures are in degC: conduction
// is indifferent to the origin, and the small differences between neighbouring nodes and times,
// from which all sensitivities to the soil arise, keep four more binary digits than in kelvin.
#pragma once

#include "glebe/physics/scheme.hpp"
#include "glebe/physics/soil.hpp"
#include "glebe/physics/surface.hpp"

namespace glebe {

/// Which equations are solved, the same for all columns.
struct ModelForm {
  Scheme scheme = Scheme::sdirk2;
  Bottom bottom = Bottom::temperature;
  Initial initial = Initial::uniform;
  SurfaceForm surface;
  double dt = 3600.0; ///< time step [s]
};

template <class Real>
class ColumnModel {
public:
  static constexpr double newton_tolerance = 1e-10; ///< [K]
  static constexpr int newton_iterations = 20;

  /// Numbers of type Real that the model works on.
  static std::size_t memory_size(std::size_t n_node) { return 10 * n_node; }

  /// A model on `memory` of memory_size(soil.n_node()), which outlives it, as does `soil`.
  ColumnModel(const ModelForm& form, const Soil& soil, const ParameterLayout& layout, Real* memory)
      : form_(form), soil_(soil), layout_(layout), scheme_(table(form.scheme)),
        N_(soil.n_node() - 1), gamma_dt_(scheme_.gamma * form.dt) {
    for (Real** array : {&T_, &T_n_, &R_, &D_, &c_, &k_, &f_, &p_, &q_, &r_}) {
      *array = memory;
      memory += soil.n_node();
    }
  }

  /// Takes parameter values in the order of the layout and computes all that depends on them
  /// only: node capacities, element conductances and the factors of the elimination.
  void set_parameters(const Real* values) {
    surface_ = surface_parameters(layout_, values);
    T_b_ = values[layout_.slot(Parameter::deep_temperature)] - freezing_temperature;
    q_b_ = values[layout_.slot(Parameter::geothermal_flux)];
    values_ = values;
    set_coefficients();
    factorise();
    failed_ = Mask<Real>(false);
  }

  /// The state at the start of the window: T_b everywhere, or the initial profile.
  void start() {
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = T_b_;
    if (soil_.knot_depth.empty()) return;
    const Real* knot = values_ + layout_.slot(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      const auto [j, w] = interpolate(soil_.knot_depth, soil_.depth[i]);
      T_[i] = w > 0.0 ? Real((1.0 - w) * knot[j] + w * knot[j + 1]) : knot[j];
      T_[i] -= freezing_temperature;
    }
    if (form_.bottom == Bottom::temperature) T_[N_] = T_b_;
  }

  /// Advances the state by one stage of the scheme under the forcing at the stage's time.
  void advance(std::size_t stage, const SurfaceForcing<Real>& F) {
    if (form_.scheme == Scheme::crank_nicolson && stage == 0) {
      explicit_stage(F);
      return;
    }
    set_base(stage);
    eliminate();
    solve_surface(F);
    substitute();
  }

  /// The surface fluxes at surface temperature T_0 [degC] and their derivatives.
  SurfaceFluxes<Real> fluxes(const Real& T_0, const SurfaceForcing<Real>& F) const {
    return surface_fluxes(form_.surface, Real(T_0 + freezing_temperature), F, surface_);
  }
  SurfaceFluxes<Real> fluxes_dT(const Real& T_0, const SurfaceForcing<Real>& F) const {
    return surface_fluxes_dT(form_.surface, Real(T_0 + freezing_temperature), F, surface_);
  }
  SurfaceFluxes<Real> fluxes_dp(Parameter parameter, const Real& T_0,
                                const SurfaceForcing<Real>& F) const {
    return surface_fluxes_dp(form_.surface, parameter, Real(T_0 + freezing_temperature), F,
                             surface_);
  }

  const ModelForm& form() const { return form_; }
  const Soil& soil() const { return soil_; }
  const ParameterLayout& layout() const { return layout_; }
  const SchemeTable& scheme() const { return scheme_; }
  std::size_t last_node() const { return N_; }
  double gamma_dt() const { return gamma_dt_; }

  Real* temperature() { return T_; }                 ///< T_i [degC]
  const Real* temperature() const { return T_; }     ///< T_i [degC]
  const Real* base() const { return R_; }            ///< R_i, what the stage started from [degC]
  const Real* increment() const { return D_; }       ///< D_i = T_i - R_i, to full precision [K]
  const Real* capacity() const { return c_; }        ///< c_i [J m-2 K-1]
  const Real* conductance() const { return k_; }     ///< k_i of elements [W m-2 K-1]
  const Real* over_pivot() const { return r_; }      ///< r_i, gamma dt / pivot [m2 K W-1]
  const Real* from_above() const { return f_; }      ///< f_i [1]
  const Real* from_base() const { return p_; }       ///< p_i [1]
  const Real* from_below() const { return q_; }      ///< q_i [1]
  const Real& surface_inverse() const { return s_; } ///< 1 / (d row 0 / d T_0) [m2 K J-1]
  /// Lanes in which the surface balance had no solution since set_parameters().
  const Mask<Real>& failed() const { return failed_; }

private:
  void set_coefficients() {
    for (std::size_t i = 0; i <= N_; ++i) c_[i] = 0.0;
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      const Real lambda = values_[layout_.slot(Parameter::thermal_conductivity, h)];
      const Real C = values_[layout_.slot(Parameter::heat_capacity, h)];
      for (std::size_t i = soil_.horizon_top[h]; i < soil_.horizon_top[h + 1]; ++i) {
        const double dz = soil_.thickness[i];
        k_[i] = lambda / dz;
        c_[i] += 0.5 * dz * C;
        c_[i + 1] += 0.5 * dz * C;
      }
    }
  }

  // Row i for the increment D = T - R, after the elimination of all rows below it:
  // D_i = e_i + f_i D_(i-1), e_i = r_i (net heat flux at R) + q_i e_(i+1).
  void factorise() {
    f_[N_] = p_[N_] = q_[N_] = r_[N_] = 0.0;
    if (form_.bottom == Bottom::flux) set_row(N_, c_[N_] + gamma_dt_ * k_[N_ - 1]);
    for (std::size_t i = N_ - 1; i > 0; --i) {
      set_row(i, c_[i] + gamma_dt_ * k_[i - 1] + gamma_dt_ * k_[i] * (1.0 - f_[i + 1]));
      q_[i] = r_[i] * k_[i];
    }
  }
  void set_row(std::size_t i, const Real& pivot) {
    r_[i] = gamma_dt_ / pivot;
    p_[i] = c_[i] / pivot;
    f_[i] = r_[i] * k_[i - 1];
  }

  // R = T + (gamma dt / c) (net heat flux at T), at the start of the step.
  void explicit_stage(const SurfaceForcing<Real>& F) {
    Real above = fluxes(T_[0], F).ground();
    for (std::size_t i = 0; i < N_; ++i) {
      const Real below = k_[i] * (T_[i] - T_[i + 1]);
      D_[i] = gamma_dt_ / c_[i] * (above - below);
      R_[i] = T_[i] + D_[i];
      above = below;
    }
    D_[N_] = 0.0;
    if (form_.bottom == Bottom::flux) D_[N_] = gamma_dt_ / c_[N_] * (above + q_b_);
    R_[N_] = T_[N_] + D_[N_];
  }

  void set_base(std::size_t stage) {
    constexpr double a = (1.0 - alexander_gamma) / alexander_gamma;
    switch (form_.scheme) {
    case Scheme::backward_euler:
      for (std::size_t i = 0; i <= N_; ++i) R_[i] = T_[i];
      break;
    case Scheme::crank_nicolson:
      break; // set by the explicit stage
    case Scheme::sdirk2:
      for (std::size_t i = 0; i <= N_; ++i)
        R_[i] = stage == 0 ? T_n_[i] = T_[i] : Real(T_n_[i] + a * D_[i]);
      break;
    }
  }

  // Leaves e_i in D_i for i > 0.
  void eliminate() {
    Real below = k_[N_ - 1] * (R_[N_ - 1] - R_[N_]);
    D_[N_] =
        form_.bottom == Bottom::temperature ? Real(T_b_ - R_[N_]) : Real(r_[N_] * (below + q_b_));
    for (std::size_t i = N_ - 1; i > 0; --i) {
      const Real above = k_[i - 1] * (R_[i - 1] - R_[i]);
      D_[i] = r_[i] * (above - below) + q_[i] * D_[i + 1];
      below = above;
    }
  }

  // Row 0: a D_0 - gamma dt Q(R_0 + D_0) = b, monotone in D_0, from the latest T_0 as first guess.
  // A lane that has converged moves no more, so that it does not depend on its neighbours.
  void solve_surface(const SurfaceForcing<Real>& F) {
    const Real a = c_[0] + gamma_dt_ * k_[0] * (1.0 - f_[1]);
    const Real b = gamma_dt_ * k_[0] * (R_[1] + D_[1] - R_[0]);
    const auto change = [&](const Real& D_0) -> Real {
      const Real Q = fluxes(R_[0] + D_0, F).ground();
      const Real Q_T = fluxes_dT(R_[0] + D_0, F).ground();
      return (b - a * D_0 + gamma_dt_ * Q) / (a - gamma_dt_ * Q_T);
    };
    Real D_0 = T_[0] - R_[0];
    Mask<Real> converged(false);
    for (int iteration = 0; iteration < newton_iterations && !all(converged); ++iteration) {
      const Real dD = change(D_0);
      D_0 = select(converged, D_0, Real(D_0 + dD));
      converged = converged || below(magnitude(dD), newton_tolerance);
    }
    for (int i = 0; i < RealTraits<Real>::extra_iterations; ++i) D_0 += change(D_0);
    failed_ = failed_ || !converged;
    D_[0] = D_0;
    s_ = 1.0 / (a - gamma_dt_ * fluxes_dT(R_[0] + D_0, F).ground());
  }

  void substitute() {
    T_[0] = R_[0] + D_[0];
    for (std::size_t i = 1; i <= N_; ++i) {
      D_[i] += f_[i] * D_[i - 1];
      T_[i] = R_[i] + D_[i];
    }
  }

  ModelForm form_;
  const Soil& soil_;
  ParameterLayout layout_;
  SchemeTable scheme_;
  std::size_t N_;
  double gamma_dt_;
  const Real* values_ = nullptr;
  SurfaceParameters<Real> surface_{};
  Real T_b_{}, q_b_{}, s_{};
  Real *T_, *T_n_, *R_, *D_;         // state, start of the step, base and increment of the stage
  Real *c_, *k_, *f_, *p_, *q_, *r_; // coefficients and factors
  Mask<Real> failed_{false};
};

} // namespace glebe
