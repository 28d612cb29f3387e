// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/residuals.hpp"

#include "glebe/simulation/stream_runs.hpp"

#include <cmath>

namespace glebe {

namespace {

// Mean product of residuals `lag` values apart; zero without a pair.
double mean_product(std::span<const double> residual, std::size_t lag) {
  double sum = 0.0, count = 0.0;
  for (std::size_t k = lag; k < residual.size(); ++k) {
    const double product = residual[k] * residual[k - lag];
    if (std::isnan(product)) continue;
    sum += product;
    count += 1.0;
  }
  return count > 0.0 ? sum / count : 0.0;
}

} // namespace

Independence independence(std::span<const double> residual) {
  Independence result;
  double count = 0.0;
  for (const double r : residual) count += !std::isnan(r);
  result.effective = count;
  const double variance = mean_product(residual, 0);
  if (count < 3.0 || !(variance > 0.0)) return result;
  result.lag_one = mean_product(residual, 1) / variance;
  if (result.lag_one <= 2.0 / std::sqrt(count)) return result;
  for (std::size_t lag = 1; lag < residual.size(); ++lag) {
    const double rho = mean_product(residual, lag) / variance;
    if (rho <= 0.0) break;
    result.time += 2.0 * rho;
  }
  result.time = std::min(result.time, count);
  result.effective = count / result.time;
  return result;
}

Residuals examine_residuals(const Ranks& ranks, const ColumnProblem& problem,
                            const Objective& objective, Vec x, const Posterior& posterior) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_stream = problem.observations.streams.size();
  std::vector<std::size_t> columns;
  std::vector<double> x_wanted;
  const std::vector<double> x_of_columns = controls.of_columns(x);
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    if (objective.left_out()[c]) continue;
    columns.push_back(c);
    x_wanted.insert(x_wanted.end(), x_of_columns.begin() + std::ptrdiff_t(c * m),
                    x_of_columns.begin() + std::ptrdiff_t((c + 1) * m));
  }

  Residuals result{std::vector<Independence>(controls.n_column() * n_stream),
                   std::vector<double>(controls.n_column() * m, std::nan(""))};
  const auto visit = [&](std::size_t run, bool failed, const std::vector<StreamView>& streams) {
    if (failed) return;
    const std::size_t c = columns[run];
    std::vector<double> block(m * m, 0.0);
    for (std::size_t s = 0; s < n_stream; ++s) {
      const Independence found = independence(streams[s].residual);
      result.stream[c * n_stream + s] = found;
      for (std::size_t i = 0; i < m * m; ++i)
        block[i] += streams[s].block[i] / (found.time * posterior.error_scale[c]);
    }
    const Knowledge known =
        knowledge(controls.scaled_block(block, 0),
                  posterior.precision(c, objective.prior().precision()), posterior.free(c, m));
    for (std::size_t k = 0; k < m; ++k)
      result.std_inflated[c * m + k] = controls.scale(k) * std::sqrt(known.covariance[k * m + k]);
  };
  const TimeInterval all{0.0, problem.time.length()};
  agree_on_failure(ranks, [&] {
    view_streams(problem, columns, controls.values(columns, x_wanted.data()), controls.directions(),
                 {&all, 1}, visit);
  });
  return result;
}

} // namespace glebe
