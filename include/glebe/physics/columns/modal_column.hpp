// SPDX-License-Identifier: BSD-3-Clause
// A column in the eigenmodes of conduction: the same nodes, stages and surface as in
// linear_column.hpp, and the same results to rounding, at a fraction of the cost. Where soil of one
// horizon keeps its properties, a mode decays by itself and feels nothing but the flux at the top:
// no row waits for the one below it, both stages of a step are one multiplication, and what the
// surface asks of the soil is a sum over the modes. modal_column_tl.hpp is its tangent-linear.
//
// Temperatures are those of a steady profile that the conditions at the bottom would leave behind,
// T_b + z q_b / lambda, and the sum of the modes. A mode is kept over its gain from the flux in one
// stage, eta = zeta / (u g s), so that a stage is eta' = s eta + q:
//
//   u = shape at the top, g = gamma dt / C, s = 1 / (1 + gamma dt lambda/C rate)
//   first stage    T_0 = T_b + sum u g u s (s eta + q_1),  q_1 = Q(T_0) + q_b
//   second stage   T_0 = T_b + sum u g u s (A eta + a s q_1 + q_2),  A = s (a s + 1 - a)
//
// and that of the second stage is eta of the next step. Its change is what is computed, with
// 1 - A = (1 - s) (1 + a s): a slow mode would keep the rounding of A for 1 / (1 - A) steps. Where
// the temperature at the top is given, q is its difference to T_b over the first element,
// g = gamma dt lambda/C and u = shape(1).
#pragma once

#include "glebe/physics/columns/column_ends.hpp"
#include "glebe/physics/columns/modal_gains.hpp"
#include "glebe/physics/columns/modal_places.hpp"
#include "glebe/physics/laws/soil_law.hpp"
#include "glebe/physics/laws/surface.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/scheme.hpp"
#include "glebe/physics/soil.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace glebe {

template <SoilLaw Law, std::size_t Width, std::size_t n_soil>
class ModalColumnTl;

/// See the concept Column, whose operations it has, for what suits(). Soil of a law that does not
/// depend on temperature.
template <SoilLaw Law>
class ModalColumn {
public:
  using Real = typename Law::Real;
  template <std::size_t Width, std::size_t n_soil>
  using TangentGroup = ModalColumnTl<Law, Width, n_soil>;

  static constexpr double newton_tolerance = 1e-10; ///< [K]
  static constexpr int newton_iterations = 20;
  static constexpr std::size_t most_nodes = 400;

  /// Whether modes can stand for the rows of a column: soil of one horizon whose properties are
  /// constant in time, as are the conditions at its bottom; of so few nodes that finding the modes,
  /// which takes the third power of their number, costs nothing beside a run.
  static bool suits(const ModelForm& form, const Soil& soil, const ParameterSchedule& schedule) {
    const auto steady = [](const VaryingSlot& one) {
      const Parameter p = one.slot.parameter;
      return info(p).place != Place::horizon && p != Parameter::deep_temperature &&
             p != Parameter::geothermal_flux;
    };
    return form.scheme == Scheme::sdirk2 && !Law::depends_on_temperature &&
           !form.soil.water_flows && !form.soil.water_measured && !form.measured_bottom &&
           soil.n_horizon() == 1 && soil.n_node() <= most_nodes &&
           std::ranges::all_of(schedule.varying, steady);
  }

  /// `soil`, which has its modes, and `schedule` outlive it; see suits().
  ModalColumn(const ModelForm& form, const Soil& soil, const ParameterSchedule& schedule)
      : form_(form), soil_(soil), schedule_(schedule), scheme_(table(form.scheme)),
        now_(layout().size()), law_(form.soil, layout(), now_.data()),
        surface_(form.surface, layout(), now_.data()), ends_(form_, layout(), now_.data()),
        gains_(*soil.modes, form.top), state_(2 * n_mode() + n_kept), places_(soil_, gains_) {}
  ModalColumn(const ModalColumn&) = delete;
  ModalColumn& operator=(const ModalColumn&) = delete;

  void set_parameters(const Real* values) {
    values_ = values;
    std::copy_n(values, now_.size(), now_.begin());
    for (const VaryingSlot& one : schedule_.varying) now(one.slot) = in_step(one, 0);
    step_ = 0;
    law_.set();
    lambda_ = law_.conductivity(law_.conduction(0, water()), 0.0).value;
    C_ = law_.enthalpy(law_.heat(0, water()), 0.0).dT;
    gains_.set(scheme_.gamma * form_.dt, lambda_, C_);
    places_.forget();
    over_gain_ = 1.0 / gains_.of_flux();
    failed_ = Mask<Real>(false);
  }

  void set_step(std::size_t step) {
    if (!schedule_.varies()) return;
    for (const VaryingSlot& one : schedule_.varying)
      if (!(one.at_step[step] == one.at_step[step_])) now(one.slot) = in_step(one, step);
    step_ = step;
  }

