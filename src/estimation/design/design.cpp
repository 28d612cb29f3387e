// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/design/design.hpp"

#include "glebe/base/interruption.hpp"
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/problem/prior.hpp"
#include "glebe/estimation/uncertainty/covariance.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "predictions.hpp"

namespace glebe {

namespace {

// The scaled blocks of every stream in every window for some columns. A design uses some of them.
class StreamBlocks {
public:
  StreamBlocks(const DesignProblem& problem, const DesignList& list,
               std::span<const std::size_t> columns)
      : controls_(problem.controls), considered_(problem.considered),
        first_(columns.empty() ? 0 : columns.front()), n_window_(list.windows.size()),
        n_stream_(list.streams.size()), failed_(columns.size(), 0),
        blocks_(columns.size() * n_stream_ * n_window_, controls_.per_column()),
        cross_(DenseMatrix::Zero(blocks_.size() * controls_.per_column(), considered_.size())) {
    const DenseMatrix x = controls_.first_guess_of_columns()(columns, Eigen::all);
    view_streams(problem.problem, columns, controls_.values(columns, x),
                 considered_.directions_after(controls_), list.windows,
                 [&](std::size_t run, bool failed, const std::vector<StreamView>& streams) {
                   failed_[run] = failed;
                   if (!failed) keep(run, streams);
                 });
  }

  bool failed(std::size_t column) const { return failed_[column - first_]; }
  /// The Gauss-Newton block of a design's data in a column.
  DenseMatrix of(const Design& design, std::size_t column) const {
    const std::size_t m = controls_.per_column();
    DenseMatrix sum = DenseMatrix::Zero(m, m);
    for (const std::size_t s : design.streams)
      sum += blocks_[index(column - first_, s, design.window)];
    return sum;
  }
  /// Its block between estimated and considered values: ConsideredValues::cross_block.
  DenseMatrix cross(const Design& design, std::size_t column) const {
    const std::size_t m = controls_.per_column();
    DenseMatrix sum = DenseMatrix::Zero(m, considered_.size());
    for (const std::size_t s : design.streams)
      sum += cross_.middleRows(m * index(column - first_, s, design.window), m);
    return sum;
  }

private:
  void keep(std::size_t run, const std::vector<StreamView>& streams) {
    for (std::size_t s = 0; s < n_stream_; ++s)
      for (std::size_t w = 0; w < n_window_; ++w) keep(index(run, s, w), streams[s].block[w]);
  }
  void keep(std::size_t i, const DenseMatrix& block) {
    const std::size_t m = controls_.per_column();
    blocks_[i] = controls_.scaled_block(block.topLeftCorner(m, m));
    if (considered_.any()) cross_.middleRows(m * i, m) = considered_.cross_block(controls_, block);
  }
  std::size_t index(std::size_t run, std::size_t stream, std::size_t window) const {
    return (run * n_stream_ + stream) * n_window_ + window;
  }

