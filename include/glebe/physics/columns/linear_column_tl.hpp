// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of linear_column.hpp: T_tl is the change of T per unit change of what a
// direction perturbs. `Width` directions go through the same factors side by side. Kept is T_tl,
// not the increment D_tl, because a tangent has no digits to lose in a sum:
//
//   first stage   e_i = p_i (T_tl_i + D_i w) + q_i e_(i+1),   T_tl'_i = e_i + f_i T_tl'_(i-1)
//   second stage  the same with R_tl = T_tl + b D_tl in place of T_tl, b = a - 1
//
// where p_i D_tl_i = f_i (T_tl_(i-1) - T_tl_i) - q_i (T_tl_i - T_tl_(i+1)) is made anew, because
// arithmetic is cheaper than memory; what a parameter of the soil adds to it is in D_i w.
#pragma once

#include "glebe/physics/columns/linear_column.hpp"
#include "glebe/physics/columns/linear_terms.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/row.hpp"

#include <algorithm>

namespace glebe {

/// `Width` directions, each a unit change of one parameter or knot, of which only the first
/// `n_soil` may be conductivities or heat capacities, which act in the rows of their horizon; all
/// other parameters act at the ends of the column. Or, for Width = 1, one direction that changes
/// several parameters at once.
template <class Real, std::size_t Width, std::size_t n_soil>
class LinearColumnTl final : public Tangent<Real> {
public:
  using Row = glebe::Row<Real, Width>;
  using SoilRow = glebe::Row<Real, n_soil>;
  using Terms = LinearTerms<Real, Width>;

  /// Of `column`, which outlives it, with a term for each direction, or any number for one.
  LinearColumnTl(const LinearColumn<Real>& column, std::vector<Term<Real>> terms)
      : column_(column), rows_(column.rows()), ends_(column.ends()), N_(column.last_node()),
        terms_(std::move(terms)), memory_(N_ + 1 + column.soil().horizon_top.size()),
        T_(memory_.data()), D_(T_ + N_ + 1) {
    terms_.drop_idle();
  }
  LinearColumnTl(const LinearColumnTl&) = delete;
  LinearColumnTl& operator=(const LinearColumnTl&) = delete;

  std::size_t width() const override { return Width; }
  bool started() const override { return terms_.started(); }
  std::span<const Term<Real>> terms(std::size_t d) const override { return terms_.of(d); }
  void top_temperature(Real* derivative) const override {
    std::ranges::copy(T_[0].value, derivative);
  }
  void temperature_at(const Interpolation& place, Real* derivative) const override {
    temperature_between(T_, place, derivative);
  }
  std::span<Real> state() override { return {T_->value.data(), (N_ + 1) * Width}; }
  Real top_flux(std::size_t d, const Real& dT_0, const Inputs<Real>& F) const override {
    Real flux = dT_0 * top_flux_slope(F);
    for (const Term<Real>& term : terms(d)) flux += Terms::top_flux(term, column_, F);
    return flux;
  }
  void element_flux(std::size_t i, Real* derivative) const override {
    const Soil& soil = column_.soil();
    const Real* T = column_.temperature();
    for (std::size_t d = 0; d < Width; ++d) {
      derivative[d] = rows_.conductance()[i] * (T_[i][d] - T_[i + 1][d]);
      for (const Term<Real>& term : terms(d)) {
        const auto [parameter, h] = term.direction.slot;
        if (parameter == Parameter::thermal_conductivity && i >= soil.horizon_top[h] &&
            i < soil.horizon_top[h + 1])
          derivative[d] += term.weight / soil.thickness[i] * (T[i] - T[i + 1]);
      }
    }
  }

  void start() override {
    terms_.start(column_);
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = terms_.initial_temperature(column_.soil(), i);
    if (ends_.fixed_top()) T_[0] = terms_.sum_of(Parameter::top_offset);
    if (ends_.fixed_bottom()) T_[N_] = fixed_bottom();
  }

