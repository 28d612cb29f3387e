// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/column.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

/// The steps of a window in segments of equal length, but for the last.
struct Segments {
  std::size_t n_step;
  std::size_t length;

  /// The segments whose checkpoints take no more than `bytes`, but at least one step long.
  template <ReversibleColumn C>
  static Segments within(double bytes, const typename C::CheckpointLayout& layout,
                         std::size_t n_step) {
    const double steps = bytes / static_cast<double>(sizeof(typename C::Real) * layout.size());
    const double fit = std::clamp(steps, 1.0, static_cast<double>(n_step));
    return {n_step, static_cast<std::size_t>(fit)};
  }

  std::size_t count() const { return (n_step + length - 1) / length; }
  std::size_t of(std::size_t step) const { return step / length; }
  std::size_t first(std::size_t segment) const { return segment * length; }
  std::size_t end(std::size_t segment) const { return std::min(first(segment + 1), n_step); }
};

/// What is kept of a run for the way back: the checkpoints of one segment, and what it takes to
/// make those of the others again, the profile at the start of each and the increments of the
/// surface temperature. A visitor of simulate() that takes the column through the stages itself.
template <ReversibleColumn C>
class Trajectory {
public:
  using Real = typename C::Real;
  using Checkpoint = typename C::Checkpoint;

  /// `column` and `layout` outlive it.
  Trajectory(C& column, const typename C::CheckpointLayout& layout, const Segments& segments)
      : column_(column), layout_(layout), segments_(segments),
        start_(segments.count() * layout.n_node), surface_(segments.n_step * layout.n_stage()),
        checkpoints_(segments.length * layout.size()) {}

  const Segments& segments() const { return segments_; }

  void start(const Inputs<Real>&) {}
  void step(std::size_t step) {
    const std::size_t segment = segments_.of(step);
    if (step == segments_.first(segment))
      std::copy_n(column_.temperature(), layout_.n_node, start_.data() + segment * layout_.n_node);
    // Only the last segment is still wanted when the way back begins.
    keeps_ = segment + 1 == segments_.count();
    if (keeps_) checkpoint(step).keep_start(column_);
  }
  void advance(std::size_t step, std::size_t stage, const Inputs<Real>& F) {
    if (keeps_)
      checkpoint(step).advance(column_, stage, F);
    else
      column_.advance(stage, F);
    surface_[step * layout_.n_stage() + stage] = column_.surface_increment();
  }
  void stage(std::size_t, std::size_t, const Inputs<Real>&) {}

  /// Makes the checkpoints of a segment before the last again.
  template <class InputsInTime>
  void remake(std::size_t segment, const InputsInTime& inputs) {
    std::copy_n(start_.data() + segment * layout_.n_node, layout_.n_node, column_.temperature());
    for (std::size_t step = segments_.first(segment); step < segments_.end(segment); ++step) {
      column_.set_step(step);
      Checkpoint now = checkpoint(step);
      now.keep_start(column_);
      for (std::size_t stage = 0; stage < layout_.n_stage(); ++stage) {
        const std::size_t i = step * layout_.n_stage() + stage;
        now.advance(column_, stage, inputs.at(1 + i), &surface_[i]);
      }
    }
  }

  /// The checkpoint of a step, which is that of the segment kept or made last.
  Checkpoint checkpoint(std::size_t step) {
    const std::size_t i = step - segments_.first(segments_.of(step));
    return {layout_, checkpoints_.data() + i * layout_.size()};
  }

private:
  C& column_;
  const typename C::CheckpointLayout& layout_;
  Segments segments_;
  std::vector<Real> start_;       ///< [segment][node] profile at its start
  std::vector<Real> surface_;     ///< [step][stage] increment of the surface temperature
  std::vector<Real> checkpoints_; ///< [step of the segment]
  bool keeps_ = false;
};

} // namespace glebe
