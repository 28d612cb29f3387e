// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of modal_column.hpp. A direction that acts at the ends of the column goes
// through the same factors as the state:
//
//   eta_tl' = A eta_tl + a s q_1_tl + q_2_tl
//
// One that changes the diffusivity by the fraction rho adds -rho (1 - s) (a s eta_1 + eta_2), where
// eta_1 = s eta + q_1 and eta_2 are the state after either stage: the same in all of them but for
// rho. One that changes what a flux does to the temperature, g, by the fraction chi adds chi q to
// q_tl.
#pragma once

#include "glebe/physics/columns/linear_terms.hpp"
#include "glebe/physics/columns/modal_column.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/row.hpp"

namespace glebe {

/// `Width` directions, each a unit change of one parameter or knot, of which only the first
/// `n_soil` may be of the soil. Or, for Width = 1, one direction that changes several parameters at
/// once.
template <SoilLaw Law, std::size_t Width, std::size_t n_soil>
class ModalColumnTl final : public Tangent<typename Law::Real> {
public:
  using Real = typename Law::Real;
  using Row = glebe::Row<Real, Width>;
  using SoilRow = glebe::Row<Real, n_soil>;

  /// Of `column`, which outlives it, with a term for each direction, or any number for one.
  ModalColumnTl(const ModalColumn<Law>& column, std::vector<Term<Real>> terms)
      : column_(column), gains_(column.gains()), ends_(column.ends()), terms_(std::move(terms)),
        state_(gains_.n_mode() + n_kept), eta_(state_.data()), T_0_(state_[gains_.n_mode()]),
        start_(state_.data() + gains_.n_mode() + 1) {}
  ModalColumnTl(const ModalColumnTl&) = delete;
  ModalColumnTl& operator=(const ModalColumnTl&) = delete;

  std::size_t width() const override { return Width; }
  bool started() const override { return terms_.started(); }
  std::span<const Term<Real>> terms(std::size_t d) const override { return terms_.of(d); }
  std::span<Real> state() override { return {state_.data()->value.data(), state_.size() * Width}; }

  void start() override {
    terms_.start(column_);
    find_constant_parts();
    std::ranges::fill(state_, Row{});
    if (!column_.starts_steady()) project();
    T_0_ = ends_.fixed_top() ? terms_.sum_of(Parameter::top_offset) : initial(0);
    for (std::size_t j = 0; j < gains_.n_mode(); ++j)
      for (std::size_t stage = 0; stage < 2; ++stage)
        start_[stage] = start_[stage] + gains_.at_top(stage)[j] * eta_[j];
    weigh_state();
  }

  void set_step(std::size_t step) override {
    const bool had_started = started();
    terms_.set_step(step, column_);
    if (!had_started && started()) weigh_state();
  }

  void advance(std::size_t stage, const Inputs<Real>& F) override {
    q_[stage] = flux(stage, F);
    if (stage == 1) finish_step();
  }

  void top_temperature(Real* derivative) const override {
    std::ranges::copy(T_0_.value, derivative);
  }
  void temperature_at(const Interpolation& at, Real* derivative) const override {
    const ModalPlace<Real>& place = column_.places().temperature(at);
    const Row tl = of_modes(place) + column_.depth_over_conductivity(place) * gradient_;
    for (std::size_t d = 0; d < Width; ++d) derivative[d] = tl[d] + T_b_[d];
  }
  void element_flux(std::size_t element, Real* derivative) const override {
    const ModalPlace<Real>& place = column_.places().gradient(element);
    const Row tl = of_modes(place);
    const Real& lambda = column_.conductivity();
    const Real along = lambda * column_.of_modes(place);
    for (std::size_t d = 0; d < Width; ++d)
      derivative[d] = fma(lambda, tl[d], Real(conducts_[d] * along - q_b_[d]));
  }
  Real top_flux(std::size_t d, const Real& dT_0, const Inputs<Real>& F) const override {
    return fma(dT_0, column_.top_flux_slope(F), terms_.top_flux(d, column_, F));
  }

private:
  static constexpr std::size_t n_kept = 3; // T_0, and what the modes will be at the top

  // What does not change in time: the tangents of the steady profile and of the gains.
  void find_constant_parts() {
    if (column_.starts_from_deep()) T_b_ = terms_.sum_of(Parameter::deep_temperature);
    if (!ends_.fixed_bottom()) q_b_ = terms_.sum_of(Parameter::geothermal_flux);
    for (std::size_t d = 0; d < Width; ++d) {
      Real conductivity = 0.0, capacity = 0.0;
      for (const Term<Real>& term : terms(d)) {
        conductivity += term.weight * column_.relative_conductivity_dp(term.parameter());
        capacity += term.weight * column_.relative_capacity_dp(term.parameter());
      }
      conducts_[d] = conductivity;
      gradient_[d] = fma(-column_.bottom_flux(), conductivity, q_b_[d]);
      const Real diffusivity = conductivity - capacity;
      if (d < n_soil) {
        rho_[d] = diffusivity;
        chi_[d] = ends_.fixed_top() ? diffusivity : Real(-capacity);
      }
    }
  }

  // What the start differs from the steady profile.
  void project() {
    std::vector<Real> theta(column_.soil().n_node()), eta(gains_.n_mode());
    for (std::size_t d = 0; d < Width; ++d) {
      for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = initial(i)[d] - steady(i)[d];
      gains_.project(theta.data(), eta.data());
      for (std::size_t j = 0; j < eta.size(); ++j) eta_[j][d] = eta[j];
    }
  }

