// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/residuals.hpp"

#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <cmath>

namespace glebe {

namespace {

// The mean product of residuals at a distance of `lag` values; zero if there is no pair.
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

Autocorrelation autocorrelation_of(std::span<const double> residual) {
  Autocorrelation result;
  double count = 0.0;
  for (const double r : residual) count += !std::isnan(r);
  result.effective_sample_size = count;
  const double variance = mean_product(residual, 0);
  result.mean_square = variance;
  if (count < 3.0 || !(variance > 0.0)) return result;
  result.lag_one = mean_product(residual, 1) / variance;
  if (result.lag_one <= 2.0 / std::sqrt(count)) return result;
  for (std::size_t lag = 1; lag < residual.size(); ++lag) {
    const double rho = mean_product(residual, lag) / variance;
    if (rho <= 0.0) break;
    result.integrated_time += 2.0 * rho;
  }
  result.integrated_time = std::min(result.integrated_time, count);
  result.effective_sample_size = count / result.integrated_time;
  return result;
}

Residuals analyse_residuals(const SolvedPoint& solved) {
  const Controls& controls = solved.controls();
  const Posterior& posterior = solved.posterior;
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const std::vector<std::size_t> columns = solved.objective.columns_with_data();
  Residuals result{Table<Autocorrelation>(n_column, solved.problem().n_stream()),
                   DenseMatrix::Constant(n_column, m, std::nan("")),
                   DenseBlocks(n_column, m, std::nan(""))};
  const auto visit = [&](std::size_t run, bool failed, const std::vector<StreamView>& streams) {
    if (failed) return;
    const std::size_t c = columns[run];
    DenseMatrix block = DenseMatrix::Zero(m, m);
    for (std::size_t s = 0; s < streams.size(); ++s) {
      const Autocorrelation found = autocorrelation_of(streams[s].independent());
      result.stream(c, s) = found;
      const double scale = posterior.error_scale[c];
      block += streams[s].block[0] / (found.loss_of_information(scale) * scale);
    }
    result.block[c] = controls.scaled_block(block);
    const DenseMatrix H = result.block[c] + posterior.precision_without_data[c];
    const DenseMatrix covariance = covariance_of(H, posterior.free(c)).matrix;
    for (std::size_t k = 0; k < m; ++k)
      result.std_inflated(c, k) = controls.scale(k) * std::sqrt(covariance(k, k));
  };
  const TimeInterval all{0.0, solved.problem().time.length()};
  agree_on_failure(solved.objective.ranks(), [&] {
    const DenseMatrix x = solved.point.x_of_columns(columns, Eigen::all);
    view_streams(solved.problem(), columns, controls.values(columns, x), controls.directions(),
                 {&all, 1}, visit);
  });
  return result;
}

} // namespace glebe
