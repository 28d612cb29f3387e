// SPDX-License-Identifier: BSD-3-Clause
// The adjoint of observer.hpp: hands what a result gains per unit of each model equivalent to the
// temperatures, fluxes and parameters that the equivalent is made of.
#pragma once

#include "glebe/physics/run/sensor.hpp"

#include <span>
#include <vector>

namespace glebe {

/// Goes back through a run that an Observer has visited.
template <ReversibleColumn C>
class ObserverAd {
public:
  using Real = typename C::Real;
  using Checkpoint = typename C::Checkpoint;

  ObserverAd(const C& column, typename C::Adjoint& column_ad,
             std::span<const StreamSchedule> streams)
      : scheme_(column.scheme()), column_ad_(column_ad), streams_(streams),
        sensors_(make_sensors(column, streams)), states_(streams.size()) {}

  /// From here on back through a new run. `equivalent_ad[stream][observation]` is what the result
  /// gains per unit of each equivalent; null for a stream on which it does not depend.
  void begin(std::span<const Real* const> equivalent_ad) {
    equivalent_ad_ = equivalent_ad;
    for (std::size_t s = 0; s < streams_.size(); ++s) states_[s] = {streams_[s].pieces.size()};
  }

  /// The adjoint of Observer::stage(), before that of the column's stage.
  void stage(std::size_t step, std::size_t stage, const Inputs<Real>& F,
             const Checkpoint& checkpoint) {
    const auto T = [&](std::size_t i) { return checkpoint.temperature(stage, i); };
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      if (!equivalent_ad_[s]) continue;
      StreamState& state = states_[s];
      Real ad = 0.0;
      bool has_end = false;
      if (stage + 1 == scheme_.n_stage) has_end = open_step(s, step, ad);
      if (state.has_mean) ad += scheme_.weight[stage] * state.mean;
      if (has_end || state.has_mean) observe_into(s, T, F, ad);
    }
  }

  /// The adjoint of Observer::start(), after all stages.
  void start(const Inputs<Real>& F, const Checkpoint& checkpoint) {
    const auto T = [&](std::size_t i) -> const Real& { return checkpoint.temperature(i); };
    for (std::size_t s = 0; s < streams_.size(); ++s)
      if (equivalent_ad_[s] && states_[s].has_start) observe_into(s, T, F, states_[s].start);
  }

private:
  // How far the way back has come in one stream.
  struct StreamState {
    std::size_t n_left = 0; // pieces of earlier steps
    Real mean{};            // adjoint of the mean over the present step
    Real start{};           // and of the value at its start, which is the end of the step before
    bool has_mean = false;
    bool has_start = false;
  };

  template <class Profile>
  void observe_into(std::size_t s, const Profile& T, const Inputs<Real>& F, const Real& ad) {
    observe_ad<C>(streams_[s].op, column_ad_, T, F, ad);
    if (!sensors_.empty() && sensors_[s].has_parameters()) sensors_[s].add_ad(column_ad_, T, F, ad);
  }

  // Takes up the pieces of a step; `ad` becomes the adjoint of the value at its end. Returns
  // whether there is any.
  bool open_step(std::size_t s, std::size_t step, Real& ad) {
    StreamState& state = states_[s];
    const auto& pieces = streams_[s].pieces;
    bool has_end = state.has_start;
    ad = state.start;
    state = {state.n_left};
    while (state.n_left > 0 && static_cast<std::size_t>(pieces[state.n_left - 1].step) == step) {
      const ObservationPiece& piece = pieces[--state.n_left];
      const Real& equivalent_ad = equivalent_ad_[s][piece.observation];
      ad += piece.end * equivalent_ad;
      state.mean += piece.mean * equivalent_ad;
      state.start += piece.start * equivalent_ad;
      has_end = has_end || piece.end != 0.0;
      state.has_mean = state.has_mean || piece.mean != 0.0;
      state.has_start = state.has_start || piece.start != 0.0;
    }
    return has_end;
  }

  const SchemeTable& scheme_;
  typename C::Adjoint& column_ad_;
  std::span<const StreamSchedule> streams_;
  std::vector<Sensor<C>> sensors_; ///< of the streams, or none
  std::span<const Real* const> equivalent_ad_;
  std::vector<StreamState> states_;
};

} // namespace glebe
