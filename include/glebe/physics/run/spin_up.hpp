// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/real.hpp"
#include "glebe/physics/run/simulate.hpp"

#include <vector>

namespace glebe {

/// The steady state of a column under a window that is repeated, with its tangents.
template <Column C>
class SpinUpRun {
public:
  using Real = typename C::Real;

  /// `column` and `tangents` outlive it.
  SpinUpRun(C& column, Tangents<Real> tangents, const SpinUp& how)
      : column_(column), tangents_(tangents), how_(how), n_node_(column.soil().n_node()) {
    std::size_t n_profile = 1;
    for (const Tangent<Real>* tangent : tangents) n_profile += tangent->width();
    saved_.resize(n_profile * n_node_);
  }

  /// Repeats the window until the profile at its end differs from that at its start by less than
  /// the tolerance, and leaves column and tangents at that state. A lane that has settled keeps its
  /// profile while its neighbours go on. Returns the lanes that settled. `before_cycle(settled)` is
  /// called before every repetition.
  template <class InputsInTime, class Action>
  Mask<Real> run(const InputsInTime& inputs, std::size_t n_step, Action before_cycle) {
    Mask<Real> settled(false);
    for (int cycle = 0; cycle < how_.max_cycles && !all(settled); ++cycle) {
      before_cycle(settled);
      for_each_profile([&](auto profile, Real* saved) {
        for (std::size_t i = 0; i < n_node_; ++i) saved[i] = profile(i);
      });
      simulate(column_, tangents_, inputs, n_step, NoVisitor{});
      const Mask<Real> steady = is_steady();
      for_each_profile([&](auto profile, Real* saved) {
        for (std::size_t i = 0; i < n_node_; ++i)
          profile(i) = select(settled, saved[i], profile(i));
      });
      settled = settled || steady;
    }
    return settled;
  }

private:
  // action(profile, where it is saved), for the column's and those of all directions.
  template <class Action>
  void for_each_profile(Action action) {
    Real* saved = saved_.data();
    action([&](std::size_t i) -> Real& { return column_.temperature()[i]; }, saved);
    for (Tangent<Real>* tangent : tangents_)
      for (std::size_t d = 0; d < tangent->width(); ++d) {
        saved += n_node_;
        action([&](std::size_t i) -> Real& { return tangent->temperatures(i)[d]; }, saved);
      }
  }

  Mask<Real> is_steady() const {
    Mask<Real> steady(true);
    for (std::size_t i = 0; i < n_node_; ++i) {
      const Real change = column_.temperature()[i] - saved_[i];
      steady = steady && less_than(magnitude(change), how_.tolerance);
    }
    return steady;
  }

  C& column_;
  Tangents<Real> tangents_;
  SpinUp how_;
  std::size_t n_node_;
  std::vector<Real> saved_; ///< profiles at the start of a cycle
};

} // namespace glebe
