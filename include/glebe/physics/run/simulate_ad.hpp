// SPDX-License-Identifier: BSD-3-Clause
// The way back through the time loop of simulate.hpp. The adjoint needs every step in reverse
// order: a Trajectory keeps or makes the checkpoints of one segment of the window at a time.
#pragma once

#include "glebe/physics/run/simulate.hpp"
#include "glebe/physics/run/trajectory.hpp"

#include <vector>

namespace glebe {

/// The adjoint of simulate(), after a run that `trajectory` has visited, from the end of which
/// `column_ad` comes. The visitor adds to it what the result gains at every stage,
/// `visitor.stage(step, stage, F, checkpoint)`, and at the start, `visitor.start(F, checkpoint)`.
template <ReversibleColumn C, class InputsInTime, class Visitor>
void simulate_ad(const C& column, typename C::Adjoint& column_ad, Trajectory<C>& trajectory,
                 const InputsInTime& inputs, Visitor&& visitor) {
  const Segments& segments = trajectory.segments();
  const std::size_t n_stage = column.scheme().n_stage;
  for (std::size_t segment = segments.count(); segment-- > 0;) {
    const std::size_t end = segments.end(segment);
    // Before remake() takes the column to other steps, the adjoint has to leave the present one.
    column_ad.set_step(end - 1);
    if (segment + 1 < segments.count()) trajectory.remake(segment, inputs);
    for (std::size_t step = end; step-- > segments.first(segment);) {
      column_ad.set_step(step);
      const typename C::Checkpoint checkpoint = trajectory.checkpoint(step);
      for (std::size_t stage = n_stage; stage-- > 0;) {
        const Inputs<typename C::Real> F = inputs.at(1 + step * n_stage + stage);
        visitor.stage(step, stage, F, checkpoint);
        column_ad.advance(stage, F, checkpoint);
      }
    }
  }
  visitor.start(inputs.at(0), trajectory.checkpoint(0));
}

/// A visitor that adds nothing.
struct NoVisitorAd {
  template <class Real, class Checkpoint>
  void start(const Inputs<Real>&, const Checkpoint&) {}
  template <class Real, class Checkpoint>
  void stage(std::size_t, std::size_t, const Inputs<Real>&, const Checkpoint&) {}
};

/// The adjoint of a spin-up: keeps its profiles on the way there and goes back through them.
template <ReversibleColumn C>
class SpinUpAd {
public:
  using Real = typename C::Real;

  void clear() {
    profiles_.clear();
    settled_.clear();
  }
  /// Keeps the profile at the start of a cycle, and the lanes that had settled by then.
  void keep(const C& column, const Mask<Real>& settled) {
    const Real* T = column.temperature();
    profiles_.insert(profiles_.end(), T, T + column.soil().n_node());
    settled_.push_back(settled);
  }

  /// Back through the cycles kept, each of which is run again; a cycle leaves the adjoint of a lane
  /// alone that had settled before it.
  template <class InputsInTime>
  void run(C& column, typename C::Adjoint& column_ad, Trajectory<C>& trajectory,
           const InputsInTime& inputs) {
    const std::size_t n_node = column.soil().n_node(), n_step = trajectory.segments().n_step;
    Real* const T_ad = column_ad.profile();
    passing_.resize(n_node);
    for (std::size_t cycle = settled_.size(); cycle-- > 0;) {
      const Mask<Real>& settled = settled_[cycle];
      for (std::size_t i = 0; i < n_node; ++i) {
        passing_[i] = T_ad[i];
        T_ad[i] = select(settled, Real(0.0), T_ad[i]);
      }
      // Before the repetition takes the column to other steps, the adjoint has to leave this one.
      column_ad.set_step(n_step - 1);
      std::copy_n(profiles_.data() + cycle * n_node, n_node, column.temperature());
      simulate(column, {}, inputs, n_step, trajectory);
      simulate_ad(column, column_ad, trajectory, inputs, NoVisitorAd{});
      for (std::size_t i = 0; i < n_node; ++i) T_ad[i] = select(settled, passing_[i], T_ad[i]);
    }
  }

private:
  std::vector<Real> profiles_; ///< [cycle][node]
  std::vector<Mask<Real>> settled_;
  std::vector<Real> passing_; ///< adjoint of the lanes that a cycle leaves alone
};

} // namespace glebe
