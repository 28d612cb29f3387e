// SPDX-License-Identifier: BSD-3-Clause
// From the run of a column to its equivalents of the observations: instants are interpolated
// between the ends of steps, means over an interval are the scheme's own mean over the steps.
#pragma once

#include "glebe/physics/run/equivalent_sink.hpp"
#include "glebe/physics/run/sensor.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace glebe {

/// Visits a run and hands the model equivalent of every observation, with its tangent, to a sink.
template <Column C>
class Observer {
public:
  using Real = typename C::Real;

  /// `column`, `tangents` and `streams` outlive it.
  Observer(const C& column, Tangents<Real> tangents, std::span<const StreamSchedule> streams)
      : column_(column), tangents_(tangents), streams_(streams),
        sensors_(make_sensors(column, streams)), next_(streams.size()) {
    for (const Tangent<Real>* tangent : tangents) width_ += tangent->width();
    memory_.resize(streams.size() * n_part * width_);
    room_.resize(width_);
    wants_tangents_.resize(streams.size());
    for (const StreamSchedule& stream : streams)
      has_means_.push_back(std::ranges::any_of(
          stream.pieces, [](const ObservationPiece& piece) { return piece.mean != 0.0; }));
  }

  /// From here on equivalents of a new run go to `sink`.
  void begin(EquivalentSink<Real>& sink) {
    sink_ = &sink;
    for (std::size_t s = 0; s < streams_.size(); ++s) wants_tangents_[s] = sink.wants_tangents(s);
    std::fill(memory_.begin(), memory_.end(), Real(0.0));
    std::fill(next_.begin(), next_.end(), std::size_t{0});
  }

  void start(const Inputs<Real>& F) {
    count_started();
    for (std::size_t s = 0; s < streams_.size(); ++s) observe_into(at(s, step_end), s, F);
  }

  void stage(std::size_t step, std::size_t stage, const Inputs<Real>& F) {
    const SchemeTable& scheme = column_.scheme();
    const bool last = stage + 1 == scheme.n_stage;
    if (stage == 0) count_started();
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      if (!wanted(s, step)) continue;
      Real* const now = at(s, step_end);
      Real* const mean = at(s, step_mean);
      const std::size_t n = n_active(s);
      if (stage == 0) std::copy(now, now + n, at(s, step_start));
      if (has_means_[s] || last) observe_into(now, s, F);
      if (has_means_[s]) {
        if (stage == 0) std::fill(mean, mean + n, Real(0.0));
        const double weight = scheme.weight[stage];
        for (std::size_t d = 0; d < n; ++d) mean[d] = fma(Real(weight), now[d], mean[d]);
      }
      if (last) close_step(s, step);
    }
  }

private:
  // What is kept of every stream, each a value and its derivatives [1 + direction]: the equivalent
  // at the start of the present step, at its latest stage, the mean over its stages so far, and
  // the sum of the pieces of the observation that is not complete yet.
  enum Part : std::size_t { step_start, step_end, step_mean, piece_sum };
  static constexpr std::size_t n_part = 4;

  Real* at(std::size_t stream, Part part) {
    return memory_.data() + (stream * n_part + part) * width_;
  }

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

  // Of a stream: a value and, where they are wanted, its derivatives.
  std::size_t n_active(std::size_t s) const { return wants_tangents_[s] ? n_active_ : 1; }
  Tangents<Real> started(std::size_t s) const {
    return tangents_.first(wants_tangents_[s] ? n_started_ : 0);
  }

  void observe_into(Real* equivalent, std::size_t s, const Inputs<Real>& F) {
    const ObservationOperator& op = streams_[s].op;
    Real* const first = equivalent;
    *equivalent++ = observe(op, column_, F);
    for (const Tangent<Real>* tangent : started(s)) {
      observe_tl(op, column_, *tangent, F, equivalent, room_.data());
      equivalent += tangent->width();
    }
    if (!sensors_.empty() && sensors_[s].has_parameters()) sensors_[s].add(started(s), F, first);
  }

  void close_step(std::size_t s, std::size_t step) {
    const auto& pieces = streams_[s].pieces;
    Real* const sum = at(s, piece_sum);
    const std::size_t n = n_active(s);
    while (next_[s] < pieces.size() && static_cast<std::size_t>(pieces[next_[s]].step) == step) {
      const ObservationPiece& piece = pieces[next_[s]++];
      for (std::size_t d = 0; d < n; ++d)
        sum[d] += piece.start * at(s, step_start)[d] + piece.end * at(s, step_end)[d] +
                  piece.mean * at(s, step_mean)[d];
      if (!piece.last) continue;
      sink_->take(s, static_cast<std::size_t>(piece.observation), {sum, n});
      std::fill(sum, sum + n, Real(0.0));
    }
  }

  const C& column_;
  Tangents<Real> tangents_;
  std::span<const StreamSchedule> streams_;
  std::vector<Sensor<C>> sensors_; ///< of the streams, or none
  EquivalentSink<Real>* sink_ = nullptr;
  std::vector<std::size_t> next_;    ///< the next piece of each stream
  std::vector<char> has_means_;      ///< [stream]; others are not looked at between stages
  std::vector<char> wants_tangents_; ///< [stream]
  std::size_t width_ = 1;            ///< a value and its derivatives in all directions
  std::size_t n_active_ = 1;         ///< a value and its derivatives in those that have started
  std::size_t n_started_ = 0;        ///< tangents
  std::vector<Real> memory_;         ///< [stream][part][1 + direction]
  std::vector<Real> room_;           ///< for the operators
};

} // namespace glebe
