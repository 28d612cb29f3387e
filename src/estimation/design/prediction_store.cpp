// SPDX-License-Identifier: BSD-3-Clause
#include "prediction_store.hpp"

#include <cmath>

namespace glebe {

PredictionStore::PredictionStore(const DesignList& list, const Controls& controls,
                                 const VerdictContext& context, const RankingRule& rule)
    : controls_(controls), rule_(rule), x_(controls.first_guess_of_columns()) {
  for (const Design& design : list.designs) {
    contexts_.push_back(context);
    contexts_.back().streams.clear();
    for (const std::size_t s : design.streams) contexts_.back().streams.push_back(list.streams[s]);
  }
  const std::size_t size = list.designs.size() * controls.n_column(), m = controls.per_column();
  const std::vector<double> none(size, std::nan(""));
  result_ = {std::vector<double>(size * m, std::nan("")),
             std::vector<Verdict>(size * m, Verdict::not_estimated), none, none, none};
}

void PredictionStore::add(std::size_t d, std::size_t column, const std::vector<double>& G,
                          const std::vector<double>& precision, const Knowledge& known) {
  const std::size_t m = controls_.per_column(), at = d * controls_.n_column() + column;
  ColumnEvidence evidence;
  evidence.block = G;
  evidence.precision = precision;
  evidence.covariance = known.covariance;
  evidence.bound.assign(m, 0);
  for (std::size_t k = 0; k < m; ++k)
    evidence.estimate.push_back(controls_.controls()[k].lower +
                                controls_.scale(k) * x_[column * m + k]);
  const ColumnVerdict verdict = judge(contexts_[d], evidence);
  for (std::size_t k = 0; k < m; ++k) {
    const double variance = known.covariance[k * m + k];
    result_.std[at * m + k] = controls_.scale(k) * std::sqrt(variance);
    if (!std::isnan(variance)) result_.verdict[at * m + k] = verdict.of_control[k];
  }
  result_.degrees_of_freedom[at] = known.degrees_of_freedom;
  result_.condition_number[at] = known.condition_number;
  result_.criterion[at] = criterion_of(rule_, contexts_[d], evidence.estimate, known.covariance,
                                       known.averaging_kernel);
}

} // namespace glebe
