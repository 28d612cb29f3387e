// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/misfit.hpp"
#include "glebe/simulation/runners.hpp"

#include <vector>

namespace glebe {

/// Collects the misfits of a run and keeps what the adjoint starts from, one number per
/// observation: the change of the cost per unit of the model equivalent, w r / sigma; or, where a
/// tangent comes with it, that of the cost's quadratic model along it, w / sigma^2 times the change
/// of the equivalent, of which the adjoint makes a Gauss-Newton product. Where errors have a
/// memory, both are those of the whitened misfits, brought back by the transposed whitening.
template <class Real>
class MisfitAd final : public AdjointSink<Real> {
public:
  explicit MisfitAd(const std::vector<std::size_t>& n_observation) {
    for (const std::size_t n : n_observation) equivalent_ad_.emplace_back(n, Real(0.0));
    white_.resize(n_observation.size());
  }

  /// Begins with the observations of other columns.
  void start(std::vector<StreamData> streams) {
    streams_ = streams;
    misfit_ = Misfit<Real>(std::move(streams), 0);
    whitening_ = make_whitening<Real>(streams_, 1);
    for (std::vector<Real>& stream : equivalent_ad_)
      std::fill(stream.begin(), stream.end(), Real(0.0));
    for (std::vector<White>& stream : white_) stream.clear();
  }

  void take(std::size_t stream, std::size_t observation,
            std::span<const Real> equivalent) override {
    const Residual<Real> residual = misfit_.add(stream, observation, equivalent.first(1));
    if (whitening_[stream]) return keep_white(stream, observation, residual, equivalent.subspan(1));
    const Real change =
        equivalent.size() > 1 ? Real(residual.inverse_sigma * equivalent[1]) : residual.r;
    equivalent_ad_[stream][observation] = residual.weight * residual.inverse_sigma * change;
  }

  /// Null for a stream that is not fitted.
  std::vector<const Real*> equivalent_ad() override {
    std::vector<const Real*> result;
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      if (whitening_[s]) whiten_ad(s);
      result.push_back(streams_[s].fitted ? equivalent_ad_[s].data() : nullptr);
    }
    return result;
  }
  const Misfit<Real>& misfit() const { return misfit_; }

private:
  // What the cost changes by with the whitened misfit of one observation, times the weights by
  // which that misfit is made of this observation and of the one before.
  struct White {
    std::size_t observation;
    Mask<Real> missing;
    Real inverse_sigma;
    Real own_ad;
    Real before_ad;
  };

  void keep_white(std::size_t stream, std::size_t observation, const Residual<Real>& residual,
                  std::span<const Real> tangent) {
    Whitening<Real>& whitening = *whitening_[stream];
    const std::span<const Real> white =
        whitening.take(streams_[stream].time[observation], residual.missing, residual.inverse_sigma,
                       residual.r, tangent);
    const Real& change = white.back(); // the misfit, or its tangent
    white_[stream].push_back({observation, residual.missing, residual.inverse_sigma,
                              whitening.own() * change, whitening.before() * change});
  }

  // The transposed whitening, back in time.
  void whiten_ad(std::size_t stream) {
    Real of_next = 0.0; // what the next value that is there passes to the one before it
    for (std::size_t i = white_[stream].size(); i-- > 0;) {
      const White& white = white_[stream][i];
      equivalent_ad_[stream][white.observation] =
          select(white.missing, Real(0.0), Real(white.inverse_sigma * (white.own_ad + of_next)));
      of_next = select(white.missing, of_next, white.before_ad);
    }
  }

  std::vector<StreamData> streams_;
  Misfit<Real> misfit_{{}, 0};
  std::vector<std::vector<Real>> equivalent_ad_;          ///< [stream][observation]
  std::vector<std::optional<Whitening<Real>>> whitening_; ///< [stream]
  std::vector<std::vector<White>> white_;                 ///< [stream], of those with a memory
};

} // namespace glebe