  const Controls& controls_;
  const ConsideredValues& considered_;
  std::size_t first_; ///< column
  std::size_t n_window_;
  std::size_t n_stream_;
  std::vector<char> failed_;
  DenseBlocks blocks_; ///< [column][stream][window]
  DenseMatrix cross_;  ///< likewise, one below the other
};

bool has_data(const Ranks& ranks, const StreamBlocks& blocks, const Design& design,
              std::size_t n_column) {
  bool any = false;
  for (std::size_t c = 0; c < n_column && !any; ++c) any = !blocks.of(design, c).isZero(0.0);
  return ranks.any(any);
}

// How the estimates of all columns of a coupled problem change with the considered values.
DenseMatrix gain_of_all(const DesignProblem& problem, const GaussianProblem& gaussian,
                        const StreamBlocks& blocks, const Design& design) {
  if (!problem.considered.any()) return {};
  const std::size_t n_column = problem.controls.n_column(), m = problem.controls.per_column();
  DenseMatrix cross(n_column * m, problem.considered.size());
  for (std::size_t c = 0; c < n_column; ++c) cross.middleRows(c * m, m) = blocks.cross(design, c);
  return coupled_gain(gaussian, problem.considered, cross);
}

// Coupled columns: one Gaussian problem of all columns for each design.
void predict_all_columns(const DesignProblem& problem, const DesignList& list,
                         PredictionStore& store) {
  const Controls& controls = problem.controls;
  const std::size_t n_column = controls.n_column(), m = controls.per_column();
  const DenseMatrix prior = Prior(controls).precision();
  std::optional<StreamBlocks> blocks;
  agree_on_failure(problem.ranks, [&] { blocks.emplace(problem, list, all_columns(n_column)); });
  const auto is_informed = [&](std::size_t c, std::size_t k) {
    return !blocks->failed(c) || controls.is_coupled(k);
  };
  for (std::size_t d = 0; d < list.designs.size(); ++d) {
    const Design& design = list.designs[d];
    agree_on_failure(problem.ranks, stop_if_asked);
    if (!has_data(problem.ranks, *blocks, design, n_column)) continue;
    const auto block = [&](std::size_t c) {
      DenseMatrix H = blocks->of(design, c) + prior;
      hold_uninformed(H, c, is_informed);
      return H;
    };
    const GaussianProblem gaussian{problem.ranks,
                                   controls,
                                   problem.coupling,
                                   {block, is_informed},
                                   std::vector<char>(controls.n_local(), 1)};
    const ColumnCovariances found = column_covariances(gaussian);
    const DenseMatrix gain = gain_of_all(problem, gaussian, *blocks, design);
    agree_on_failure(problem.ranks, [&] {
      for (std::size_t c = 0; c < n_column; ++c) {
        const DenseMatrix G = blocks->of(design, c), covariance = found.matrix[c];
        const DenseMatrix precision = precision_without_data(covariance, G);
        ConsideredEffect effect;
        if (problem.considered.any())
          effect = ConsideredEffect::of_coupled_column(problem.considered, G + precision,
                                                       gain.middleRows(c * m, m));
        store.add(d, c, G, precision, posterior_of(Covariance{covariance, std::nan("")}, G),
                  effect);
      }
    });
  }
}

// Separable columns: some at a time, to limit the memory of their blocks.
void predict_by_column(const DesignProblem& problem, const DesignList& list,
                       PredictionStore& store) {
  constexpr std::size_t columns_at_a_time = 256;
  const DenseMatrix prior = Prior(problem.controls).precision();
  std::vector<std::size_t> all_controls(problem.controls.per_column());
  std::iota(all_controls.begin(), all_controls.end(), std::size_t{0});
  const std::vector<std::size_t> all = all_columns(problem.controls.n_column());
  for (std::size_t first = 0; first < all.size(); first += columns_at_a_time) {
    const auto columns =
        std::span(all).subspan(first, std::min(columns_at_a_time, all.size() - first));
    const StreamBlocks blocks(problem, list, columns);
    for (const std::size_t c : columns) {
      stop_if_asked();
      for (std::size_t d = 0; d < list.designs.size() && !blocks.failed(c); ++d) {
        const DenseMatrix G = blocks.of(list.designs[d], c);
        ConsideredEffect effect;
        if (problem.considered.any())
          effect = ConsideredEffect::of_column(problem.considered, G + prior,
                                               blocks.cross(list.designs[d], c));
        store.add(d, c, G, prior, posterior_of(G, prior, all_controls), effect);
      }
    }
  }
}

} // namespace

Predictions predict(const DesignProblem& problem, const DesignList& list, const RankingRule& rule) {
  PredictionStore store(problem, list, rule);
  if (problem.coupling.couples_columns())
    predict_all_columns(problem, list, store);
  else
    agree_on_failure(problem.ranks, [&] { predict_by_column(problem, list, store); });
  return store.result();
}

double criterion_of(const RankingRule& rule, const VerdictContext& context,
                    const std::vector<double>& estimate, const GaussianPosterior& posterior) {
  // The covariance relative to the standard deviations without data.
  const std::vector<std::size_t>& k = rule.controls;
  DenseVector unit(k.size());
  for (std::size_t i = 0; i < k.size(); ++i)
    unit[i] = context.controls[k[i]].scale() /
              prior_knowledge_std(context.controls[k[i]], estimate[k[i]], false);
  const DenseMatrix relative = unit.asDiagonal() * posterior.covariance(k, k) * unit.asDiagonal();
  if (relative.diagonal().hasNaN()) return std::nan("");
  if (rule.criterion == Criterion::largest_std) return std::sqrt(relative.diagonal().maxCoeff());
  if (rule.criterion == Criterion::degrees_of_freedom)
    return posterior.averaging_kernel(k, k).trace();
  double logarithm = 0.0;
  for (const double value : eigen_system(relative).values)
    logarithm += std::log(std::max(value, std::numeric_limits<double>::min()));
  return std::exp(0.5 * logarithm / static_cast<double>(k.size()));
}

std::vector<std::size_t> ranks_of(const std::vector<double>& criterion, bool more_is_better) {
  std::vector<std::size_t> order(criterion.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto sort_key = [&](std::size_t i) {
    if (std::isnan(criterion[i])) return std::numeric_limits<double>::infinity();
    return more_is_better ? -criterion[i] : criterion[i];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sort_key(a) < sort_key(b); });
  std::vector<std::size_t> ranks(criterion.size());
  for (std::size_t i = 0; i < order.size(); ++i) ranks[order[i]] = i + 1;
  return ranks;
}

} // namespace glebe
