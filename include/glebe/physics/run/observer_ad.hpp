// SPDX-License-Identifier: BSD-3-Clause
// The adjoint of observer.hpp and observation_operator.hpp: hands what a result gains per unit of
// each model equivalent to the temperatures, fluxes and parameters that the equivalent is made of.
#pragma once

#include "glebe/physics/columns/linear_column_ad.hpp"
#include "glebe/physics/run/observer.hpp"

namespace glebe {

namespace detail {

// The adjoint of seen().
template <class Real>
SurfaceFluxes<Real> seen_ad(ObservationKind kind, const Real& ad) {
  const Real none = 0.0;
  switch (kind) {
  case ObservationKind::longwave_up:
    return {none, ad, none, none};
  case ObservationKind::sensible_heat:
    return {none, none, ad, none};
  case ObservationKind::latent_heat:
    return {none, none, none, ad};
  case ObservationKind::turbulent_heat:
    return {none, none, ad, ad};
  case ObservationKind::net_radiation:
    return {ad, none, none, none};
  default:
    return {ad, none, -ad, -ad};
  }
}

// The adjoint of flux_at().
template <class Real, class Profile>
void flux_at_ad(ColumnModelAd<Real>& model_ad, const Profile& T, const Inputs<Real>& F,
                std::size_t j, const Real& ad) {
  if (j == 0)
    model_ad.add_fluxes(seen_ad(ObservationKind::ground_heat_flux, ad), T(0), F);
  else
    model_ad.add_element_flux(j - 1, ad, T(j - 1) - T(j));
}

} // namespace detail

/// The adjoint of observe() for a result that gains `ad` per unit of what is observed, when the
/// profile is T(i) [degC].
template <class Real, class Profile>
void observe_ad(const ObservationOperator& op, ColumnModelAd<Real>& model_ad, const Profile& T,
                const Inputs<Real>& F, const Real& ad) {
  const auto [i, w] = op.at;
  switch (op.kind) {
  case ObservationKind::surface_temperature:
    return model_ad.add_temperature(0, ad);
  case ObservationKind::soil_temperature:
    model_ad.add_temperature(i, (1.0 - w) * ad);
    if (w > 0.0) model_ad.add_temperature(i + 1, w * ad);
    return;
  case ObservationKind::ground_heat_flux:
    detail::flux_at_ad(model_ad, T, F, i, Real((1.0 - w) * ad));
    if (w > 0.0) detail::flux_at_ad(model_ad, T, F, i + 1, Real(w * ad));
    return;
  default:
    return model_ad.add_fluxes(detail::seen_ad(op.kind, ad), T(0), F);
  }
}

/// How far an ObserverAd has come in one stream.
template <class Real>
struct StreamReturn {
  std::size_t left = 0; ///< pieces it has not come to
  Real mean{};          ///< adjoint of the mean over the present step
  Real start{};         ///< and of the value at its start, which is the end of the step before
  bool has_mean = false;
  bool has_start = false;
};

/// Goes back through a run that an Observer has seen. `equivalent_ad[stream][observation]` is what
/// the result gains per unit of each equivalent; null for a stream on which it does not depend.
template <class Real>
class ObserverAd {
public:
  /// `returns` is one per stream, to work on.
  ObserverAd(const ColumnModel<Real>& model, ColumnModelAd<Real>& model_ad,
             std::span<const StreamSchedule> streams, std::span<const Real* const> equivalent_ad,
             std::span<StreamReturn<Real>> returns)
      : scheme_(model.scheme()), model_ad_(model_ad), streams_(streams),
        equivalent_ad_(equivalent_ad), returns_(returns) {
    for (std::size_t s = 0; s < streams.size(); ++s) returns_[s] = {streams[s].pieces.size()};
  }

  /// The adjoint of Observer::stage(), before that of the model's stage.
  void stage(std::size_t step, std::size_t stage, const Inputs<Real>& F,
             const StepRecord<Real>& record) {
    const auto T = [&](std::size_t i) { return record.temperature(stage, i); };
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      if (!equivalent_ad_[s]) continue;
      StreamReturn<Real>& now = returns_[s];
      Real ad = 0.0;
      bool seen = false;
      if (stage + 1 == scheme_.n_stage) seen = open_step(s, step, ad);
      if (now.has_mean) ad += scheme_.weight[stage] * now.mean;
      if (seen || now.has_mean) observe_ad(streams_[s].op, model_ad_, T, F, ad);
    }
  }

  /// The adjoint of Observer::start(), after all stages.
  void start(const Inputs<Real>& F, const StepRecord<Real>& record) {
    const auto T = [&](std::size_t i) -> const Real& { return record.temperature(i); };
    for (std::size_t s = 0; s < streams_.size(); ++s)
      if (equivalent_ad_[s] && returns_[s].has_start)
        observe_ad(streams_[s].op, model_ad_, T, F, returns_[s].start);
  }

private:
  // Takes up the pieces of a step; `ad` becomes the adjoint of the value at its end. Returns
  // whether there is any.
  bool open_step(std::size_t s, std::size_t step, Real& ad) {
    StreamReturn<Real>& now = returns_[s];
    const auto& pieces = streams_[s].pieces;
    bool has_end = now.has_start;
    ad = now.start;
    now = {now.left};
    while (now.left > 0 && static_cast<std::size_t>(pieces[now.left - 1].step) == step) {
      const ObservationPiece& piece = pieces[--now.left];
      const Real& equivalent_ad = equivalent_ad_[s][piece.observation];
      ad += piece.end * equivalent_ad;
      now.mean += piece.mean * equivalent_ad;
      now.start += piece.start * equivalent_ad;
      has_end = has_end || piece.end != 0.0;
      now.has_mean = now.has_mean || piece.mean != 0.0;
      now.has_start = now.has_start || piece.start != 0.0;
    }
    return has_end;
  }

  const SchemeTable& scheme_;
  ColumnModelAd<Real>& model_ad_;
  std::span<const StreamSchedule> streams_;
  std::span<const Real* const> equivalent_ad_;
  std::span<StreamReturn<Real>> returns_;
};

} // namespace glebe
