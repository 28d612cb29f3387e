// SPDX-License-Identifier: BSD-3-Clause
// The predictions for each design and column.
#pragma once

#include "glebe/estimation/design/design.hpp"

namespace glebe {

class PredictionStore {
public:
  PredictionStore(const DesignProblem& problem, const DesignList& list, const RankingRule& rule);

  /// Stores the prediction of design d in a column, from its data G, the precision without them,
  /// the posterior, all scaled, and the effect of considered parameters, which is added. Values
  /// without a variance keep the verdict not_estimated.
  void add(std::size_t d, std::size_t column, const DenseMatrix& G, const DenseMatrix& precision,
           GaussianPosterior posterior, const ConsideredEffect& considered);
  Predictions result() { return std::move(result_); }

private:
  const Controls& controls_;
  const RankingRule& rule_;
  DenseMatrix x_;                        ///< of the first guess [column][k]
  std::vector<VerdictContext> contexts_; ///< [design]
  Predictions result_;
};

} // namespace glebe