  void start(const Inputs<Real>& F) {
    T_b_ = starts_from_deep() ? ends_.deep_temperature() : Real(0.0);
    q_b_ = ends_.fixed_bottom() ? Real(0.0) : Real(-ends_.bottom_flux(F));
    T_0() = initial_temperature(0);
    if (ends_.fixed_top()) q_[end_of_step] = flux(F, T_0());
    Real* const eta = state_.data() + current_ * n_mode();
    std::fill_n(eta, n_mode(), Real(0.0));
    if (!starts_steady()) {
      std::vector<Real> theta(soil_.n_node());
      for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = initial_temperature(i) - steady(i);
      gains_.project(theta.data(), eta);
    }
    weigh();
    stage_ = end_of_step;
  }

  void advance(std::size_t stage, const Inputs<Real>& F) {
    stage_ = stage;
    if (stage == 0) {
      q_[0] = flux(F, T_b_ + start_of(0));
    } else {
      q_[1] = flux(F, T_b_ + fma(gains_.of_first_flux(), q_[0], start_of(1)));
      finish_step();
    }
  }

  /// What all tangents need of the surface in the latest stage.
  void linearise(std::size_t, const Inputs<Real>& F) {
    if (ends_.fixed_top()) return;
    slope_ = top_flux_slope(F);
    response_ = 1.0 / fma(-gains_.of_flux(), slope_, Real(1.0));
  }

