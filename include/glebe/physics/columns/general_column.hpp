// SPDX-License-Identifier: BSD-3-Clause
// Soil of any law: its heat E_i(T_i) and its conduction may depend on water and temperature.
// general_column_tl.hpp is its tangent-linear, general_column_ad.hpp its adjoint.
//
//   dE_i/dt = (flux into node i from above) - (flux out of it below)
//
// A stage is solved for T by Newton's iteration over all nodes:
//
//   E_i(T) = B_i + gamma dt (net heat flux at T)
//
//   first stage    B = E(T_start)
//   second stage   B = E(T_start) + a G, a = (1 - gamma) / gamma, G = E(T_first) - E(T_start)
//
// in heat, not temperature, so that what is lost in one node is gained in another whatever freezes
// in between. Crank-Nicolson's first stage is explicit, G = gamma dt (net heat flux at T_start).
// The derivative at the solution, a tridiagonal matrix, serves tangent-linear and adjoint.
#pragma once

#include "glebe/physics/columns/column_ends.hpp"
#include "glebe/physics/columns/general_rows.hpp"
#include "glebe/physics/laws/surface.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/scheme.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

template <SoilLaw Law, std::size_t Width, std::size_t n_soil>
class GeneralColumnTl;
template <SoilLaw Law>
class GeneralColumnAd;
struct GeneralCheckpointLayout;
template <SoilLaw Law>
class GeneralCheckpoint;

/// See the concept Column, whose operations it has.
template <SoilLaw Law>
class GeneralColumn {
public:
  using Real = typename Law::Real;
  template <std::size_t Width, std::size_t n_soil>
  using TangentGroup = GeneralColumnTl<Law, Width, n_soil>;
  using Adjoint = GeneralColumnAd<Law>;
  using CheckpointLayout = GeneralCheckpointLayout;
  using Checkpoint = GeneralCheckpoint<Law>;

  static constexpr double newton_tolerance = 1e-10; ///< [K]
  static constexpr int newton_iterations = 20;      ///< of the surface
  static constexpr int soil_iterations = 80;        ///< of all nodes
  static constexpr int full_iterations = 20;        ///< of these in full steps

  /// `soil` and `schedule` outlive it.
  GeneralColumn(const ModelForm& form, const Soil& soil, const ParameterSchedule& schedule)
      : form_(form), soil_(soil), schedule_(schedule), scheme_(table(form.scheme)),
        N_(soil.n_node() - 1), gamma_dt_(scheme_.gamma * form.dt),
        a_(form.scheme == Scheme::sdirk2 ? (1.0 - alexander_gamma) / alexander_gamma : 1.0),
        memory_(9 * (N_ + 1) + layout().size()), T_(memory_.data()), T_start_(T_ + N_ + 1),
        E_start_(T_start_ + N_ + 1), c_start_(E_start_ + N_ + 1), gain_(c_start_ + N_ + 1),
        base_(gain_ + N_ + 1), b_(base_ + N_ + 1), T_first_(b_ + N_ + 1),
        c_first_(T_first_ + N_ + 1), now_(c_first_ + N_ + 1),
        surface_(form.surface, layout(), now_), ends_(form_, layout(), now_),
        laws_(form.soil, soil, layout(), now_),
        rows_(laws_, N_ + 1, gamma_dt_, ends_.fixed_top(), ends_.fixed_bottom()) {}
  GeneralColumn(const GeneralColumn&) = delete;
  GeneralColumn& operator=(const GeneralColumn&) = delete;

  /// The measured water of the columns, where the form has it; before set_parameters().
  void set_water(const WaterRows& water) { laws_.set_water(water); }

  void set_parameters(const Real* values) {
    values_ = values;
    for (std::size_t slot = 0; slot < layout().size(); ++slot) now_[slot] = values[slot];
    for (const VaryingSlot& one : schedule_.varying) now(one.slot) = in_step(one, 0);
    step_ = 0;
    static_cast<void>(laws_.set_step(0));
    laws_.set();
    rows_.forget();
    failed_ = Mask<Real>(false);
  }

  void set_step(std::size_t step) {
    const bool water_changed = laws_.set_step(step);
    bool parameters_changed = false;
    for (const VaryingSlot& one : schedule_.varying) {
      if (one.at_step[step] == one.at_step[step_]) continue;
      now(one.slot) = in_step(one, step);
      parameters_changed = parameters_changed || info(one.slot.parameter).place == Place::horizon;
    }
    if (parameters_changed)
      laws_.set();
    else if (water_changed)
      laws_.set_at_water();
    if (parameters_changed || water_changed) rows_.forget();
    if (!schedule_.varies()) return;
    step_ = step;
    if (ends_.fixed_bottom() && !ends_.has_measured_bottom())
      temperature()[N_] = ends_.deep_temperature();
  }

