// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of column_model.hpp, statement for statement: T_tl is the change of T per
// unit change of what a direction perturbs. `Width` directions go through the same factors side by
// side.
#pragma once

#include "glebe/physics/columns/linear_column.hpp"
#include "glebe/physics/row.hpp"

#include <algorithm>
#include <span>

namespace glebe {

/// What a direction perturbs in the present step: one parameter of one place.
template <class Real>
struct Term {
  Direction direction;          ///< the parameter, and the knot where it varies
  const Real* change = nullptr; ///< null: a unit change; else that of the parameter or its knots
  Real weight{};                ///< change of the parameter in the present step
  Real relative{};              ///< d ln(lambda) or -d ln(C) in the present step

  Parameter parameter() const { return direction.slot.parameter; }
  bool in_soil() const { return info(parameter()).place == Place::horizon; }
  Real weight_in(std::size_t step) const {
    if (!change) return direction.weight(step);
    return direction.varying ? direction.varying->at_step[step].between(change) : *change;
  }
  std::size_t first_step() const { return change ? 0 : direction.first_step(); }
};

/// What the run loop asks of a group of directions, whatever its width.
template <class Real>
class Tangent {
public:
  virtual ~Tangent() = default;
  virtual std::size_t width() const = 0;
  /// The tangent of ColumnModel::start(), after it.
  virtual void start() = 0;
  /// The tangent of ColumnModel::set_step(), after it.
  virtual void set_step(std::size_t step) = 0;
  /// Whether a direction has acted since start(); all tangents are zero until then.
  virtual bool started() const = 0;
  /// The tangent of ColumnModel::advance(), called after it for the same stage.
  virtual void advance(std::size_t stage, const Inputs<Real>& F) = 0;
  /// dT_i of all directions after the latest stage [K per unit of the parameter].
  virtual std::span<const Real> temperatures(std::size_t node) const = 0;
  virtual std::span<Real> temperatures(std::size_t node) = 0;
  /// What direction d perturbs.
  virtual std::span<const Term<Real>> terms(std::size_t d) const = 0;
};

template <class Real>
using Tangents = std::span<Tangent<Real>* const>;

/// `Width` directions, each a unit change of one parameter or knot, of which only the first
/// `n_soil` may be conductivities or heat capacities, which act in the rows of their horizon; all
/// other parameters act at the ends of the column. Or, for Width = 1, one direction that changes
/// several parameters at once.
template <class Real, std::size_t Width, std::size_t n_soil>
class ColumnModelTl final : public Tangent<Real> {
public:
  using Row = glebe::Row<Real, Width>;
  using SoilRow = glebe::Row<Real, n_soil>;

  /// Numbers of type Real that the tangent works on.
  static std::size_t memory_size(const Soil& soil) {
    return Width * (soil.n_node() + soil.horizon_top.size());
  }

  /// A tangent of `model` for the directions in `terms`: one for each direction, or any number for
  /// one direction. `memory` holds memory_size(model.soil()) numbers and outlives the tangent, as
  /// do `model` and `terms`.
  ColumnModelTl(const ColumnModel<Real>& model, std::span<Term<Real>> terms, Real* memory)
      : model_(model), N_(model.last_node()), terms_(terms) {
    T_ = reinterpret_cast<Row*>(memory);
    D_ = T_ + N_ + 1;
    first_step_ = terms[0].first_step();
    for (const Term<Real>& term : terms) {
      first_step_ = std::min(first_step_, term.first_step());
      varies_ = varies_ || term.direction.varying;
    }
  }

  std::size_t width() const override { return Width; }
  bool started() const override { return started_; }
  std::span<const Term<Real>> terms(std::size_t d) const override {
    return Width == 1 ? terms_ : terms_.subspan(d, 1);
  }
  std::span<Real> temperatures(std::size_t node) override { return T_[node].value; }
  std::span<const Real> temperatures(std::size_t node) const override { return T_[node].value; }

