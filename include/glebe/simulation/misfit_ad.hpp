// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/misfit.hpp"
#include "glebe/simulation/runners.hpp"

#include <vector>

namespace glebe {

/// Collects the misfits of a run and keeps what the adjoint starts from, one number per
/// observation: the change of the cost per unit of the model equivalent, w r / sigma; or, where a
/// tangent comes with it, that of the cost's quadratic model along it, w / sigma^2 times the change
/// of the equivalent, of which the adjoint makes a Gauss-Newton product.
template <class Real>
class MisfitAd final : public AdjointSink<Real> {
public:
  explicit MisfitAd(const std::vector<std::size_t>& n_observation) {
    for (const std::size_t n : n_observation) equivalent_ad_.emplace_back(n, Real(0.0));
  }

  /// Begins with the observations of other columns.
  void start(std::vector<StreamData> streams) {
    streams_ = streams;
    misfit_ = Misfit<Real>(std::move(streams), 0);
    for (std::vector<Real>& stream : equivalent_ad_)
      std::fill(stream.begin(), stream.end(), Real(0.0));
  }

  void take(std::size_t stream, std::size_t observation,
            std::span<const Real> equivalent) override {
    const Residual<Real> residual = misfit_.add(stream, observation, equivalent.first(1));
    const Real change =
        equivalent.size() > 1 ? Real(residual.inverse_sigma * equivalent[1]) : residual.r;
    equivalent_ad_[stream][observation] = residual.weight * residual.inverse_sigma * change;
  }

  /// Null for a stream that is not fitted.
  std::vector<const Real*> equivalent_ad() const override {
    std::vector<const Real*> result;
    for (std::size_t s = 0; s < streams_.size(); ++s)
      result.push_back(streams_[s].fitted ? equivalent_ad_[s].data() : nullptr);
    return result;
  }
  const Misfit<Real>& misfit() const { return misfit_; }

private:
  std::vector<StreamData> streams_;
  Misfit<Real> misfit_{{}, 0};
  std::vector<std::vector<Real>> equivalent_ad_; ///< [stream][observation]
};

} // namespace glebe