  // That of the steady profile, and of that at the start.
  Row steady(std::size_t i) const {
    const double z = column_.soil().depth[i] - column_.soil().depth[0];
    const Real over_lambda = z / column_.conductivity();
    return T_b_ + over_lambda * gradient_;
  }
  Row initial(std::size_t i) const { return terms_.initial_temperature(column_.soil(), i); }

  // What the state of the column at the start of a step loses at the top in each stage where the
  // soil conducts better.
  void weigh_state() {
    if constexpr (n_soil > 0)
      for (std::size_t stage = 0; stage < 2; ++stage)
        lost_start_[stage] = dot(gains_.at_top_by_soil(stage), column_.modes(), gains_.n_mode());
  }

  // The tangent of what the modes are given in a stage; of T_0 after it.
  Row flux(std::size_t stage, const Inputs<Real>& F) {
    const Real q = column_.given(stage);
    if (ends_.fixed_top()) {
      T_0_ = terms_.sum_of(Parameter::top_offset);
      const Real over_dz = 1.0 / column_.soil().thickness[0];
      return over_dz * (T_0_ - T_b_) + q * chi_;
    }
    Row given = q_b_ + q * chi_;
    for (std::size_t d = 0; d < Width; ++d) given[d] += terms_.top_flux(d, column_, F);
    Row unanswered = T_b_ + start_[stage];
    if (stage == 1) unanswered = unanswered + gains_.of_first_flux() * q_[0];
    unanswered = unanswered + gains_.of_flux() * given;
    if constexpr (n_soil > 0) unanswered = unanswered + Real(-lost_at_top(stage)) * rho_;
    T_0_ = column_.response() * unanswered;
    return column_.flux_slope() * T_0_ + given;
  }

  Real lost_at_top(std::size_t stage) const {
    const Real of_this = fma(gains_.of_flux_by_soil(), column_.given(stage), lost_start_[stage]);
    return stage == 0 ? of_this : fma(gains_.of_first_flux_by_soil(), column_.given(0), of_this);
  }

  // Factors that follow from s are made anew: memory is dearer than arithmetic.
  void finish_step() {
    constexpr double a = ModalGains<Real>::a;
    const Real *s = gains_.stage(), *top = gains_.at_top(0);
    const Real *before = column_.modes_before(), *now = column_.modes();
    const Real given = column_.given(0);
    const Row q_1 = q_[0], q_2 = q_[1];
    const SoilRow rho = rho_;
    Row* const tangents = eta_;
    Row first, second;
    Real lost_first = 0.0, lost_second = 0.0;
    for (std::size_t j = 0, n = gains_.n_mode(); j < n; ++j) {
      const Real as = a * s[j], t = as + (1.0 - a);
      Row eta = Real(s[j] * t) * tangents[j] + (as * q_1 + q_2);
      if constexpr (n_soil > 0) {
        const Real both_stages = fma(as, fma(s[j], before[j], given), now[j]);
        const Real lag = s[j] - 1.0, lost = top[j] * lag * now[j];
        eta = eta + Real(lag * both_stages) * rho;
        lost_first -= lost;
        lost_second = fma(Real(-(as + t)), lost, lost_second);
      }
      tangents[j] = eta;
      first = first + top[j] * eta;
      second = second + Real(top[j] * t) * eta;
    }
    start_[0] = first;
    start_[1] = second;
    lost_start_[0] = lost_first;
    lost_start_[1] = lost_second;
  }

  // What a place sees of the tangents of the modes after the latest stage.
  Row of_modes(const ModalPlace<Real>& place) const {
    const bool between = column_.between_stages();
    const Real* weight = between ? place.between : place.at_end;
    Row even, odd;
    std::size_t j = 0;
    for (; j + 2 <= gains_.n_mode(); j += 2) {
      even = even + weight[j] * eta_[j];
      odd = odd + weight[j + 1] * eta_[j + 1];
    }
    if (j < gains_.n_mode()) even = even + weight[j] * eta_[j];
    Row sum = even + odd;
    // Where the temperature at the top is given, q of it is not what the gains make of it.
    if (ends_.fixed_top())
      sum = sum + Real(place.top / column_.soil().thickness[0]) * (T_0_ - T_b_);
    if (!between) return sum;
    sum = sum + place.flux * q_[0];
    if constexpr (n_soil > 0) {
      const Real lost = dot(place.by_soil, column_.modes(), gains_.n_mode());
      sum = sum + Real(-fma(place.flux_by_soil, column_.given(0), lost)) * rho_;
    }
    return sum;
  }

  const ModalColumn<Law>& column_;
  const ModalGains<Real>& gains_;
  const ColumnEnds<Real>& ends_;
  LinearTerms<Real, Width> terms_;
  std::vector<Row> state_;
  Row* eta_;   ///< tangents of eta [mode]
  Row& T_0_;   ///< that of T_0
  Row* start_; ///< what eta will be at the top in each stage of the next step
  Row q_[2];   ///< tangents of what the modes are given, and chi times that
  Row T_b_, q_b_;
  Row conducts_, gradient_; ///< relative change of the conductivity; that of q_b, by conductivity
  SoilRow rho_, chi_;
  Real lost_start_[2]{};
};

} // namespace glebe