  void start() override {
    const std::span<const double> knots = model_.soil().knot_depth;
    for (Term<Real>& term : terms_) weigh(term, 0);
    step_ = 0;
    started_ = first_step_ == 0;
    for (std::size_t i = 0; i <= N_; ++i) {
      T_[i] = Row{};
      const auto [j, w] =
          knots.empty() ? Interpolation{} : interpolate(knots, model_.soil().depth[i]);
      for (std::size_t d = 0; d < Width; ++d)
        for (const Term<Real>& term : terms(d)) {
          const std::size_t knot = term.direction.slot.index;
          if (term.parameter() == Parameter::deep_temperature && knots.empty())
            T_[i][d] += term.weight;
          if (term.parameter() == Parameter::initial_temperature)
            T_[i][d] += (j == knot ? 1.0 - w : j + 1 == knot ? w : 0.0) * term.weight;
        }
    }
    if (model_.form().bottom == Bottom::temperature) T_[N_] = deep_temperature();
  }

  void set_step(std::size_t step) override {
    started_ = started_ || step >= first_step_;
    if (!varies_ || !started_) return;
    for (Term<Real>& term : terms_) {
      const VaryingSlot* varying = term.direction.varying;
      if (varying && varying->at_step[step] != varying->at_step[step_]) weigh(term, step);
    }
    step_ = step;
    if (model_.form().bottom == Bottom::temperature) T_[N_] = deep_temperature();
  }

  void advance(std::size_t stage, const Inputs<Real>& F) override {
    if (stage > 0)
      second_stage(F);
    else if (model_.form().scheme == Scheme::crank_nicolson)
      explicit_stage(F);
    else
      first_stage(F);
  }

private:
  void weigh(Term<Real>& term, std::size_t step) {
    term.weight = term.weight_in(step);
    if (term.in_soil())
      term.relative = (term.parameter() == Parameter::thermal_conductivity ? 1.0 : -1.0) *
                      term.weight / model_.parameter(term.direction.slot);
  }

