// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of general_column.hpp: T_tl is the change of T per unit change of what a
// direction perturbs. Of a stage it is the solution of
//
//   d(E - gamma dt net heat flux)/dT T_tl = B_tl - dE/dp + gamma dt d(net heat flux)/dp
//
// with the matrix at the column's solution; Newton's iterations are not differentiated. Below the
// window the laws are linear, and their derivatives by parameters stay until the properties change.
#pragma once

#include "glebe/physics/columns/general_column.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/row.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace glebe {

/// `Width` directions, each a unit change of one parameter or knot; or, for Width = 1, one
/// direction that changes several parameters at once. Only the first n_soil of them change the
/// soil.
template <SoilLaw Law, std::size_t Width, std::size_t n_soil>
class GeneralColumnTl final : public Tangent<typename Law::Real> {
public:
  using Real = typename Law::Real;
  using Row = glebe::Row<Real, Width>;
  using SoilRow = glebe::Row<Real, n_soil>;

  /// A tangent of `column`, which outlives it, for the directions in `terms`: one for each
  /// direction, or any number for one direction.
  GeneralColumnTl(const GeneralColumn<Law>& column, std::vector<Term<Real>> terms)
      : column_(column), laws_(column.laws()), ends_(column.ends()), N_(column.last_node()),
        terms_(std::move(terms)), memory_((column.is_explicit(0) ? 3 : 2) * (N_ + 1)),
        soil_memory_(N_ + 1), source_(soil_memory_.data()), T_(memory_.data()),
        T_start_(T_ + N_ + 1), gain_(T_start_ + N_ + 1), first_step_(terms_[0].first_step()) {
    for (const Term<Real>& term : terms_) {
      first_step_ = std::min(first_step_, term.first_step());
      varies_ = varies_ || term.direction.varying;
    }
    for (std::size_t k = 0; k < terms_.size(); ++k)
      if (terms_[k].in_soil() && laws_.acts(terms_[k].parameter())) add_soil_term(k);
  }
  GeneralColumnTl(const GeneralColumnTl&) = delete;
  GeneralColumnTl& operator=(const GeneralColumnTl&) = delete;

  std::size_t width() const override { return Width; }
  bool started() const override { return started_; }
  std::span<const Term<Real>> terms(std::size_t d) const override {
    const std::span<const Term<Real>> all = terms_;
    return Width == 1 ? all : all.subspan(d, 1);
  }
  void top_temperature(Real* derivative) const override {
    std::ranges::copy(T_[0].value, derivative);
  }
  void temperature_at(const Interpolation& place, Real* derivative) const override {
    temperature_between(T_, place, derivative);
  }
  std::span<Real> state() override {
    dE_is_of_T_ = false;
    return {T_->value.data(), (N_ + 1) * Width};
  }
  Real top_flux(std::size_t d, const Real& dT_0, const Inputs<Real>& F) const override {
    Real flux = dT_0 * column_.top_flux_dT(column_.temperature()[0], F);
    for (const Term<Real>& term : terms(d)) flux += top_flux(term, column_.temperature()[0], F);
    return flux;
  }
  void element_flux(std::size_t e, Real* derivative) const override {
    const Real* T = column_.temperature();
    const Pointwise<Real> lambda = laws_.at_middle(e, T[e], T[e + 1]);
    Row lambda_tl;
    for (std::size_t d = 0; d < Width; ++d)
      lambda_tl[d] = lambda.dT * 0.5 * (T_[e][d] + T_[e + 1][d]);
    for (const SoilTerm& term : soil_terms_)
      lambda_tl[term.direction] +=
          weight(term) * laws_.conductivity_dp(term.derivative, e, T[e], T[e + 1]);
    for (std::size_t d = 0; d < Width; ++d)
      derivative[d] =
          (lambda.value * (T_[e][d] - T_[e + 1][d]) + lambda_tl[d] * (T[e] - T[e + 1])) /
          column_.soil().thickness[e];
  }

  void start() override {
    for (Term<Real>& term : terms_) term.weight = term.weight_in(0);
    update_derivatives();
    step_ = 0;
    started_ = first_step_ == 0;
    dE_is_of_T_ = false;
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = initial(i);
    if (ends_.fixed_top()) T_[0] = sum_of(Parameter::top_offset);
    if (ends_.fixed_bottom()) T_[N_] = sum_of(ends_.bottom_temperature_parameter());
  }

