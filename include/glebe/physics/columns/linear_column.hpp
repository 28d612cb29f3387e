// SPDX-License-Identifier: BSD-3-Clause
// The column model: vertex-centred finite volumes in depth, implicit stages in time, one scalar
// Newton iteration at the surface. column_model_tl.hpp is its tangent-linear, line by line.
//
//   c_i dT_i/dt = k_(i-1) (T_(i-1) - T_i) - k_i (T_i - T_(i+1))
//   row 0: the first term is Q(T_0); row N: T_N = T_b, or the second term is -q_b
//
// Element i lies between nodes i and i + 1. A stage is solved for its increment D, which T gains:
//
//   first stage    c D = gamma dt (net heat flux at T + D)
//   second stage   c (D - (a - 1) D_first) = gamma dt (net heat flux at T + D)
//
// where c D_first = gamma dt (net heat flux at T), T being the result of the first stage, so that
// in the soil the second is c (D - a D_first) = gamma dt (change of the net heat flux by D). The
// memory a step touches sets its pace: only T and D are kept from stage to stage, and one number
// per node of the factors, so that five directions on 100 nodes stay near the processor.
//
// Parameters are constant within a step. Where one varies in time, set_step() gives it the value of
// the step, and the stages know nothing of it.
//
// Inside the kernel temperatures are in degC: conduction is indifferent to the origin, and the
// small differences between neighbouring nodes and times, from which all sensitivities to the soil
// arise, keep four more binary digits than in kelvin.
#pragma once

#include "glebe/physics/laws/surface.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/scheme.hpp"
#include "glebe/physics/soil.hpp"

namespace glebe {

/// Row i after the elimination of all rows below it, T_i = p_i (what it starts from) + q_i (what
/// row i + 1 has of its own) + f_i T_(i-1), with p_i = c_i / pivot, q_i = gamma dt k_i / pivot and
/// f_i = gamma dt k_(i-1) / pivot [1].
template <class Real>
struct RowWeights {
  Real p, q, f;
};

template <class Real>
class ColumnModel {
public:
  static constexpr double newton_tolerance = 1e-10; ///< [K]
  static constexpr int newton_iterations = 20;

  /// Numbers of type Real that the model works on.
  static std::size_t memory_size(const Soil& soil, const ParameterLayout& layout) {
    return 8 * soil.n_node() + layout.size();
  }

  /// A model on `memory` of memory_size(soil, schedule.layout), which outlives it, as do `soil` and
  /// `schedule`.
  ColumnModel(const ModelForm& form, const Soil& soil, const ParameterSchedule& schedule,
              Real* memory)
      : form_(form), soil_(soil), schedule_(schedule), scheme_(table(form.scheme)),
        N_(soil.n_node() - 1), gamma_dt_(scheme_.gamma * form.dt),
        a_(form.scheme == Scheme::sdirk2 ? (1.0 - alexander_gamma) / alexander_gamma : 2.0) {
    for (Real** array : {&T_, &own_D_, &p_, &c_, &k_, &theta_}) {
      *array = memory;
      memory += soil.n_node();
    }
    first_D_ = D_ = own_D_;
    to_above_ = reinterpret_cast<double*>(memory);
    to_below_ = to_above_ + soil.n_node();
    now_ = memory + 2 * soil.n_node();
    for (std::size_t i = 1; i < N_; ++i) {
      const double dz = 0.5 * (soil.thickness[i - 1] + soil.thickness[i]);
      to_above_[i] = 1.0 / (dz * soil.thickness[i - 1]);
      to_below_[i] = 1.0 / (dz * soil.thickness[i]);
    }
  }

  /// Takes the values of a column, [n_value] of the schedule, which must stay where they are as
  /// long as a parameter varies, and computes all that depends on them only: node capacities,
  /// element conductances and the factors of the elimination, for the first step.
  void set_parameters(const Real* values) {
    values_ = values;
    for (std::size_t slot = 0; slot < layout().size(); ++slot) now_[slot] = values[slot];
    for (const VaryingSlot& one : schedule_.varying) now(one.slot) = in_step(one, 0);
    step_ = 0;
    set_surface();
    set_bottom();
    set_soil();
    failed_ = Mask<Real>(false);
  }

