// SPDX-License-Identifier: BSD-3-Clause
// What the directions of a group change in soil whose properties do not depend on its state.
#pragma once

#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/row.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

/// The terms of `Width` directions, one for each; or, for Width = 1, any number for one.
template <class Real, std::size_t Width>
class LinearTerms {
public:
  using Row = glebe::Row<Real, Width>;

  explicit LinearTerms(std::vector<Term<Real>> terms)
      : terms_(std::move(terms)), first_step_(terms_[0].first_step()) {
    for (const Term<Real>& term : terms_) {
      first_step_ = std::min(first_step_, term.first_step());
      varies_ = varies_ || term.direction.varying;
    }
  }

  /// Leaves out what does nothing in soil of constant properties, of one direction with many terms.
  void drop_idle() {
    if (terms_.size() > Width)
      std::erase_if(terms_,
                    [](const Term<Real>& one) { return one.in_soil() && !one.in_linear_soil(); });
  }

  /// Of direction d.
  std::span<const Term<Real>> of(std::size_t d) const {
    const std::span<const Term<Real>> all = terms_;
    return Width == 1 ? all : all.subspan(d, 1);
  }
  bool started() const { return started_; }

  /// Takes the weights of the first step, or of another, for a column that has its parameters.
  template <class C>
  void start(const C& column) {
    for (Term<Real>& term : terms_) weigh(term, 0, column);
    step_ = 0;
    started_ = first_step_ == 0;
  }
  /// Returns whether any may have changed.
  template <class C>
  bool set_step(std::size_t step, const C& column) {
    started_ = started_ || step >= first_step_;
    if (!varies_ || !started_) return false;
    for (Term<Real>& term : terms_) {
      const VaryingSlot* knots = term.direction.varying;
      if (knots && !(knots->at_step[step] == knots->at_step[step_])) weigh(term, step, column);
    }
    step_ = step;
    return true;
  }

  /// The changes of one parameter.
  Row sum_of(Parameter parameter) const {
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : of(d))
        if (term.parameter() == parameter) sum[d] += term.weight;
    return sum;
  }
  /// What the flux at the top gains in direction d at a temperature that does not change.
  template <class C>
  Real top_flux(std::size_t d, const C& column, const Inputs<Real>& F) const {
    Real sum = 0.0;
    for (const Term<Real>& term : of(d)) sum += top_flux(term, column, F);
    return sum;
  }
  template <class C>
  static Real top_flux(const Term<Real>& term, const C& column, const Inputs<Real>& F) {
    if (column.ends().has_top_flux())
      return term.parameter() == Parameter::top_flux_offset ? term.weight : Real(0.0);
    if (info(term.parameter()).place != Place::surface) return 0.0;
    return term.weight *
           column.surface().ground_slope(term.parameter(), column.top_temperature(), F);
  }

  /// The change of the temperature of node i at the start of the window.
  Row initial_temperature(const Soil& soil, std::size_t i) const {
    const std::span<const double> knots = soil.knot_depth;
    if (knots.empty()) return sum_of(Parameter::deep_temperature);
    const auto [j, w] = interpolate(knots, soil.depth[i]);
    Row sum;
    for (std::size_t d = 0; d < Width; ++d)
      for (const Term<Real>& term : of(d)) {
        const std::size_t knot = term.direction.slot.index;
        if (term.parameter() == Parameter::initial_temperature)
          sum[d] += (j == knot ? 1.0 - w : j + 1 == knot ? w : 0.0) * term.weight;
      }
    return sum;
  }

private:
  template <class C>
  static void weigh(Term<Real>& term, std::size_t step, const C& column) {
    term.weight = term.weight_in(step);
    if (term.in_linear_soil()) term.relative = term.weight / column.parameter(term.direction.slot);
  }

  std::vector<Term<Real>> terms_;
  std::size_t first_step_;
  std::size_t step_ = 0; ///< whose weights the terms hold
  bool varies_ = false;
  bool started_ = false;
};

} // namespace glebe
