// SPDX-License-Identifier: BSD-3-Clause
// From the run of the model to its equivalents of the observations: instants are interpolated
// between the ends of steps, means over an interval are the scheme's own mean over the steps.
#pragma once

#include "glebe/physics/run/observation_operator.hpp"
#include "glebe/physics/run/simulate.hpp"

#include <span>
#include <vector>

namespace glebe {

/// Visits a run and hands the model equivalent of every observation, with its tangent, to
/// `sink(stream, observation, std::span<const Real> equivalent)`, equivalent[0] being the value and
/// equivalent[1 + d] its derivative in direction d, directions counted through all tangents. It
/// ends with the directions that have started; the derivatives in all others are zero.
template <class Real, class Sink>
class Observer {
public:
  /// Numbers of type Real to work on.
  static std::size_t memory_size(std::size_t n_stream, std::size_t n_direction) {
    return n_stream * 4 * (1 + n_direction);
  }

  Observer(const ColumnModel<Real>& model, Tangents<Real> tangents,
           std::span<const StreamSchedule> streams, std::span<std::size_t> next, Real* memory,
           Sink& sink)
      : model_(model), tangents_(tangents), streams_(streams), next_(next), sink_(sink) {
    for (const Tangent<Real>* tangent : tangents) width_ += tangent->width();
    memory_ = memory;
    std::fill(memory_, memory_ + memory_size(streams.size(), width_ - 1), Real(0.0));
    std::fill(next_.begin(), next_.end(), std::size_t{0});
  }

  void start(const Inputs<Real>& F) {
    count_started();
    for (std::size_t s = 0; s < streams_.size(); ++s) look(s, F, at(s, end));
  }

  void stage(std::size_t step, std::size_t stage, const Inputs<Real>& F) {
    const SchemeTable& scheme = model_.scheme();
    const bool last = stage + 1 == scheme.n_stage;
    if (stage == 0) count_started();
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      if (!wanted(s, step)) continue;
      Real* const now = at(s, end);
      if (stage == 0) {
        std::copy(now, now + n_active_, at(s, begin));
        std::fill(at(s, mean), at(s, mean) + n_active_, Real(0.0));
      }
      look(s, F, now);
      const double weight = scheme.weight[stage];
      Real* const so_far = at(s, mean);
      for (std::size_t d = 0; d < n_active_; ++d) so_far[d] = fma(Real(weight), now[d], so_far[d]);
      if (last) close_step(s, step);
    }
  }

private:
  enum Part : std::size_t { begin, end, mean, sum };

  Real* at(std::size_t stream, Part part) { return memory_ + (stream * 4 + part) * width_; }

  // A step matters when a piece lies in it, or when the next one starts from its end.
  bool wanted(std::size_t s, std::size_t step) const {
    const auto& pieces = streams_[s].pieces;
    return next_[s] < pieces.size() && static_cast<std::size_t>(pieces[next_[s]].step) <= step + 1;
  }

  void count_started() {
    n_active_ = 1;
    n_started_ = 0;
    for (const Tangent<Real>* tangent : tangents_) {
      if (!tangent->started()) break;
      n_active_ += tangent->width();
      ++n_started_;
    }
  }

  void look(std::size_t s, const Inputs<Real>& F, Real* equivalent) {
    const ObservationOperator& op = streams_[s].op;
    *equivalent++ = observe(op, model_, F);
    for (const Tangent<Real>* tangent : tangents_.first(n_started_)) {
      observe_tl(op, model_, *tangent, F, equivalent);
      equivalent += tangent->width();
    }
  }

  void close_step(std::size_t s, std::size_t step) {
    const auto& pieces = streams_[s].pieces;
    Real* const total = at(s, sum);
    while (next_[s] < pieces.size() && static_cast<std::size_t>(pieces[next_[s]].step) == step) {
      const ObservationPiece& piece = pieces[next_[s]++];
      for (std::size_t d = 0; d < n_active_; ++d)
        total[d] +=
            piece.start * at(s, begin)[d] + piece.end * at(s, end)[d] + piece.mean * at(s, mean)[d];
      if (!piece.last) continue;
      sink_(s, static_cast<std::size_t>(piece.observation), {total, n_active_});
      std::fill(total, total + n_active_, Real(0.0));
    }
  }

  const ColumnModel<Real>& model_;
  Tangents<Real> tangents_;
  std::span<const StreamSchedule> streams_;
  std::span<std::size_t> next_; ///< the next piece of each stream
  Sink& sink_;
  std::size_t width_ = 1;     ///< a value and its derivatives in all directions
  std::size_t n_active_ = 1;  ///< a value and its derivatives in those that have started
  std::size_t n_started_ = 0; ///< tangents
  Real* memory_;
};

} // namespace glebe
