// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/tangent.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace glebe {

/// Directions that change what sensors say of a column, and nothing in it: all tangents of its
/// state are zero, and cost nothing.
template <class Real>
class SensorTangent final : public Tangent<Real> {
public:
  /// One term for each direction, each a parameter of a stream.
  explicit SensorTangent(std::vector<Term<Real>> terms) : terms_(std::move(terms)) {}

  std::size_t width() const override { return terms_.size(); }
  void start() override {
    for (Term<Real>& term : terms_) term.weight = term.weight_in(0);
  }
  void set_step(std::size_t step) override {
    for (Term<Real>& term : terms_)
      if (term.direction.varying) term.weight = term.weight_in(step);
  }
  /// Always, so that it stands before all others.
  bool started() const override { return true; }
  void advance(std::size_t, const Inputs<Real>&) override {}
  void top_temperature(Real* derivative) const override { set_zero(derivative); }
  void temperature_at(const Interpolation&, Real* derivative) const override {
    set_zero(derivative);
  }
  void element_flux(std::size_t, Real* derivative) const override { set_zero(derivative); }
  Real top_flux(std::size_t, const Real&, const Inputs<Real>&) const override { return 0.0; }
  std::span<Real> state() override { return {}; }
  std::span<const Term<Real>> terms(std::size_t d) const override { return {&terms_[d], 1}; }

private:
  void set_zero(Real* derivative) const { std::fill_n(derivative, terms_.size(), Real(0.0)); }

  std::vector<Term<Real>> terms_;
};

} // namespace glebe