  void set_step(std::size_t step) override {
    started_ = started_ || step >= first_step_;
    if (!started_) return;
    if (update_derivatives() || sets_bottom()) dE_is_of_T_ = false;
    if (!varies_) return;
    for (Term<Real>& term : terms_) {
      const VaryingSlot* varying = term.direction.varying;
      if (!varying || varying->at_step[step] == varying->at_step[step_]) continue;
      term.weight = term.weight_in(step);
      dE_is_of_T_ = false;
    }
    step_ = step;
    if (ends_.fixed_bottom() && !ends_.has_measured_bottom())
      T_[N_] = sum_of(ends_.bottom_temperature_parameter());
  }

  void advance(std::size_t stage, const Inputs<Real>& F) override {
    if (stage == 0 && !dE_is_of_T_)
      for (SoilTerm& term : soil_terms_)
        extend(term, 0, column_.start_window(), column_.start_temperature(), term.dE);
    dE_is_of_T_ = true;
    if (column_.is_explicit(stage))
      explicit_stage(F);
    else if (column_.is_explicit(0))
      stage_after_explicit(F);
    else if (stage == 0)
      first_stage(F);
    else
      second_stage(F);
  }

private:
  /// A parameter of the soil that a direction changes.
  struct SoilTerm {
    std::size_t direction;
    std::size_t term;                          ///< among all
    std::pair<std::size_t, std::size_t> nodes; ///< the first of its horizon, and the next after it
    SoilDerivative<Law> derivative;
    /// dE/dp in the window [node]: now, at the start of the step, after the first of two stages.
    std::vector<Real> dE, dE_start, dE_first;
  };
  void add_soil_term(std::size_t k) {
    const ParameterSlot& slot = terms_[k].direction.slot;
    const auto tops = column_.soil().horizon_top;
    const std::vector<Real> nodes(N_ + 1, Real(0.0));
    soil_terms_.push_back({Width == 1 ? 0 : k,
                           k,
                           {tops[slot.index], tops[slot.index + 1] + 1},
                           SoilDerivative<Law>::of(slot),
                           nodes,
                           nodes,
                           nodes});
  }
  // Returns whether any has changed.
  bool update_derivatives() {
    bool changed = false;
    for (SoilTerm& term : soil_terms_) changed = laws_.update(term.derivative) || changed;
    return changed;
  }
  // Whether the column has set the temperature of its last node at the start of the step.
  bool sets_bottom() const {
    return column_.schedule().varies() && ends_.fixed_bottom() && !ends_.has_measured_bottom();
  }
  const Real& weight(const SoilTerm& term) const { return terms_[term.term].weight; }

