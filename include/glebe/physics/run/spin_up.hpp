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
      : column_(column), tangents_(tangents), how_(how), n_node_(column.soil().n_node()) {}

  /// Repeats the window until the profile at its end differs from that at its start by less than
  /// the tolerance, and leaves column and tangents at that state. A lane that has settled keeps its
  /// state while its neighbours go on. Returns the lanes that settled. `before_cycle(settled)` is
  /// called before every repetition.
  template <class InputsInTime, class Action>
  Mask<Real> run(const InputsInTime& inputs, std::size_t n_step, Action before_cycle) {
    Mask<Real> settled(false);
    for (int cycle = 0; cycle < how_.max_cycles && !all(settled); ++cycle) {
      before_cycle(settled);
      save();
      simulate(column_, tangents_, inputs, n_step, NoVisitor{});
      const Mask<Real> steady = is_steady();
      restore(settled);
      settled = settled || steady;
    }
    return settled;
  }

private:
  // action(state), for the column's and those of all groups of directions.
  template <class Action>
  void for_each_state(Action action) {
    action(column_.state());
    for (Tangent<Real>* tangent : tangents_) action(tangent->state());
  }

  void save() {
    saved_.clear();
    for_each_state([&](std::span<const Real> state) {
      saved_.insert(saved_.end(), state.begin(), state.end());
    });
    profile_.resize(n_node_);
    for (std::size_t i = 0; i < n_node_; ++i) profile_[i] = column_.temperature_at({i, 0.0});
  }

  void restore(const Mask<Real>& settled) {
    auto saved = saved_.begin();
    for_each_state([&](std::span<Real> state) {
      for (Real& now : state) now = select(settled, *saved++, now);
    });
  }

  Mask<Real> is_steady() const {
    Mask<Real> steady(true);
    for (std::size_t i = 0; i < n_node_; ++i) {
      const Real change = column_.temperature_at({i, 0.0}) - profile_[i];
      steady = steady && less_than(magnitude(change), how_.tolerance);
    }
    return steady;
  }

  C& column_;
  Tangents<Real> tangents_;
  SpinUp how_;
  std::size_t n_node_;
  std::vector<Real> saved_;   ///< states at the start of a cycle
  std::vector<Real> profile_; ///< temperatures there [n_node]
};

} // namespace glebe
