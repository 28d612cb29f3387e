// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/residuals.hpp"

#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <cmath>
#include <limits>

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

constexpr std::size_t not_fitted = std::numeric_limits<std::size_t>::max();

std::size_t n_pair(std::size_t n) { return n * (n + 1) / 2; }

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

StreamResiduals::StreamResiduals(const Objective& objective)
    : autocorrelation(objective.controls().n_column(), objective.problem().n_stream()),
      taken(objective.controls().n_column(), 0), n_control_(objective.controls().per_column()) {
  for (const Stream& stream : objective.problem().observations.streams)
    place_.push_back(stream.fitted() ? n_fitted_++ : not_fitted);
  triangles_.resize(taken.size() * n_fitted_ * n_pair(n_control_));
}

void StreamResiduals::take(std::size_t column, bool failed,
                           const std::vector<StreamView>& streams) {
  if (failed) return;
  taken[column] = 1;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    autocorrelation(column, s) = autocorrelation_of(streams[s].independent());
    if (place_[s] == not_fitted) continue;
    double* pair = triangles_.data() + (column * n_fitted_ + place_[s]) * n_pair(n_control_);
    const auto block = streams[s].block[0];
    for (std::size_t k = 0; k < n_control_; ++k)
      for (std::size_t j = 0; j <= k; ++j) *pair++ = block(Eigen::Index(k), Eigen::Index(j));
  }
}

DenseMatrix StreamResiduals::block(std::size_t column, std::size_t stream) const {
  DenseMatrix block = DenseMatrix::Zero(Eigen::Index(n_control_), Eigen::Index(n_control_));
  if (place_[stream] == not_fitted) return block;
  const double* pair =
      triangles_.data() + (column * n_fitted_ + place_[stream]) * n_pair(n_control_);
  for (Eigen::Index k = 0; k < block.rows(); ++k)
    for (Eigen::Index j = 0; j <= k; ++j) block(k, j) = block(j, k) = *pair++;
  return block;
}

Residuals analyse_residuals(const SolvedPoint& solved, const StreamResiduals& found) {
  const Controls& controls = solved.controls();
  const Posterior& posterior = solved.posterior;
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  Residuals result{found.autocorrelation, DenseMatrix::Constant(n_column, m, std::nan("")),
                   DenseBlocks(n_column, m, std::nan(""))};
  agree_on_failure(solved.objective.ranks(), [&] {
    for (std::size_t c = 0; c < n_column; ++c) {
      if (!found.taken[c]) continue;
      const double scale = posterior.error_scale[c];
      DenseMatrix block = DenseMatrix::Zero(m, m);
      for (std::size_t s = 0; s < solved.problem().n_stream(); ++s)
        block += found.block(c, s) / (result.stream(c, s).loss_of_information(scale) * scale);
      result.block[c] = controls.scaled_block(block);
      const DenseMatrix H = result.block[c] + posterior.precision_without_data[c];
      const DenseMatrix covariance = covariance_of(H, posterior.free(c)).matrix;
      for (std::size_t k = 0; k < m; ++k)
        result.std_inflated(c, k) = controls.scale(k) * std::sqrt(covariance(k, k));
    }
  });
  return result;
}

} // namespace glebe
