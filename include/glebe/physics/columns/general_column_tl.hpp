// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of general_column.hpp: T_tl is the change of T per unit change of what a
// direction perturbs. Of a stage it is the solution of
//
//   d(E - gamma dt net heat flux)/dT T_tl = B_tl - dE/dp + gamma dt d(net heat flux)/dp
//
// with the matrix at the column's solution; Newton's iterations are not differentiated.
#pragma once

#include "glebe/physics/columns/general_column.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/row.hpp"

#include <algorithm>
#include <span>

namespace glebe {

/// `Width` directions, each a unit change of one parameter or knot; or, for Width = 1, one
/// direction that changes several parameters at once.
template <SoilLaw Law, std::size_t Width>
class GeneralColumnTl final : public Tangent<typename Law::Real> {
public:
  using Real = typename Law::Real;
  using Row = glebe::Row<Real, Width>;

  /// A tangent of `column`, which outlives it, for the directions in `terms`: one for each
  /// direction, or any number for one direction.
  GeneralColumnTl(const GeneralColumn<Law>& column, std::vector<Term<Real>> terms)
      : column_(column), laws_(column.laws()), ends_(column.ends()), N_(column.last_node()),
        terms_(std::move(terms)), memory_(3 * (N_ + 1)), T_(memory_.data()), E_start_(T_ + N_ + 1),
        gain_(E_start_ + N_ + 1), first_step_(terms_[0].first_step()) {
    for (const Term<Real>& term : terms_) {
      first_step_ = std::min(first_step_, term.first_step());
      varies_ = varies_ || term.direction.varying;
    }
    for (std::size_t k = 0; k < terms_.size(); ++k)
      if (terms_[k].in_soil() && laws_.acts(terms_[k].parameter()))
        soil_terms_.push_back(
            {Width == 1 ? 0 : k, k, SoilDerivative<Law>::of(terms_[k].direction.slot)});
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
  std::span<Real> state() override { return {T_->value.data(), (N_ + 1) * Width}; }
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
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = initial(i);
    if (ends_.fixed_top()) T_[0] = sum_of(Parameter::top_offset);
    if (ends_.fixed_bottom()) T_[N_] = sum_of(ends_.bottom_temperature_parameter());
  }

  void set_step(std::size_t step) override {
    started_ = started_ || step >= first_step_;
    if (started_) update_derivatives();
    if (!varies_ || !started_) return;
    for (Term<Real>& term : terms_) {
      const VaryingSlot* varying = term.direction.varying;
      if (varying && varying->at_step[step] != varying->at_step[step_])
        term.weight = term.weight_in(step);
    }
    step_ = step;
    if (ends_.fixed_bottom() && !ends_.has_measured_bottom())
      T_[N_] = sum_of(ends_.bottom_temperature_parameter());
  }

  void advance(std::size_t stage, const Inputs<Real>& F) override {
    if (stage == 0)
      start_of_step();
    else
      second_start();
    if (column_.is_explicit(stage)) return explicit_stage(F);
    const Real* T = column_.temperature();
    add_enthalpy_dp(T, -1.0, T_);
    add_net_flux_dp(T, F, T_);
    if (ends_.fixed_top()) T_[0] = sum_of(Parameter::top_offset);
    if (ends_.fixed_bottom()) T_[N_] = sum_of(ends_.bottom_temperature_parameter());
    column_.matrix().solve(T_);
  }

private:
  /// A parameter of the soil that a direction changes.
  struct SoilTerm {
    std::size_t direction;
    std::size_t term; ///< among all
    SoilDerivative<Law> derivative;
  };
  void update_derivatives() {
    for (SoilTerm& term : soil_terms_) laws_.update(term.derivative);
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

  // The heat at the start of the step, which is B of the first stage.
  void start_of_step() {
    const Real* c = column_.start_capacity();
    const bool keeps_T = column_.is_explicit(0);
    for (std::size_t i = 0; i <= N_; ++i) {
      E_start_[i] = c[i] * T_[i];
      if (!keeps_T) T_[i] = E_start_[i];
    }
    add_enthalpy_dp(column_.start_temperature(), 1.0, E_start_);
    if (!keeps_T) add_enthalpy_dp(column_.start_temperature(), 1.0, T_);
  }

  // B of the second stage, E_start + a G.
  void second_start() {
    const Real a = column_.second_start(), rest = 1.0 - a;
    if (column_.is_explicit(0)) {
      for (std::size_t i = 0; i <= N_; ++i) T_[i] = E_start_[i] + a * gain_[i];
      return;
    }
    const Real* c = column_.first_capacity();
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = rest * E_start_[i] + Real(a * c[i]) * T_[i];
    add_enthalpy_dp(column_.first_temperature(), column_.second_start(), T_);
  }

  // y += factor dE/dp at T.
  void add_enthalpy_dp(const Real* T, double factor, Row* y) const {
    for (const SoilTerm& term : soil_terms_) {
      const Real w = factor * weight(term);
      laws_.for_each_enthalpy_dp(term.derivative, T, [&](std::size_t i, const Real& dE) {
        y[i][term.direction] += w * dE;
      });
    }
  }

  // y += gamma dt d(net heat flux)/dp at T.
  void add_net_flux_dp(const Real* T, const Inputs<Real>& F, Row* y) const {
    const double gamma_dt = column_.gamma_dt();
    for (const SoilTerm& term : soil_terms_) {
      const Real w = gamma_dt * weight(term);
      laws_.for_each_conductance_dp(term.derivative, T, [&](std::size_t e, const auto& k) {
        const Real difference = w * (T[e] - T[e + 1]);
        y[e][term.direction] -= k.upper * difference;
        y[e + 1][term.direction] += k.lower * difference;
      });
    }
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d)) {
        if (!ends_.fixed_top()) y[0][d] += gamma_dt * top_flux(term, T[0], F);
        if (term.parameter() == ends_.bottom_flux_parameter())
          y[N_][d] -= gamma_dt * ends_.bottom_flux_sign() * term.weight;
      }
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
    gain_[0] = gain_[0] + Real(column_.gamma_dt() * column_.top_flux_dT(T[0], F)) * T_[0];
    add_net_flux_dp(T, F, gain_);
  }

  const GeneralColumn<Law>& column_;
  const GeneralSoil<Law>& laws_;
  const ColumnEnds<Real>& ends_;
  std::size_t N_;
  std::vector<Term<Real>> terms_;
  std::vector<SoilTerm> soil_terms_;
  std::vector<Row> memory_;
  Row* T_;       ///< tangent of T; of the heat, until a stage is solved
  Row* E_start_; ///< of the heat at the start of the step
  Row* gain_;    ///< of the gain of an explicit first stage
  std::size_t first_step_;
  std::size_t step_ = 0; ///< whose weights the terms hold
  bool varies_ = false;
  bool started_ = false;
};

} // namespace glebe