  void start(const Inputs<Real>& F) {
    const Real deep = ends_.deep_temperature();
    const Real* knot = now_ + layout().position(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      T_[i] = deep;
      if (soil_.knot_depth.empty()) continue;
      const auto [j, w] = interpolate(soil_.knot_depth, soil_.depth[i]);
      T_[i] = w > 0.0 ? Real((1.0 - w) * knot[j] + w * knot[j + 1]) : knot[j];
      T_[i] -= freezing_temperature;
    }
    if (ends_.fixed_top()) T_[0] = ends_.top_temperature(F);
    if (ends_.fixed_bottom()) T_[N_] = ends_.bottom_temperature(F);
    rows_.forget();
  }

  void advance(std::size_t stage, const Inputs<Real>& F) {
    if (stage == 0) keep_start();
    if (is_explicit(stage)) return explicit_stage(F);
    if (stage == 0) return solve(F, E_start_);
    keep_first();
    solve(F, base_);
  }

  /// The derivative of a stage at the state in which the column is, for tangents and adjoint: the
  /// matrix, and the capacities of the nodes.
  void linearise(std::size_t stage, const Inputs<Real>& F) {
    if (is_explicit(stage)) return;
    rows_.evaluate(T_);
    rows_.factorise();
    rows_.matrix().add_to_first(-gamma_dt_ * top_flux_dT(T_[0], F));
  }

  const ModelForm& form() const { return form_; }
  const Soil& soil() const { return soil_; }
  const ParameterSchedule& schedule() const { return schedule_; }
  /// The step whose parameters the column has; zero where none varies.
  std::size_t step() const { return step_; }
  const ParameterLayout& layout() const { return schedule_.layout; }
  const SchemeTable& scheme() const { return scheme_; }
  std::size_t last_node() const { return N_; }
  double gamma_dt() const { return gamma_dt_; }
  /// a: how much of the gain of the first stage the second starts from.
  double second_start() const { return a_; }
  bool is_explicit(std::size_t stage) const {
    return stage == 0 && form_.scheme == Scheme::crank_nicolson;
  }

  /// The laws at the state in which the column is.
  const GeneralRows<Law>& evaluate() {
    rows_.evaluate(T_);
    return rows_;
  }
  const GeneralRows<Law>& rows() const { return rows_; }
  const Surface<Real>& surface() const { return surface_; }
  const ColumnEnds<Real>& ends() const { return ends_; }
  const GeneralSoil<Law>& laws() const { return laws_; }
  const Tridiagonal<Real>& matrix() const { return rows_.matrix(); }
  /// T_i [degC], to be changed.
  Real* temperature() {
    rows_.forget();
    return T_;
  }
  const Real* temperature() const { return T_; } ///< T_i [degC]
  const Real& top_temperature() const { return T_[0]; }
  Real temperature_at(const Interpolation& place) const { return value_at(T_, place); }
  std::span<Real> state() { return {temperature(), N_ + 1}; }
  const Real* start_temperature() const { return T_start_; } ///< that at the start of the step
  const Real* capacity() const {
    return rows_.capacity();
  } ///< dE_i/dT_i after linearise() [J m-2 K-1]
  const Real* start_capacity() const { return Law::depends_on_temperature ? c_start_ : capacity(); }
  const Real* first_temperature() const { return T_first_; } ///< after the first of two stages
  const Real* first_capacity() const { return Law::depends_on_temperature ? c_first_ : capacity(); }
  /// See GeneralRows::window(), of the start of the step and of the first of two stages.
  std::size_t start_window() const { return window_start_; }
  std::size_t first_window() const { return window_first_; }