  /// Gives the parameters that vary in time their values in `step`. A temperature given at the
  /// bottom holds from the start of the step.
  void set_step(std::size_t step) {
    if (!schedule_.varies()) return;
    bool surface = false, bottom = false, soil = false;
    for (const VaryingSlot& one : schedule_.varying) {
      if (one.at_step[step] == one.at_step[step_]) continue;
      now(one.slot) = in_step(one, step);
      const Place place = info(one.slot.parameter).place;
      (place == Place::horizon ? soil : place == Place::bottom ? bottom : surface) = true;
    }
    step_ = step;
    if (surface) set_surface();
    if (bottom) set_bottom();
    if (soil) set_soil();
    if (form_.bottom == Bottom::temperature) T_[N_] = T_b_;
  }

  /// The state at the start of the window: T_b everywhere, or the initial profile.
  void start() {
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = T_b_;
    if (soil_.knot_depth.empty()) return;
    const Real* knot = now_ + layout().position(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      const auto [j, w] = interpolate(soil_.knot_depth, soil_.depth[i]);
      T_[i] = w > 0.0 ? Real((1.0 - w) * knot[j] + w * knot[j + 1]) : knot[j];
      T_[i] -= freezing_temperature;
    }
    if (form_.bottom == Bottom::temperature) T_[N_] = T_b_;
  }

  /// Advances the state by one stage of the scheme under the forcing at the stage's time.
  void advance(std::size_t stage, const Inputs<Real>& F) {
    if (stage > 0)
      second_stage(F);
    else if (form_.scheme == Scheme::crank_nicolson)
      explicit_stage(F);
    else
      first_stage(F);
    first_D_ = D_;
  }

  /// Repeats a stage from the same state, to the last bit, when the increment of the surface
  /// temperature that it had, increment()[0], is known: there is nothing to iterate.
  void repeat(std::size_t stage, const Inputs<Real>& F, const Real& D_0) {
    known_D_0_ = &D_0;
    advance(stage, F);
    known_D_0_ = nullptr;
  }
  /// From now on the increments of a stage go to `D` [n_node], which the next stage may start from;
  /// null: to memory of its own.
  void write_increments(Real* D) { D_ = D ? D : own_D_; }

  /// The surface fluxes at surface temperature T_0 [degC] and their derivatives.
  [[gnu::always_inline]] SurfaceFluxes<Real> fluxes(const Real& T_0, const Inputs<Real>& F) const {
    return surface_fluxes(form_.surface, Real(T_0 + freezing_temperature), F, surface_);
  }
  [[gnu::always_inline]] SurfaceFluxes<Real> fluxes_dT(const Real& T_0,
                                                       const Inputs<Real>& F) const {
    return surface_fluxes_dT(form_.surface, Real(T_0 + freezing_temperature), F, surface_);
  }
  SurfaceFluxes<Real> fluxes_dp(Parameter parameter, const Real& T_0, const Inputs<Real>& F) const {
    return surface_fluxes_dp(form_.surface, parameter, Real(T_0 + freezing_temperature), F,
                             surface_);
  }

  const ModelForm& form() const { return form_; }
  const Soil& soil() const { return soil_; }
  const ParameterSchedule& schedule() const { return schedule_; }
  /// The step whose parameters the model has; zero where none varies.
  std::size_t step() const { return step_; }
  const ParameterLayout& layout() const { return schedule_.layout; }
  const SchemeTable& scheme() const { return scheme_; }
  std::size_t last_node() const { return N_; }
  double gamma_dt() const { return gamma_dt_; }

  /// a: how far the second stage starts from, in increments of the first.
  double second_start() const { return a_; }
  /// The value of a parameter in the present step, in its unit.
  const Real& parameter(const ParameterSlot& slot) const {
    return now_[layout().position(slot.parameter, slot.index)];
  }

