// SPDX-License-Identifier: BSD-3-Clause
// The time loop: a column, with any tangents, through the window under its inputs.
#pragma once

#include "glebe/physics/columns/column.hpp"
#include "glebe/physics/columns/tangent.hpp"

namespace glebe {

/// Runs `n_step` steps from the column's present state under `inputs.read(point, F)`: point 0 is
/// the start of the window, point 1 + step * n_stage + stage that of every stage. The visitor sees
/// the state at the start, `visitor.start(F)`, and after every stage, `visitor.stage(step, stage,
/// F)`. Tangents stand in the order of their first steps.
template <Column C, class InputsInTime, class Visitor>
void simulate(C& column, Tangents<typename C::Real> tangents, const InputsInTime& inputs,
              std::size_t n_step, Visitor&& visitor) {
  set_step(column, tangents, 0);
  Inputs<typename C::Real> F = inputs.at(0);
  visitor.start(F);
  std::size_t point = 1;
  for (std::size_t step = 0; step < n_step; ++step) {
    const auto started = set_step(column, tangents, step);
    if constexpr (requires { visitor.step(step); }) visitor.step(step);
    for (std::size_t stage = 0; stage < column.scheme().n_stage; ++stage, ++point) {
      inputs.read(point, F);
      if constexpr (requires { visitor.advance(step, stage, F); })
        visitor.advance(step, stage, F);
      else
        column.advance(stage, F);
      if (!started.empty()) column.linearise(stage, F);
      for (auto* tangent : started) tangent->advance(stage, F);
      visitor.stage(step, stage, F);
    }
  }
}

/// Gives the parameters of column and tangents their values in `step`. Returns the tangents that
/// have started: the first of them, because they stand in the order of their starts.
template <Column C>
Tangents<typename C::Real> set_step(C& column, Tangents<typename C::Real> tangents,
                                    std::size_t step) {
  column.set_step(step);
  std::size_t n_started = 0;
  for (auto* tangent : tangents) {
    tangent->set_step(step);
    n_started += tangent->started();
  }
  return tangents.first(n_started);
}

/// A visitor that does nothing.
struct NoVisitor {
  template <class Real>
  void start(const Inputs<Real>&) {}
  template <class Real>
  void stage(std::size_t, std::size_t, const Inputs<Real>&) {}
};

} // namespace glebe
