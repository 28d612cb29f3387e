// SPDX-License-Identifier: BSD-3-Clause
// What is predicted for each design and column, be columns coupled or not.
#pragma once

#include "glebe/estimation/design/design.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

namespace glebe {

class PredictionStore {
public:
  PredictionStore(const DesignList& list, const Controls& controls, const VerdictContext& context,
                  const RankingRule& rule);

  /// Judges design d in a column from the block of its data G, the precision of what is known
  /// beside them, and both together, all scaled. Values without a variance stay not estimated.
  void add(std::size_t d, std::size_t column, const std::vector<double>& G,
           const std::vector<double>& precision, const Knowledge& known);

  Predictions result() { return std::move(result_); }

private:
  const Controls& controls_;
  const RankingRule& rule_;
  std::vector<double> x_;                ///< of the first guess [column][k]
  std::vector<VerdictContext> contexts_; ///< [design]
  Predictions result_;
};

} // namespace glebe