  Real* temperature() { return T_; }                 ///< T_i [degC]
  const Real* temperature() const { return T_; }     ///< T_i [degC]
  const Real* increment() const { return D_; }       ///< D_i of the latest stage [K]
  const Real* capacity() const { return c_; }        ///< c_i [J m-2 K-1]
  const Real* conductance() const { return k_; }     ///< k_i of elements [W m-2 K-1]
  const Real& surface_inverse() const { return s_; } ///< 1 / (d row 0 / d T_0) [m2 K J-1]
  /// gamma dt lambda / C of a horizon [m2].
  const Real& theta(std::size_t horizon) const { return theta_[horizon]; }
  /// The share of a horizon in the capacity of a node that lies in it or at one of its ends [1].
  Real capacity_share(std::size_t i, std::size_t horizon) const {
    const std::size_t top = soil_.horizon_top[horizon], end = soil_.horizon_top[horizon + 1];
    if (i == 0 || i == N_ || (top < i && i < end)) return 1.0;
    const Real& C = parameter({Parameter::heat_capacity, horizon});
    return 0.5 * soil_.thickness[i == top ? i : i - 1] * C / c_[i];
  }
  /// The weights of a row inside the horizon of this theta: gamma dt k / c = theta / dz^2.
  RowWeights<Real> weights(std::size_t i, const Real& theta) const {
    const Real theta_p = theta * p_[i];
    return {p_[i], to_below_[i] * theta_p, to_above_[i] * theta_p};
  }
  /// The weights of a row between two horizons, or of row N.
  RowWeights<Real> weights(std::size_t i) const {
    const Real r = gamma_dt_ * p_[i] / c_[i];
    return {p_[i], i < N_ ? Real(r * k_[i]) : Real(0.0), r * k_[i - 1]};
  }
  /// row(i, weights) for the rows between row 0 and row N, from the bottom upwards.
  template <class Action>
  void upwards(Action row) const {
    for (std::size_t h = soil_.n_horizon(); h-- > 0;) {
      const std::size_t top = soil_.horizon_top[h];
      const Real theta_h = theta_[h];
      for (std::size_t i = soil_.horizon_top[h + 1] - 1; i > top; --i) row(i, weights(i, theta_h));
      if (top > 0) row(top, weights(top));
    }
  }
  /// row(i, weights) for all rows below row 0, from the top downwards.
  template <class Action>
  void downwards(Action row) const {
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      const std::size_t end = soil_.horizon_top[h + 1];
      const Real theta_h = theta_[h];
      for (std::size_t i = soil_.horizon_top[h] + 1; i < end; ++i) row(i, weights(i, theta_h));
      row(end, weights(end));
    }
  }
  /// Lanes in which the surface balance had no solution since set_parameters().
  const Mask<Real>& failed() const { return failed_; }

private:
  Real& now(const ParameterSlot& slot) {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  Real in_step(const VaryingSlot& one, std::size_t step) const {
    return one.at_step[step].between(values_ + one.first);
  }

  void set_surface() { surface_ = surface_parameters(layout(), now_); }

  void set_bottom() {
    T_b_ = parameter({Parameter::deep_temperature}) - freezing_temperature;
    q_b_ = parameter({Parameter::geothermal_flux});
  }

  void set_soil() {
    set_coefficients();
    factorise();
  }

  void set_coefficients() {
    for (std::size_t i = 0; i <= N_; ++i) c_[i] = 0.0;
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      const Real lambda = parameter({Parameter::thermal_conductivity, h});
      const Real C = parameter({Parameter::heat_capacity, h});
      theta_[h] = gamma_dt_ * lambda / C;
      for (std::size_t i = soil_.horizon_top[h]; i < soil_.horizon_top[h + 1]; ++i) {
        const double dz = soil_.thickness[i];
        k_[i] = lambda / dz;
        c_[i] += 0.5 * dz * C;
        c_[i + 1] += 0.5 * dz * C;
      }
    }
  }

  void factorise() {
    p_[N_] = 0.0;
    Real f = 0.0;
    if (form_.bottom == Bottom::flux) {
      const Real pivot = c_[N_] + gamma_dt_ * k_[N_ - 1];
      p_[N_] = c_[N_] / pivot;
      f = gamma_dt_ * k_[N_ - 1] / pivot;
    }
    for (std::size_t i = N_ - 1; i > 0; --i) {
      const Real pivot = c_[i] + gamma_dt_ * k_[i - 1] + gamma_dt_ * k_[i] * (1.0 - f);
      p_[i] = c_[i] / pivot;
      f = gamma_dt_ * k_[i - 1] / pivot;
    }
    surface_pivot_ = c_[0] + gamma_dt_ * k_[0] * (1.0 - f);
  }

  // c D = gamma dt (net heat flux at T), at the start of the step.
  void explicit_stage(const Inputs<Real>& F) {
    Real above = fluxes(T_[0], F).ground();
    for (std::size_t i = 0; i < N_; ++i) {
      const Real below = k_[i] * (T_[i] - T_[i + 1]);
      D_[i] = gamma_dt_ / c_[i] * (above - below);
      above = below;
    }
    D_[N_] = form_.bottom == Bottom::flux ? Real(gamma_dt_ / c_[N_] * (above + q_b_)) : Real(0.0);
  }