  Row deep_temperature() const {
    Row T_b;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d))
        if (term.parameter() == Parameter::deep_temperature) T_b[d] += term.weight;
    return T_b;
  }

  // What row i gains from its own dependence on the parameters [J m-2 per unit]: through the
  // conductances and capacities on either side, and the fluxes at the ends.
  Row source(std::size_t i, const Inputs<Real>& F) const {
    const Real* T = model_.temperature();
    const Real* k = model_.conductance();
    const Soil& soil = model_.soil();
    const Real above =
        i == 0 ? model_.fluxes(T[0], F).ground() : Real(k[i - 1] * (T[i - 1] - T[i]));
    const Real below = i == N_ ? Real(-model_.parameter({Parameter::geothermal_flux}))
                               : Real(k[i] * (T[i] - T[i + 1]));
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : terms(d)) {
        const auto [parameter, h] = term.direction.slot;
        if (!term.in_soil()) {
          if (i == 0) sum[d] += term.weight * model_.fluxes_dp(parameter, T[0], F).ground();
          if (i == N_ && parameter == Parameter::geothermal_flux) sum[d] += term.weight;
          continue;
        }
        const bool owns_above = soil.horizon_top[h] < i && i <= soil.horizon_top[h + 1];
        const bool owns_below = soil.horizon_top[h] <= i && i < soil.horizon_top[h + 1];
        if (parameter == Parameter::thermal_conductivity) {
          if (owns_above) sum[d] += term.relative * above;
          if (owns_below) sum[d] -= term.relative * below;
        } else if (owns_above || owns_below) {
          sum[d] += term.relative * model_.capacity_share(i, h) * (above - below);
        }
      }
    return Real(model_.gamma_dt()) * sum;
  }

  // Inside a horizon the source is a multiple of c_i D_i, the net heat flux that the row has:
  // conductances are proportional to lambda and capacities to C. These are the factors.
  SoilRow inside(std::size_t horizon) const {
    SoilRow w;
    for (std::size_t d = 0; d < n_soil; ++d)
      for (const Term<Real>& term : terms(d))
        if (term.in_soil() && term.direction.slot.index == horizon) w[d] += term.relative;
    return w;
  }

  // action(i, D_tl of row i) for the ends and the boundaries of horizons, where D_tl is kept.
  template <class Action>
  void for_each_boundary(Action action) {
    const auto tops = model_.soil().horizon_top;
    for (std::size_t b = 0; b < tops.size(); ++b) action(tops[b], D_[b]);
  }

  void explicit_stage(const Inputs<Real>& F) {
    const Real* c = model_.capacity();
    const Real* k = model_.conductance();
    const Real Q_T = model_.fluxes_dT(model_.temperature()[0], F).ground();
    const Real gamma_dt = model_.gamma_dt();
    for_each_boundary([&](std::size_t i, Row& D) {
      const Row above = i == 0 ? Q_T * T_[0] : k[i - 1] * (T_[i - 1] - T_[i]);
      const Row below = i == N_ ? Row{} : k[i] * (T_[i] - T_[i + 1]);
      D = Real(1.0 / c[i]) * (gamma_dt * (above - below) + source(i, F));
    });
  }

  void first_stage(const Inputs<Real>& F) {
    for_each_boundary([&](std::size_t i, Row& D_tl) { D_tl = T_[i]; });
    const Real* D = model_.increment();
    const auto tops = model_.soil().horizon_top;

    T_[N_] = bottom_row(T_[N_], F);
    Row e = T_[N_]; // not the result itself, which the compiler would keep in memory
    for (std::size_t h = tops.size() - 1; h-- > 0;) {
      const SoilRow w = inside(h);
      const Real theta = model_.theta(h);
      for (std::size_t i = tops[h + 1] - 1; i > tops[h]; --i) {
        const auto [p, q, f] = model_.weights(i, theta);
        e = p * T_[i] + Real(p * D[i]) * w + q * e;
        T_[i] = e;
      }
      T_[tops[h]] = boundary_row(tops[h], T_[tops[h]], T_[tops[h] + 1], F);
      e = T_[tops[h]];
    }
    substitute();
    for_each_boundary([&](std::size_t i, Row& D_tl) { D_tl = T_[i] - D_tl; });
  }

  // Starts from R_tl = T_tl + (a - 1) D_tl, D_tl of the first stage. Inside the horizons this D_tl
  // is not kept but follows from the fluxes at T_tl, because arithmetic is cheaper than memory.
  void second_stage(const Inputs<Real>& F) {
    const Real* D = model_.increment();
    const auto tops = model_.soil().horizon_top;
    const Real b = model_.second_start() - 1.0;

    Row below = T_[N_];
    T_[N_] = bottom_row(T_[N_] + b * D_[tops.size() - 1], F);
    Row e = T_[N_];
    for (std::size_t h = tops.size() - 1; h-- > 0;) {
      const SoilRow w = inside(h);
      const Real theta = model_.theta(h);
      Row here = T_[tops[h + 1] - 1];
      for (std::size_t i = tops[h + 1] - 1; i > tops[h]; --i) {
        const Row above = T_[i - 1];
        const auto [p, q, f] = model_.weights(i, theta);
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
    const Real c = model_.capacity()[i], gamma_dt_k = model_.gamma_dt() * model_.conductance()[i];
    const Real over_pivot = i == 0 ? model_.surface_inverse() : Real(model_.weights(i).p / c);
    return over_pivot * (c * R + source(i, F) + gamma_dt_k * e);
  }

  Row bottom_row(const Row& R, const Inputs<Real>& F) const {
    if (model_.form().bottom == Bottom::flux) {
      const Real p = model_.weights(N_).p;
      return p * R + Real(p / model_.capacity()[N_]) * source(N_, F);
    }
    return deep_temperature();
  }

  // T_i = e_i + f_i T_(i-1).
  void substitute() {
    Row T = T_[0];
    model_.downwards([&](std::size_t i, const RowWeights<Real>& w) {
      T = T_[i] + w.f * T;
      T_[i] = T;
    });
  }

  const ColumnModel<Real>& model_;
  std::size_t N_;
  std::span<Term<Real>> terms_;
  std::size_t first_step_ = 0;
  std::size_t step_ = 0; ///< whose weights the terms hold
  bool varies_ = false;
  bool started_ = false;
  Row* T_ = nullptr; ///< tangent of T
  Row* D_ = nullptr; ///< tangent of D of the first stage, at the ends and boundaries of horizons
};

} // namespace glebe
