// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/design/design.hpp"

#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "prediction_store.hpp"

namespace glebe {

namespace {

class Predictor {
public:
  Predictor(const DesignList& list, const Controls& controls, const Prior& prior,
            const VerdictContext& context, const RankingRule& rule)
      : list_(list), controls_(controls), prior_(prior), m_(controls.per_column()),
        store_(list, controls, context, rule) {}

  void add(std::size_t column, const std::vector<StreamView>& streams) {
    std::vector<std::size_t> free(m_);
    std::iota(free.begin(), free.end(), std::size_t{0});
    for (std::size_t d = 0; d < list_.designs.size(); ++d) {
      const Design& design = list_.designs[d];
      std::vector<double> block(m_ * m_, 0.0);
      for (const std::size_t s : design.streams)
        for (std::size_t i = 0; i < m_ * m_; ++i)
          block[i] += streams[s].block[design.window * m_ * m_ + i];
      const std::vector<double> G = controls_.scaled_block(block, 0);
      store_.add(d, column, G, prior_.precision(), knowledge(G, prior_.precision(), free));
    }
  }

  Predictions result() { return store_.result(); }

private:
  const DesignList& list_;
  const Controls& controls_;
  const Prior& prior_;
  std::size_t m_;
  PredictionStore store_;
};

} // namespace

Predictions predict(const ColumnProblem& problem, const DesignList& list, const Controls& controls,
                    const Prior& prior, const VerdictContext& context, const RankingRule& rule) {
  Predictor predictor(list, controls, prior, context, rule);
  const auto visit = [&](std::size_t column, bool failed, const std::vector<StreamView>& streams) {
    if (!failed) predictor.add(column, streams);
  };
  view_streams(problem, all_columns(controls.n_column()),
               controls.values(controls.first_guess_of_columns()), controls.directions(),
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
