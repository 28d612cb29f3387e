// SPDX-License-Identifier: BSD-3-Clause
// The time loop: a column model, with any tangents, through the window under its forcing.
#pragma once

#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/inputs.hpp"

#include <cstdint>
#include <span>

namespace glebe {

/// Gives the parameters of model and tangents their values in `step`. Returns the tangents that
/// have started: the first of them, because they stand in the order of their starts.
template <class Real>
Tangents<Real> set_step(ColumnModel<Real>& model, Tangents<Real> tangents, std::size_t step) {
  model.set_step(step);
  std::size_t n_started = 0;
  for (Tangent<Real>* tangent : tangents) {
    tangent->set_step(step);
    n_started += tangent->started();
  }
  return tangents.first(n_started);
}

/// Runs the steps first ... end - 1 from the model's present state under `forcing.at(point)`. The
/// visitor sees the state after every stage, `visitor.stage(step, stage, F)`, and, if it wishes,
/// before every step, `visitor.step(step)`.
template <class Real, class Forcing, class Visitor>
void simulate_steps(ColumnModel<Real>& model, Tangents<Real> tangents, const Forcing& forcing,
                    std::size_t first, std::size_t end, Visitor& visitor) {
  std::size_t point = 1 + first * model.scheme().n_stage;
  for (std::size_t step = first; step < end; ++step) {
    const Tangents<Real> started = set_step(model, tangents, step);
    if constexpr (requires { visitor.step(step); }) visitor.step(step);
    for (std::size_t stage = 0; stage < model.scheme().n_stage; ++stage, ++point) {
      const Inputs<Real> F = forcing.at(point);
      model.advance(stage, F);
      for (Tangent<Real>* tangent : started) tangent->advance(stage, F);
      visitor.stage(step, stage, F);
    }
  }
}

/// Runs `n_step` steps from the model's present state. The visitor also sees the state at the
/// start, `visitor.start(F)`. Tangents stand in the order of their first steps.
template <class Real, class Forcing, class Visitor>
void simulate(ColumnModel<Real>& model, Tangents<Real> tangents, const Forcing& forcing,
              std::size_t n_step, Visitor&& visitor) {
  set_step(model, tangents, 0);
  visitor.start(forcing.at(0));
  simulate_steps(model, tangents, forcing, 0, n_step, visitor);
}

/// A visitor that looks at nothing.
struct NoVisitor {
  template <class Real>
  void start(const Inputs<Real>&) {}
  template <class Real>
  void stage(std::size_t, std::size_t, const Inputs<Real>&) {}
};

/// Repeats the window until the profile at its end differs from that at its start by less than the
/// tolerance, and leaves model and tangents at that state. A lane that has settled keeps its
/// profile while its neighbours go on. Returns the lanes that settled. `memory` holds n_node
/// numbers of type Real for the model and for every direction. `before_cycle(settled)` is called
/// before every repetition.
template <class Real, class Forcing, class Action>
Mask<Real> spin_up(ColumnModel<Real>& model, Tangents<Real> tangents, const Forcing& forcing,
                   std::size_t n_step, const SpinUp& how, Real* memory, Action before_cycle) {
  const std::size_t n_node = model.last_node() + 1;
  const auto for_each_profile = [&](auto&& action) {
    Real* saved = memory;
    action([&](std::size_t i) -> Real& { return model.temperature()[i]; }, saved);
    for (Tangent<Real>* tangent : tangents)
      for (std::size_t d = 0; d < tangent->width(); ++d) {
        saved += n_node;
        action([&](std::size_t i) -> Real& { return tangent->temperatures(i)[d]; }, saved);
      }
  };

  Mask<Real> settled(false);
  for (int cycle = 0; cycle < how.max_cycles && !all(settled); ++cycle) {
    before_cycle(settled);
    for_each_profile([&](auto profile, Real* saved) {
      for (std::size_t i = 0; i < n_node; ++i) saved[i] = profile(i);
    });
    simulate(model, tangents, forcing, n_step, NoVisitor{});
    Mask<Real> close(true);
    for (std::size_t i = 0; i < n_node; ++i)
      close = close && below(magnitude(Real(model.temperature()[i] - memory[i])), how.tolerance);
    for_each_profile([&](auto profile, Real* saved) {
      for (std::size_t i = 0; i < n_node; ++i) profile(i) = select(settled, saved[i], profile(i));
    });
    settled = settled || close;
  }
  return settled;
}

template <class Real, class Forcing>
Mask<Real> spin_up(ColumnModel<Real>& model, Tangents<Real> tangents, const Forcing& forcing,
                   std::size_t n_step, const SpinUp& how, Real* memory) {
  return spin_up(model, tangents, forcing, n_step, how, memory, [](const Mask<Real>&) {});
}

} // namespace glebe