  Row sum_of(Parameter parameter) const {
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d))
        if (term.parameter() == parameter) sum[d] += term.weight;
    return sum;
  }

  Row initial(std::size_t i) const {
    const std::span<const double> knots = column_.soil().knot_depth;
    if (knots.empty()) return sum_of(Parameter::deep_temperature);
    const auto [j, w] = interpolate(knots, column_.soil().depth[i]);
    Row T;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d)) {
        const std::size_t knot = term.direction.slot.index;
        if (term.parameter() == Parameter::initial_temperature)
          T[d] += (j == knot ? 1.0 - w : j + 1 == knot ? w : 0.0) * term.weight;
      }
    return T;
  }

  // What the flux at the top gains from a parameter at fixed temperature.
  Real top_flux(const Term<Real>& term, const Real& T_0, const Inputs<Real>& F) const {
    if (ends_.has_top_flux())
      return term.parameter() == Parameter::top_flux_offset ? term.weight : Real(0.0);
    if (info(term.parameter()).place != Place::surface) return 0.0;
    return term.weight * column_.surface().ground_slope(term.parameter(), T_0, F);
  }

  // B = E(T_start), and the solution takes its own place.
  void first_stage(const Inputs<Real>& F) {
    std::swap(T_, T_start_);
    set_first_source();
    const Real* c = column_.start_capacity();
    solve(F, [c, T = T_start_](std::size_t i) GLEBE_INLINED { return Row(c[i] * T[i]); });
  }

  // B = E(T_start) + a G = (1 - a) E(T_start) + a E(T_first).
  void second_stage(const Inputs<Real>& F) {
    const Real a = column_.second_start(), rest = 1.0 - a;
    const Real *T_s = column_.start_temperature(), *T_f = column_.first_temperature(),
               *T_n = column_.temperature();
    const std::size_t window = std::max(column_.first_window(), window_of_step());
    std::fill_n(source_, N_ + 1, SoilRow{});
    for (SoilTerm& term : soil_terms_) {
      std::swap(term.dE, term.dE_first);
      extend(term, column_.first_window(), window, T_f, term.dE_first);
      extend(term, column_.start_window(), window, T_s, term.dE_start);
      extend(term, 0, window, T_n, term.dE);
      add_source(
          term, window,
          [=, s = term.dE_start.data(), f = term.dE_first.data(), n = term.dE.data()](std::size_t i)
              GLEBE_INLINED { return Real(fma(a, f[i], Real(rest * s[i])) - n[i]); },
          [=](std::size_t i, const Real& c) GLEBE_INLINED {
            return Real(fma(a, Real(c * T_f[i]), Real(rest * Real(c * T_s[i]))) - Real(c * T_n[i]));
          });
    }
    const Real *c = column_.start_capacity(), *c_first = column_.first_capacity();
    solve(F, [=, T = T_, T_start = T_start_](std::size_t i) GLEBE_INLINED {
      return Real(rest * c[i]) * T_start[i] + Real(a * c_first[i]) * T[i];
    });
  }

  // G = gamma dt (net heat flux at T_start).
  void explicit_stage(const Inputs<Real>& F) {
    const Real* T = column_.temperature();
    column_.rows().net_flux_derivative(
        [&](std::size_t i, const Real& above, const Real& here, const Real& below) {
          Row sum = here * T_[i];
          if (i > 0) sum = sum + above * T_[i - 1];
          if (i < N_) sum = sum + below * T_[i + 1];
          gain_[i] = sum;
        });
    std::fill_n(source_, N_ + 1, SoilRow{});
    for (const SoilTerm& term : soil_terms_) add_net_flux_dp(term, source_);
    for (std::size_t i = 0; i <= N_; ++i) gain_[i] = gain_[i] + Real(1.0) * source_[i];
    gain_[0] = gain_[0] + Real(column_.gamma_dt() * column_.top_flux_dT(T[0], F)) * T_[0];
    gain_[0] = gain_[0] + Real(column_.gamma_dt()) * top_flux(F);
    gain_[N_] = gain_[N_] - bottom_flux();
  }

  // B = E(T_start) + a G.
  void stage_after_explicit(const Inputs<Real>& F) {
    set_first_source();
    const Real a = column_.second_start();
    const Real* c = column_.start_capacity();
    solve(F,
          [=, T = T_, G = gain_](std::size_t i) GLEBE_INLINED { return c[i] * T[i] + a * G[i]; });
  }

  // Of a stage that starts from E(T_start): dE/dp there less that at its end.
  void set_first_source() {
    const Real *T_s = column_.start_temperature(), *T_n = column_.temperature();
    const std::size_t window = window_of_step();
    std::fill_n(source_, N_ + 1, SoilRow{});
    for (SoilTerm& term : soil_terms_) {
      std::swap(term.dE, term.dE_start);
      extend(term, column_.start_window(), window, T_s, term.dE_start);
      extend(term, 0, window, T_n, term.dE);
      add_source(
          term, window,
          [s = term.dE_start.data(), n = term.dE.data()](std::size_t i)
              GLEBE_INLINED { return Real(s[i] - n[i]); },
          [=](std::size_t i, const Real& c)
              GLEBE_INLINED { return Real(Real(c * T_s[i]) - Real(c * T_n[i])); });
    }
  }
  // The end of the window now and at the start of the step.
  std::size_t window_of_step() const {
    return std::max(column_.start_window(), column_.rows().window());
  }
  // Completes dE/dp at T in a term's nodes from `begin` to `end`.
  void extend(const SoilTerm& term, std::size_t begin, std::size_t end, const Real* T,
              std::vector<Real>& dE) const {
    const auto [first, last] = term.nodes;
    if (term.derivative.capacity.empty()) return;
    for (std::size_t i = std::max(begin, first); i < std::min(end, last); ++i)
      dE[i] = laws_.enthalpy_dp(term.derivative, i, T[i]);
  }

  // Adds a term's dE(i) above node `window` and linear(i, capacity) below, and gamma dt d(net heat
  // flux in the soil)/dp at the column's temperatures.
  template <class Window, class Linear>
  [[gnu::always_inline]] void add_source(const SoilTerm& term, std::size_t window, Window dE,
                                         Linear linear) const {
    const auto [first, last] = term.nodes;
    const Real w = weight(term);
    const std::size_t d = term.direction;
    SoilRow* y = source_;
    if (!term.derivative.capacity.empty()) {
      const Real* c = term.derivative.capacity.data();
      for (std::size_t i = first; i < std::min(window, last); ++i) y[i][d] = fma(w, dE(i), y[i][d]);
      for (std::size_t i = std::max(first, window); i < last; ++i)
        y[i][d] = fma(w, linear(i, c[i - first]), y[i][d]);
    }
    add_net_flux_dp(term, y);
  }

  // The rows of a stage from B_tl(i) and what they depend on parameters by themselves.
  template <class Start>
  [[gnu::always_inline]] void solve(const Inputs<Real>& F, Start start) {
    const auto side = [start, S = source_](std::size_t i)
                          GLEBE_INLINED -> Row { return start(i) + Real(1.0) * S[i]; };
    const Row first = ends_.fixed_top() ? sum_of(Parameter::top_offset)
                                        : Row(side(0) + Real(column_.gamma_dt()) * top_flux(F));
    const Row last = ends_.fixed_bottom() ? sum_of(ends_.bottom_temperature_parameter())
                                          : Row(side(N_) - bottom_flux());
    column_.matrix().solve(first, last, side, T_);
  }

  // y += gamma dt d(net heat flux in the soil)/dp at the column's temperatures.
  [[gnu::always_inline]] void add_net_flux_dp(const SoilTerm& term, SoilRow* y) const {
    const Conductances<Real>& linear = term.derivative.conductance;
    if (linear.size() == 0) return;
    const Real* T = column_.temperature();
    const Real w = column_.gamma_dt() * weight(term);
    const std::size_t d = term.direction, window = column_.rows().window();
    const auto [first, last] = term.nodes;
    // Takes what comes from above, returns what goes on below.
    const auto add = [=](std::size_t e, const Real& upper, const Real& lower, const Real& above)
                         GLEBE_INLINED -> Real {
      const Real difference = w * (T[e] - T[e + 1]);
      y[e][d] = fma(Real(-upper), difference, Real(y[e][d] + above));
      return lower * difference;
    };
    Real flux = 0.0;
    std::size_t e = first;
    for (; e + 1 < std::min(window + 1, last); ++e) {
      const auto k = laws_.conductance_dp(term.derivative, e, T[e], T[e + 1]);
      flux = add(e, k.upper, k.lower, flux);
    }
    for (const Real *upper = linear.upper(), *lower = linear.lower(); e + 1 < last; ++e)
      flux = add(e, upper[e - first], lower[e - first], flux);
    y[last - 1][d] += flux;
  }

  // What the fluxes at the ends gain from the parameters at fixed temperature: that into the first
  // node, and gamma dt times that out of the last.
  Row top_flux(const Inputs<Real>& F) const {
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d)) sum[d] += top_flux(term, column_.temperature()[0], F);
    return sum;
  }
  Row bottom_flux() const {
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d))
        if (term.parameter() == ends_.bottom_flux_parameter())
          sum[d] += column_.gamma_dt() * ends_.bottom_flux_sign() * term.weight;
    return sum;
  }

  const GeneralColumn<Law>& column_;
  const GeneralSoil<Law>& laws_;
  const ColumnEnds<Real>& ends_;
  std::size_t N_;
  std::vector<Term<Real>> terms_;
  std::vector<SoilTerm> soil_terms_;
  std::vector<Row> memory_;
  std::vector<SoilRow> soil_memory_;
  SoilRow* source_;         ///< what the rows depend on parameters by themselves
  Row *T_, *T_start_;       ///< tangents of T, now and at the start of the step
  Row* gain_;               ///< of the gain of an explicit first stage
  bool dE_is_of_T_ = false; ///< whether the terms' dE are those of the column's temperatures
  std::size_t first_step_;
  std::size_t step_ = 0; ///< whose weights the terms hold
  bool varies_ = false;
  bool started_ = false;
};

} // namespace glebe
