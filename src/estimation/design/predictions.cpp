// SPDX-License-Identifier: BSD-3-Clause
#include "predictions.hpp"

#include <cmath>

namespace glebe {

PredictionStore::PredictionStore(const DesignProblem& problem, const DesignList& list,
                                 const RankingRule& rule)
    : controls_(problem.controls), rule_(rule), x_(controls_.first_guess_of_columns()) {
  for (const Design& design : list.designs) {
    contexts_.push_back(problem.context);
    contexts_.back().streams.clear();
    for (const std::size_t s : design.streams) contexts_.back().streams.push_back(list.streams[s]);
  }
  const std::size_t n = list.designs.size();
  const DenseMatrix none = DenseMatrix::Constant(n, x_.rows(), std::nan(""));
  result_ = {
      std::vector<DenseMatrix>(n, DenseMatrix::Constant(x_.rows(), x_.cols(), std::nan(""))),
      std::vector<Table<Verdict>>(
          n, Table<Verdict>(controls_.n_column(), controls_.per_column(), Verdict::not_estimated)),
      none, none, none};
}

void PredictionStore::add(std::size_t d, std::size_t column, const DenseMatrix& G,
                          const DenseMatrix& precision, GaussianPosterior posterior,
                          const ConsideredEffect& considered) {
  const std::size_t m = controls_.per_column();
  ColumnEvidence evidence;
  evidence.block = G;
  evidence.precision = evidence.precision_unheld = precision;
  evidence.bound.assign(m, AtBound::free);
  evidence.considered = considered;
  if (considered.any())
    posterior.covariance = with_considered(posterior.covariance, considered.gain(evidence.free()));
  evidence.covariance = posterior.covariance;
  for (std::size_t k = 0; k < m; ++k)
    evidence.estimate.push_back(controls_.in_unit(k, x_(column, k)));
  const ColumnVerdict verdict = judge(contexts_[d], evidence);
  for (std::size_t k = 0; k < m; ++k) {
    const double variance = posterior.covariance(k, k);
    result_.std[d](column, k) = controls_.scale(k) * std::sqrt(variance);
    if (!std::isnan(variance)) result_.verdict[d](column, k) = verdict.of_control[k];
  }
  result_.degrees_of_freedom(d, column) = posterior.degrees_of_freedom;
  result_.condition_number(d, column) = posterior.condition_number;
  result_.criterion(d, column) = criterion_of(rule_, contexts_[d], evidence.estimate, posterior);
}

} // namespace glebe