  /// The heat flux into the first node at T_0 [degC], where its temperature is not given [W m-2].
  Real top_flux(const Real& T_0, const Inputs<Real>& F) const {
    return ends_.has_top_flux() ? ends_.top_flux(F) : surface_.ground(T_0, F);
  }
  /// Its derivative, zero where the flux or the temperature is given.
  Real top_flux_dT(const Real& T_0, const Inputs<Real>& F) const {
    if (ends_.has_top_flux() || ends_.fixed_top()) return 0.0;
    return surface_.ground_slope(T_0, F);
  }
  /// The downward conductive heat flux in element i [W m-2], and between these temperatures.
  Real element_flux(std::size_t i) const { return element_flux(i, T_[i], T_[i + 1]); }
  Real element_flux(std::size_t i, const Real& T, const Real& T_below) const {
    return laws_.at_middle(i, T, T_below).value / soil_.thickness[i] * (T - T_below);
  }
  /// A parameter in the present step; stays where it is.
  const Real& parameter(const ParameterSlot& slot) const {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  /// The increment of the surface temperature in the latest stage [K].
  const Real& surface_increment() const { return surface_increment_; }
  const Mask<Real>& failed() const { return failed_; }

private:
  Real& now(const ParameterSlot& slot) {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  Real in_step(const VaryingSlot& one, std::size_t step) const {
    return one.at_step[step].between(values_ + one.first);
  }

  void keep_start() {
    rows_.evaluate(T_);
    window_start_ = rows_.window();
    std::copy_n(T_, N_ + 1, T_start_);
    std::copy_n(rows_.heat(), N_ + 1, E_start_);
    if (Law::depends_on_temperature) std::copy_n(rows_.capacity(), N_ + 1, c_start_);
  }
  // And forms B of the second stage.
  void keep_first() {
    rows_.evaluate(T_);
    window_first_ = rows_.window();
    std::copy_n(T_, N_ + 1, T_first_);
    if (Law::depends_on_temperature) std::copy_n(rows_.capacity(), N_ + 1, c_first_);
    const Real *E = rows_.heat(), *E_start = E_start_, *G = gain_;
    const Real a = a_;
    Real* base = base_;
    if (is_explicit(0))
      for (std::size_t i = 0; i <= N_; ++i) base[i] = fma(a, G[i], E_start[i]);
    else
      for (std::size_t i = 0; i <= N_; ++i) base[i] = fma(a, Real(E[i] - E_start[i]), E_start[i]);
  }

  void explicit_stage(const Inputs<Real>& F) {
    rows_.set_net_flux(T_, ends_.bottom_flux(F), gain_);
    if (!ends_.fixed_top()) gain_[0] += gamma_dt_ * top_flux(T_[0], F);
  }

  // E_i(T) = B_i + gamma dt (net heat flux at T), from T as it is.
  void solve(const Inputs<Real>& F, const Real* B) {
    const Real T_0 = T_[0];
    Mask<Real> converged(false);
    // Half steps end a cycle between two sides of a kink of the conductivity.
    for (int i = 0; i < soil_iterations && !all(converged); ++i)
      converged = converged || improve(F, B, i < full_iterations ? 1.0 : 0.5, converged);
    for (int i = 0; i < RealTraits<Real>::extra_iterations; ++i)
      static_cast<void>(improve(F, B, 1.0, Mask<Real>(false)));
    failed_ = failed_ || !converged;
    surface_increment_ = T_[0] - T_0;
  }

  // A step of Newton's iteration, or a part of it. A lane that has converged moves no more, so that
  // it does not depend on its neighbours. Returns the lanes that moved by less than the tolerance.
  Mask<Real> improve(const Inputs<Real>& F, const Real* B, double length,
                     const Mask<Real>& converged) {
    rows_.evaluate(T_);
    rows_.factorise();
    const Real last = ends_.fixed_bottom() ? Real(ends_.bottom_temperature(F) - T_[N_]) : Real(0.0);
    const Real b_0 = rows_.eliminate(B, T_, ends_.bottom_flux(F), last, b_);
    Mask<Real> found(true);
    const Real first =
        ends_.fixed_top() ? Real(ends_.top_temperature(F) - T_[0]) : surface_step(F, b_0, found);
    const Mask<Real> small = move(first, length, converged);
    rows_.forget();
    return found && small;
  }

  // Moves every node, the first by `increment`, or a part of the way. Returns the lanes that are
  // there: the step was small, or in laws that are linear throughout.
  Mask<Real> move(Real increment, double length, const Mask<Real>& converged) {
    const Real *b = b_, *p = rows_.matrix().inverse(), *f = rows_.matrix().below();
    const std::size_t n = N_ + 1;
    Real* T = T_;
    Real largest = 0.0;
    Mask<Real> linear(length == 1.0); // one step is then the solution
    for (std::size_t i = 0; i < n; ++i) {
      if (i > 0) increment = fma(f[i], increment, Real(p[i] * b[i]));
      Real next = fma(Real(length), increment, T[i]);
      if constexpr (Law::depends_on_temperature) {
        largest = greater(largest, magnitude(increment));
        const Mask<Real> is_linear = laws_.is_linear(i, lesser(T[i], next));
        if (!all(is_linear)) next = laws_.stop(i, T[i], next);
        linear = linear && is_linear;
      }
      T[i] = select(converged, T[i], next);
    }
    return linear || less_than(largest, newton_tolerance);
  }

  // The increment D of T_0, from a D = b + gamma dt Q(T_0 + D), which is monotone.
  Real surface_step(const Inputs<Real>& F, const Real& b, Mask<Real>& found) const {
    const Real& a = rows_.matrix().first_pivot();
    if (ends_.has_top_flux()) return (b + gamma_dt_ * ends_.top_flux(F)) / a;
    const Root<Real> D =
        surface_.increment(T_[0], {a, b, gamma_dt_}, F, newton_tolerance, newton_iterations);
    found = D.found;
    return D.x;
  }

  ModelForm form_;
  const Soil& soil_;
  const ParameterSchedule& schedule_;
  SchemeTable scheme_;
  std::size_t N_;
  double gamma_dt_;
  double a_;
  std::vector<Real> memory_;
  Real *T_, *T_start_, *E_start_, *c_start_, *gain_, *base_, *b_, *T_first_, *c_first_;
  Real* now_;             // values of the present step, in the order of the layout
  Surface<Real> surface_; // which views them
  ColumnEnds<Real> ends_; // likewise
  GeneralSoil<Law> laws_; // likewise
  GeneralRows<Law> rows_;
  const Real* values_ = nullptr; // of all steps
  std::size_t step_ = 0;         // the present one, where any varies
  std::size_t window_start_ = 0, window_first_ = 0;
  Real surface_increment_{};
  Mask<Real> failed_{false};
};

} // namespace glebe
