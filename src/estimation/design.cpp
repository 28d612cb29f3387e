// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/design.hpp"

#include "glebe/estimation/knowledge.hpp"
#include "glebe/estimation/stream_runs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace glebe {

namespace {

class Predictor {
public:
  Predictor(const DesignList& list, const Controls& controls, const Prior& prior,
            const VerdictContext& context, const RankingRule& rule)
      : list_(list), controls_(controls), prior_(prior), rule_(rule), m_(controls.per_column()) {
    for (const Design& design : list.designs) {
      contexts_.push_back(context);
      contexts_.back().streams.clear();
      for (const std::size_t s : design.streams)
        contexts_.back().streams.push_back(list.streams[s]);
    }
    const std::size_t size = list.designs.size() * controls.n_column();
    const std::vector<double> none(size, std::nan(""));
    result_ = {std::vector<double>(size * m_, std::nan("")),
               std::vector<Verdict>(size * m_, Verdict::not_estimated), none, none, none};
  }

  void add(std::size_t column, const std::vector<StreamView>& streams,
           const std::vector<double>& x) {
    std::vector<std::size_t> free(m_);
    std::iota(free.begin(), free.end(), std::size_t{0});
    for (std::size_t d = 0; d < list_.designs.size(); ++d) {
      const Design& design = list_.designs[d];
      std::vector<double> block(m_ * m_, 0.0);
      for (const std::size_t s : design.streams)
        for (std::size_t i = 0; i < m_ * m_; ++i)
          block[i] += streams[s].block[design.window * m_ * m_ + i];
      ColumnEvidence evidence;
      evidence.block = controls_.scaled_block(block, 0);
      const Knowledge known = knowledge(evidence.block, prior_.precision(), free);
      evidence.precision = prior_.precision();
      evidence.covariance = known.covariance;
      evidence.bound.assign(m_, 0);
      for (std::size_t k = 0; k < m_; ++k)
        evidence.estimate.push_back(controls_.controls()[k].lower +
                                    controls_.scale(k) * x[column * m_ + k]);
      store(d * controls_.n_column() + column, d, evidence, known);
    }
  }

  Predictions result() { return std::move(result_); }

private:
  void store(std::size_t at, std::size_t d, const ColumnEvidence& evidence,
             const Knowledge& known) {
    const ColumnVerdict verdict = judge(contexts_[d], evidence);
    for (std::size_t k = 0; k < m_; ++k) {
      result_.std[at * m_ + k] = controls_.scale(k) * std::sqrt(known.covariance[k * m_ + k]);
      result_.verdict[at * m_ + k] = verdict.of_control[k];
    }
    result_.degrees_of_freedom[at] = known.degrees_of_freedom;
    result_.condition_number[at] = known.condition_number;
    result_.criterion[at] = criterion_of(rule_, contexts_[d], evidence.estimate, known.covariance,
                                         known.averaging_kernel);
  }

  const DesignList& list_;
  const Controls& controls_;
  const Prior& prior_;
  const RankingRule& rule_;
  std::size_t m_;
  std::vector<VerdictContext> contexts_; ///< [design]
  Predictions result_;
};

} // namespace

Predictions predict(const ColumnProblem& problem, const DesignList& list, const Controls& controls,
                    const Prior& prior, const VerdictContext& context, const RankingRule& rule) {
  Predictor predictor(list, controls, prior, context, rule);
  const std::vector<double> x = controls.first_guess_of_columns();
  const auto visit = [&](std::size_t column, bool failed, const std::vector<StreamView>& streams) {
    if (!failed) predictor.add(column, streams, x);
  };
  view_streams(problem, all_columns(controls.n_column()), controls.values(x), controls.directions(),
               list.windows, visit);
  return predictor.result();
}

double criterion_of(const RankingRule& rule, const VerdictContext& context,
                    const std::vector<double>& estimate, const std::vector<double>& covariance,
                    const std::vector<double>& averaging_kernel) {
  const std::size_t m = context.controls.size(), n = rule.controls.size();
  // Covariance relative to what a parameter might be without data.
  std::vector<double> relative(n * n);
  double largest = 0.0, freedom = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t k = rule.controls[i];
    const double unit = known_before(context.controls[k], estimate[k], false);
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t l = rule.controls[j];
      relative[i * n + j] = covariance[k * m + l] * context.controls[k].scale() *
                            context.controls[l].scale() /
                            (unit * known_before(context.controls[l], estimate[l], false));
    }
    if (std::isnan(relative[i * n + i])) return std::nan("");
    largest = std::max(largest, std::sqrt(relative[i * n + i]));
    freedom += averaging_kernel[k * m + k];
  }
  if (rule.criterion == Criterion::largest_std) return largest;
  if (rule.criterion == Criterion::degrees_of_freedom) return freedom;
  double logarithm = 0.0;
  for (const double value : eigen_system(std::move(relative), n).values)
    logarithm += std::log(std::max(value, std::numeric_limits<double>::min()));
  return std::exp(0.5 * logarithm / static_cast<double>(n));
}

std::vector<std::size_t> ranks_of(const std::vector<double>& criterion, bool more_is_better) {
  std::vector<std::size_t> order(criterion.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto worth = [&](std::size_t i) {
    if (std::isnan(criterion[i])) return std::numeric_limits<double>::infinity();
    return more_is_better ? -criterion[i] : criterion[i];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return worth(a) < worth(b); });
  std::vector<std::size_t> ranks(criterion.size());
  for (std::size_t i = 0; i < order.size(); ++i) ranks[order[i]] = i + 1;
  return ranks;
}

} // namespace glebe
