// SPDX-License-Identifier: BSD-3-Clause
// The way back through the time loop of simulate.hpp. The adjoint needs every step in reverse
// order: of a window in segments, the records of one segment are kept, and the profile at the start
// of each, from which its records are made again when the way back comes to it.
#pragma once

#include "glebe/physics/columns/linear_column_ad.hpp"
#include "glebe/physics/run/simulate.hpp"

#include <vector>

namespace glebe {

/// The steps of a window in segments of equal length, but for the last.
struct Segments {
  std::size_t n_step;
  std::size_t length;

  /// The segments whose records take no more than `bytes`, but at least one step long.
  template <class Real>
  static Segments within(double bytes, const RecordShape& shape, std::size_t n_step) {
    const double records = bytes / static_cast<double>(sizeof(Real) * shape.size());
    const double fit = std::clamp(records, 1.0, static_cast<double>(n_step));
    return {n_step, static_cast<std::size_t>(fit)};
  }

  std::size_t count() const { return (n_step + length - 1) / length; }
  std::size_t of(std::size_t step) const { return step / length; }
  std::size_t first(std::size_t segment) const { return segment * length; }
  std::size_t end(std::size_t segment) const { return std::min(first(segment + 1), n_step); }
};

/// What is kept of a run for the way back: the records of one segment, and what it takes to make
/// those of the others again, the profile at the start of each and the increments of the surface
/// temperature. A visitor of simulate().
template <class Real>
class Trajectory {
public:
  /// Numbers of type Real that it keeps.
  static std::size_t memory_size(const RecordShape& shape, const Segments& segments) {
    return segments.count() * shape.n_node +
           segments.n_step * (shape.n_explicit + shape.n_implicit) + segments.length * shape.size();
  }

  /// `memory` holds memory_size() numbers and outlives it, as do `model` and `shape`.
  Trajectory(ColumnModel<Real>& model, const RecordShape& shape, const Segments& segments,
             Real* memory)
      : model_(model), shape_(shape), segments_(segments), start_(memory),
        surface_(start_ + segments.count() * n_node()),
        records_(surface_ + segments.n_step * n_stage()) {}

  const Segments& segments() const { return segments_; }

  void start(const Inputs<Real>&) {}
  void step(std::size_t step) {
    const std::size_t segment = segments_.of(step);
    if (step == segments_.first(segment))
      std::copy_n(model_.temperature(), n_node(), start_ + segment * n_node());
    // Only the last segment is still wanted when the way back begins.
    keeps_ = segment + 1 == segments_.count();
    if (keeps_) begin(step);
  }
  void stage(std::size_t step, std::size_t stage, const Inputs<Real>&) {
    surface_[step * n_stage() + stage] = model_.increment()[0];
    if (keeps_) end(step, stage);
  }

  /// Makes the records of a segment before the last again.
  template <class Forcing>
  void remake(std::size_t segment, const Forcing& forcing) {
    std::copy_n(start_ + segment * n_node(), n_node(), model_.temperature());
    for (std::size_t step = segments_.first(segment); step < segments_.end(segment); ++step) {
      model_.set_step(step);
      begin(step);
      for (std::size_t stage = 0; stage < n_stage(); ++stage) {
        const std::size_t place = step * n_stage() + stage;
        model_.repeat(stage, forcing.at(1 + place), surface_[place]);
        end(step, stage);
      }
    }
  }

  /// The record of a step, which is that of the segment kept or made last.
  StepRecord<Real> record(std::size_t step) const {
    const std::size_t place = step - segments_.first(segments_.of(step));
    return {shape_, records_ + place * shape_.size()};
  }

private:
  // Keeps the start of a step, and the end of a stage, whose increments the model has written where
  // they belong.
  void begin(std::size_t step) {
    StepRecord<Real> now = record(step);
    now.keep_start(model_);
    model_.write_increments(shape_.n_explicit > 0 ? nullptr : now.increment(0));
  }
  void end(std::size_t step, std::size_t stage) {
    StepRecord<Real> now = record(step);
    if (stage >= shape_.n_explicit) now.keep_surface_inverse(stage, model_.surface_inverse());
    const bool last = stage + 1 == n_stage();
    model_.write_increments(last ? nullptr : now.increment(stage + 1));
  }