  void set_step(std::size_t step) override {
    if (!terms_.set_step(step, column_)) return;
    if (ends_.fixed_bottom() && !ends_.has_measured_bottom()) T_[N_] = fixed_bottom();
  }

  void advance(std::size_t stage, const Inputs<Real>& F) override {
    if (stage > 0)
      second_stage(F);
    else if (column_.form().scheme == Scheme::crank_nicolson)
      explicit_stage(F);
    else
      first_stage(F);
  }

private:
  // The tangent of the temperature given at the bottom.
  Row fixed_bottom() const { return terms_.sum_of(ends_.bottom_temperature_parameter()); }

  // What the flux at the bottom gains from a parameter.
  Real bottom_flux(const Term<Real>& term) const {
    const bool acts = term.parameter() == ends_.bottom_flux_parameter();
    return acts ? Real(ends_.bottom_flux_sign() * term.weight) : Real(0.0);
  }
  Real top_flux_slope(const Inputs<Real>& F) const {
    if (ends_.has_top_flux() || ends_.fixed_top()) return 0.0;
    return column_.surface().ground_slope(column_.temperature()[0], F);
  }

  // What row i gains from its own dependence on the parameters [J m-2 per unit]: through the
  // conductances and capacities on either side, and the fluxes at the ends.
  Row source(std::size_t i, const Inputs<Real>& F) const {
    if (i == 0 && ends_.fixed_top()) return {};
    const Real* T = column_.temperature();
    const Real* k = rows_.conductance();
    const Soil& soil = column_.soil();
    const Real above = i == 0 ? column_.top_flux(T[0], F) : Real(k[i - 1] * (T[i - 1] - T[i]));
    const Real below = i == N_ ? ends_.bottom_flux(F) : Real(k[i] * (T[i] - T[i + 1]));
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d)) {
        const auto [parameter, h] = term.direction.slot;
        if (!term.in_linear_soil()) {
          if (i == 0) sum[d] += Terms::top_flux(term, column_, F);
          if (i == N_) sum[d] -= bottom_flux(term);
          continue;
        }
        const bool owns_above = soil.horizon_top[h] < i && i <= soil.horizon_top[h + 1];
        const bool owns_below = soil.horizon_top[h] <= i && i < soil.horizon_top[h + 1];
        if (parameter == Parameter::thermal_conductivity) {
          if (owns_above) sum[d] += term.relative * above;
          if (owns_below) sum[d] -= term.relative * below;
        } else if (owns_above || owns_below) {
          sum[d] -= term.relative * rows_.capacity_share(i, h) * (above - below);
        }
      }
    return Real(column_.gamma_dt()) * sum;
  }

  // Inside a horizon the source is a multiple of c_i D_i, the net heat flux that the row has: it
  // grows with lambda, to which conductances are proportional, and falls with C. These are the
  // factors.
  SoilRow inside(std::size_t horizon) const {
    SoilRow w;
    for (std::size_t d = 0; d < n_soil; ++d)
      for (const Term<Real>& term : terms(d)) {
        if (!term.in_linear_soil() || term.direction.slot.index != horizon) continue;
        const bool conducts = term.parameter() == Parameter::thermal_conductivity;
        w[d] += conducts ? term.relative : Real(-term.relative);
      }
    return w;
  }

  // action(i, D_tl of row i) for the ends and the boundaries of horizons, where D_tl is kept.
  template <class Action>
  void for_each_boundary(Action action) {
    const auto tops = column_.soil().horizon_top;
    for (std::size_t b = 0; b < tops.size(); ++b) action(tops[b], D_[b]);
  }

  void explicit_stage(const Inputs<Real>& F) {
    const Real* c = rows_.capacity();
    const Real* k = rows_.conductance();
    const Real Q_T = top_flux_slope(F);
    const Real gamma_dt = column_.gamma_dt();
    for_each_boundary([&](std::size_t i, Row& D) {
      const Row above = i == 0 ? Q_T * T_[0] : k[i - 1] * (T_[i - 1] - T_[i]);
      const Row below = i == N_ ? Row{} : k[i] * (T_[i] - T_[i + 1]);
      D = Real(1.0 / c[i]) * (gamma_dt * (above - below) + source(i, F));
    });
  }

  void first_stage(const Inputs<Real>& F) {
    for_each_boundary([&](std::size_t i, Row& D_tl) { D_tl = T_[i]; });
    const Real* D = column_.increment();
    const auto tops = column_.soil().horizon_top;

    T_[N_] = bottom_row(T_[N_], F);
    Row e = T_[N_]; // not the result itself, which the compiler would keep in memory
    for (std::size_t h = tops.size() - 1; h-- > 0;) {
      const SoilRow w = inside(h);
      const Real number = rows_.diffusion_number(h);
      for (std::size_t i = tops[h + 1] - 1; i > tops[h]; --i) {
        const auto [p, q, f] = rows_.weights(i, number);
        e = p * T_[i] + Real(p * D[i]) * w + q * e;
        T_[i] = e;
      }
      T_[tops[h]] = boundary_row(tops[h], T_[tops[h]], T_[tops[h] + 1], F);
      e = T_[tops[h]];
    }
    substitute();
    for_each_boundary([&](std::size_t i, Row& D_tl) { D_tl = T_[i] - D_tl; });
  }

  // Only at the ends and boundaries of horizons D_tl of the first stage is kept.
  void second_stage(const Inputs<Real>& F) {
    const Real* D = column_.increment();
    const auto tops = column_.soil().horizon_top;
    const Real b = column_.second_start() - 1.0;

    Row below = T_[N_];
    T_[N_] = bottom_row(T_[N_] + b * D_[tops.size() - 1], F);
    Row e = T_[N_];
    for (std::size_t h = tops.size() - 1; h-- > 0;) {
      const SoilRow w = inside(h);
      const Real number = rows_.diffusion_number(h);
      Row here = T_[tops[h + 1] - 1];
      for (std::size_t i = tops[h + 1] - 1; i > tops[h]; --i) {
        const Row above = T_[i - 1];
        const auto [p, q, f] = rows_.weights(i, number);
        e = Real(p - b * f - b * q) * here + Real(b * f) * above + Real(b * q) * below +
            Real(p * D[i]) * w + q * e;
        T_[i] = e;
        below = here;
        here = above;
      }
      below = here;
      T_[tops[h]] = boundary_row(tops[h], here + b * D_[h], T_[tops[h] + 1], F);
      e = T_[tops[h]];
    }
    substitute();
  }

  // A row between horizons, or row 0, from R_tl and e of the row below.
  Row boundary_row(std::size_t i, const Row& R, const Row& e, const Inputs<Real>& F) const {
    if (i == 0 && ends_.fixed_top()) return terms_.sum_of(Parameter::top_offset);
    const Real c = rows_.capacity()[i], gamma_dt_k = column_.gamma_dt() * rows_.conductance()[i];
    const Real over_pivot = i == 0 ? column_.surface_inverse(F) : Real(rows_.weights(i).p / c);
    return over_pivot * (c * R + source(i, F) + gamma_dt_k * e);
  }

  Row bottom_row(const Row& R, const Inputs<Real>& F) const {
    if (column_.form().bottom == Bottom::flux) {
      const Real p = rows_.weights(N_).p;
      return p * R + Real(p / rows_.capacity()[N_]) * source(N_, F);
    }
    return fixed_bottom();
  }

  // T_i = e_i + f_i T_(i-1).
  void substitute() {
    rows_.downwards(T_[0], [T = T_](std::size_t i, const RowWeights<Real>& w, const Row& above) {
      const Row here = T[i] + w.f * above;
      T[i] = here;
      return here;
    });
  }

  const LinearColumn<Real>& column_;
  const ConductionRows<Real>& rows_;
  const ColumnEnds<Real>& ends_;
  std::size_t N_;
  Terms terms_;
  std::vector<Row> memory_;
  Row* T_; ///< tangent of T
  Row* D_; ///< tangent of D of the first stage, at the ends and boundaries of horizons
};

} // namespace glebe