  const ModelForm& form() const { return form_; }
  const Soil& soil() const { return soil_; }
  const ParameterSchedule& schedule() const { return schedule_; }
  const ParameterLayout& layout() const { return schedule_.layout; }
  const SchemeTable& scheme() const { return scheme_; }
  std::size_t step() const { return step_; }
  const Real& parameter(const ParameterSlot& slot) const {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  const Surface<Real>& surface() const { return surface_; }
  const ColumnEnds<Real>& ends() const { return ends_; }
  const Mask<Real>& failed() const { return failed_; }
  std::span<Real> state() { return state_; }

  const Real& top_temperature() const { return state_[2 * n_mode()]; }
  Real temperature_at(const Interpolation& at) const {
    const auto& place = places_.temperature(at);
    return T_b_ + fma(q_b_, depth_over_conductivity(place), of_modes(place));
  }
  Real top_flux(const Real& T_0, const Inputs<Real>& F) const {
    return ends_.has_top_flux() ? ends_.top_flux(F) : surface_.ground(T_0, F);
  }
  Real top_flux_slope(const Inputs<Real>& F) const {
    if (ends_.has_top_flux() || ends_.fixed_top()) return 0.0;
    return surface_.ground_slope(top_temperature(), F);
  }
  Real element_flux(std::size_t element) const {
    return fma(lambda_, of_modes(places_.gradient(element)), Real(-q_b_));
  }

  // ---- What its tangents share ----

  /// Whether T_b is deep_temperature: below soil that is given its profile and a flux there is
  /// none, and T_b is zero.
  bool starts_from_deep() const { return ends_.fixed_bottom() || soil_.knot_depth.empty(); }
  /// Whether the window starts from the steady profile, which is deep_temperature everywhere.
  bool starts_steady() const { return ends_.fixed_bottom() && soil_.knot_depth.empty(); }

  const Real& conductivity() const { return lambda_; } ///< [W m-1 K-1]
  /// The relative changes of conductivity and heat capacity per unit of a parameter.
  Real relative_conductivity_dp(Parameter parameter) const {
    if (!law_.acts_on_conductivity(parameter)) return 0.0;
    const auto here = law_.conduction(0, water());
    return law_.conductivity_dp(here, law_.conduction_dp(parameter, 0, here), 0.0) / lambda_;
  }
  Real relative_capacity_dp(Parameter parameter) const {
    if (!law_.acts_on_enthalpy(parameter)) return 0.0;
    const Real one_kelvin = 1.0;
    return law_.enthalpy_dp(law_.heat(0, water()), law_.heat_dp(parameter, 0, water()),
                            one_kelvin) /
           C_;
  }
  std::size_t n_mode() const { return gains_.n_mode(); }
  const ModalGains<Real>& gains() const { return gains_; }
  ModalPlaces<Real>& places() const { return places_; }
  /// eta of the start and the end of the latest step.
  const Real* modes_before() const { return state_.data() + (1 - current_) * n_mode(); }
  const Real* modes() const { return state_.data() + current_ * n_mode(); }
  /// What the modes were given in a stage of the latest step: the flux and q_b [W m-2]; or, where
  /// the temperature at the top is given, the gradient in the first element [K m-1].
  const Real& given(std::size_t stage) const { return q_[stage]; }
  const Real& bottom_flux() const { return q_b_; }  ///< q_b, upwards [W m-2]
  const Real& flux_slope() const { return slope_; } ///< dQ/dT_0 after linearise()
  /// dT_0 per unit of change that the surface does not answer.
  const Real& response() const { return response_; }
  /// Whether the latest stage was the first of its step, in which the modes stand at its start.
  bool between_stages() const { return stage_ == 0; }
  /// What a place sees of the modes after the latest stage.
  Real of_modes(const ModalPlace<Real>& place) const {
    if (between_stages())
      return fma(place.flux, q_[0], dot(place.between, modes(), n_mode())) + place.given(q_[0]);
    return dot(place.at_end, modes(), n_mode()) + place.given(q_[1]);
  }
  Real depth_over_conductivity(const ModalPlace<Real>& place) const {
    return place.depth / lambda_;
  }

private:
  static constexpr std::size_t end_of_step = 1;
  static constexpr std::size_t n_kept = 3; // T_0, and what the modes will be at the top

  Real& T_0() { return state_[2 * n_mode()]; }
  // What the modes at the start of a step leave at the top in each of its stages [K].
  Real& start_of(std::size_t stage) { return state_[2 * n_mode() + 1 + stage]; }

  Real& now(const ParameterSlot& slot) {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  Real in_step(const VaryingSlot& one, std::size_t step) const {
    return one.at_step[step].between(values_ + one.first);
  }

  const Real& water() const { return parameter({Parameter::water_content}); }
  Real steady(std::size_t i) const {
    const double z = soil_.depth[i] - soil_.depth[0];
    return fma(q_b_, z / lambda_, T_b_);
  }
  // deep_temperature everywhere, or the profile between the knots.
  Real initial_temperature(std::size_t i) const {
    if (soil_.knot_depth.empty()) return T_b_;
    const Real* knot = now_.data() + layout().position(Parameter::initial_temperature);
    return value_at(knot, interpolate(soil_.knot_depth, soil_.depth[i])) - freezing_temperature;
  }

  // What the modes are given in a stage in which, without it, the first node would have the
  // temperature P; that of the first node.
  Real flux(const Inputs<Real>& F, const Real& P) {
    if (ends_.fixed_top()) {
      T_0() = ends_.top_temperature(F);
      return (T_0() - T_b_) / soil_.thickness[0];
    }
    if (ends_.has_top_flux()) {
      const Real q = ends_.top_flux(F) + q_b_;
      T_0() = fma(gains_.of_flux(), q, P);
      return q;
    }
    // D = T_0' - T_0 of the balance T_0' = P + G (Q(T_0') + q_b), as a row.
    const double gamma_dt = scheme_.gamma * form_.dt;
    const Real a = gamma_dt * over_gain_;
    const FirstRow<Real> row{a, fma(a, P - T_0(), gamma_dt * q_b_), gamma_dt};
    const Root<Real> D = surface_.increment(T_0(), row, F, newton_tolerance, newton_iterations);
    failed_ = failed_ || !D.found;
    T_0() += D.x;
    return over_gain_ * (T_0() - P);
  }

  // Both stages at once; and what that leaves at the top in the next step, two modes side by side,
  // because a sum waits for the one before it.
  void finish_step() {
    const Real* const before = modes();
    current_ = 1 - current_;
    Real* const now = state_.data() + current_ * n_mode();
    const Real *loss = gains_.loss(), *as = gains_.of_first();
    const Real *top_1 = gains_.at_top(0), *top_2 = gains_.at_top(1);
    const Real q_1 = q_[0], q_2 = q_[1];
    Real first[2] = {0.0, 0.0}, second[2] = {0.0, 0.0};
    const auto advance_mode = [&](std::size_t j, std::size_t part) GLEBE_INLINED {
      const Real eta = before[j] + fma(-loss[j], before[j], fma(as[j], q_1, q_2));
      now[j] = eta;
      first[part] = fma(top_1[j], eta, first[part]);
      second[part] = fma(top_2[j], eta, second[part]);
    };
    std::size_t j = 0;
    for (; j + 2 <= n_mode(); j += 2) {
      advance_mode(j, 0);
      advance_mode(j + 1, 1);
    }
    if (j < n_mode()) advance_mode(j, 0);
    start_of(0) = first[0] + first[1];
    start_of(1) = second[0] + second[1];
  }

  void weigh() {
    start_of(0) = dot(gains_.at_top(0), modes(), n_mode());
    start_of(1) = dot(gains_.at_top(1), modes(), n_mode());
  }

  ModelForm form_;
  const Soil& soil_;
  const ParameterSchedule& schedule_;
  SchemeTable scheme_;
  std::vector<Real> now_; ///< values of the present step, in the order of the layout
  Law law_;               // which views them
  Surface<Real> surface_; // likewise
  ColumnEnds<Real> ends_; // likewise
  ModalGains<Real> gains_;
  std::vector<Real> state_; ///< eta of two times, now and before; T_0, and its two starts
  std::size_t current_ = 0; ///< which of them is now
  mutable ModalPlaces<Real> places_;
  const Real* values_ = nullptr; ///< of all steps
  std::size_t step_ = 0;
  std::size_t stage_ = end_of_step;
  Real lambda_{}, C_{};
  Real T_b_{}, q_b_{};
  Real q_[2]{};
  Real over_gain_{}, slope_{}, response_{1.0};
  Mask<Real> failed_{false};
};

} // namespace glebe