  std::size_t n_node() const { return model_.soil().n_node(); }
  std::size_t n_stage() const { return model_.scheme().n_stage; }

  ColumnModel<Real>& model_;
  const RecordShape& shape_;
  Segments segments_;
  Real* start_;   // profile at the start of every segment
  Real* surface_; // D_0 of every stage
  Real* records_; // of the steps of one segment
  bool keeps_ = false;
};

/// The adjoint of simulate(), after a run that `trajectory` has seen, from the end of which
/// `model_ad` comes. The visitor adds to it what the result gains at every stage,
/// `visitor.stage(step, stage, F, record)`, and at the start, `visitor.start(F, record)`.
template <class Real, class Forcing, class Visitor>
void simulate_ad(ColumnModelAd<Real>& model_ad, Trajectory<Real>& trajectory,
                 const SchemeTable& scheme, const Forcing& forcing, Visitor&& visitor) {
  const Segments& segments = trajectory.segments();
  for (std::size_t segment = segments.count(); segment-- > 0;) {
    const std::size_t end = segments.end(segment);
    model_ad.set_step(end - 1); // before the model goes there by itself
    if (segment + 1 < segments.count()) trajectory.remake(segment, forcing);
    for (std::size_t step = end; step-- > segments.first(segment);) {
      model_ad.set_step(step);
      const StepRecord<Real> record = trajectory.record(step);
      for (std::size_t stage = scheme.n_stage; stage-- > 0;) {
        const Inputs<Real> F = forcing.at(1 + step * scheme.n_stage + stage);
        visitor.stage(step, stage, F, record);
        model_ad.advance(stage, F, record);
      }
    }
  }
  visitor.start(forcing.at(0), trajectory.record(0));
}

/// A visitor that adds nothing.
struct NoVisitorAd {
  template <class Real>
  void start(const Inputs<Real>&, const StepRecord<Real>&) {}
  template <class Real>
  void stage(std::size_t, std::size_t, const Inputs<Real>&, const StepRecord<Real>&) {}
};

/// What is kept of a spin-up for the way back: the profile at the start of every repetition, and
/// the lanes that had settled.
template <class Real>
struct SpinUpCycles {
  std::vector<Real> profile; ///< [cycle][node]
  std::vector<Mask<Real>> settled;

  void clear() {
    profile.clear();
    settled.clear();
  }
  void keep(const ColumnModel<Real>& model, const Mask<Real>& now_settled) {
    profile.insert(profile.end(), model.temperature(), model.temperature() + model.last_node() + 1);
    settled.push_back(now_settled);
  }
};

/// The adjoint of spin_up(): back through the repetitions that `cycles` has kept, each of which is
/// run again. A lane that had settled in one passes it by. `memory` holds n_node numbers.
template <class Real, class Forcing>
void spin_up_ad(ColumnModel<Real>& model, ColumnModelAd<Real>& model_ad,
                Trajectory<Real>& trajectory, const SpinUpCycles<Real>& cycles,
                const Forcing& forcing, Real* memory) {
  const std::size_t n_node = model.last_node() + 1, n_step = trajectory.segments().n_step;
  Real* const U = model_ad.scaled_temperature();
  for (std::size_t cycle = cycles.settled.size(); cycle-- > 0;) {
    const Mask<Real>& settled = cycles.settled[cycle];
    for (std::size_t i = 0; i < n_node; ++i) {
      memory[i] = U[i];
      U[i] = select(settled, Real(0.0), U[i]);
    }
    model_ad.set_step(n_step - 1); // before the model goes there by itself
    std::copy_n(cycles.profile.data() + cycle * n_node, n_node, model.temperature());
    simulate(model, {}, forcing, n_step, trajectory);
    simulate_ad(model_ad, trajectory, model.scheme(), forcing, NoVisitorAd{});
    for (std::size_t i = 0; i < n_node; ++i) U[i] = select(settled, memory[i], U[i]);
  }
}

} // namespace glebe