  // c D = gamma dt (net heat flux at T + D), D_i = e_i + f_i D_(i-1). Leaves e_i in D_i for i > 0.
  void first_stage(const Inputs<Real>& F) {
    Real below = T_[N_ - 1] - T_[N_];
    Real e = T_b_ - T_[N_];
    if (form_.bottom == Bottom::flux)
      e = weights(N_).f * below + p_[N_] * gamma_dt_ / c_[N_] * q_b_;
    D_[N_] = e;
    upwards([&](std::size_t i, const RowWeights<Real>& w) {
      const Real above = T_[i - 1] - T_[i];
      e = fma(w.q, e, fma(w.f, above, -(w.q * below)));
      D_[i] = e;
      below = above;
    });
    solve_surface(F, 0.0);
    substitute();
  }

  // c (D - a D_first) = gamma dt (change of the net heat flux by D), likewise.
  void second_stage(const Inputs<Real>& F) {
    Real e = T_b_ - T_[N_];
    if (form_.bottom == Bottom::flux) e = a_ * p_[N_] * first_D_[N_];
    D_[N_] = e;
    upwards([&](std::size_t i, const RowWeights<Real>& w) {
      e = fma(w.q, e, a_ * w.p * first_D_[i]);
      D_[i] = e;
    });
    solve_surface(F, (a_ - 1.0) * first_D_[0]);
    substitute();
  }

  // Row 0, c (D_0 - r) = gamma dt (Q(T_0 + D_0) - k_0 (T_0 + D_0 - T_1 - D_1)), is monotone in D_0.
  // A lane that has converged moves no more, so that it does not depend on its neighbours.
  void solve_surface(const Inputs<Real>& F, const Real& r) {
    const Real a = surface_pivot_, gamma_dt = gamma_dt_;
    const Real b = fma(c_[0], r, gamma_dt_ * k_[0] * (T_[1] - T_[0] + D_[1]));
    const auto change = [&](const Real& D_0) -> Real {
      const Real Q = fluxes(T_[0] + D_0, F).ground();
      const Real Q_T = fluxes_dT(T_[0] + D_0, F).ground();
      return 1.0 / fma(-gamma_dt, Q_T, a) * fma(gamma_dt, Q, fma(-a, D_0, b));
    };
    Real D_0 = known_D_0_ ? *known_D_0_ : Real(0.0);
    Mask<Real> converged(known_D_0_ != nullptr);
    for (int iteration = 0; iteration < newton_iterations && !all(converged); ++iteration) {
      const Real dD = change(D_0);
      D_0 = select(converged, D_0, Real(D_0 + dD));
      converged = converged || below(magnitude(dD), newton_tolerance);
    }
    if (!known_D_0_)
      for (int i = 0; i < RealTraits<Real>::extra_iterations; ++i) D_0 += change(D_0);
    failed_ = failed_ || !converged;
    D_[0] = D_0;
    s_ = 1.0 / fma(-gamma_dt, fluxes_dT(T_[0] + D_0, F).ground(), a);
  }

  // D_i = e_i + f_i D_(i-1), and T gains D.
  void substitute() {
    Real D = D_[0];
    T_[0] += D;
    downwards([&](std::size_t i, const RowWeights<Real>& w) {
      D = fma(w.f, D, D_[i]);
      D_[i] = D;
      T_[i] += D;
    });
  }

  ModelForm form_;
  const Soil& soil_;
  const ParameterSchedule& schedule_;
  SchemeTable scheme_;
  std::size_t N_;
  double gamma_dt_;
  double a_;
  const Real* values_ = nullptr; // of all steps
  std::size_t step_ = 0;         // whose values now_ holds
  Real* now_;                    // values in the order of the layout
  SurfaceParameters<Real> surface_{};
  Real T_b_{}, q_b_{}, surface_pivot_{}, s_{};
  Real *T_, *D_;                 // state and increment of the latest stage
  Real *first_D_, *own_D_;       // increment that the second stage starts from; where D_ lies
  Real *p_, *c_, *k_, *theta_;   // weights of the rows, coefficients, theta of each horizon
  double *to_above_, *to_below_; // 1 / (dz dz) of the node and of the element above or below it
  Mask<Real> failed_{false};
  const Real* known_D_0_ = nullptr; // of a stage that is repeated
};

} // namespace glebe
