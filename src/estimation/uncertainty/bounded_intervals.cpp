// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/bounded_intervals.hpp"

#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/estimation/uncertainty/unified_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace glebe {

UnheldGaussian unheld_gaussian(const BoundedColumn& column) {
  constexpr double nothing_known = 1e-4; // the inverse variance of a standard deviation of 100
  const Eigen::Index m = column.x.size();
  std::vector<std::size_t> all(static_cast<std::size_t>(m));
  std::iota(all.begin(), all.end(), std::size_t{0});
  const DenseMatrix ridge = nothing_known * DenseMatrix::Identity(m, m);
  ConsideredEffect considered = column.considered;
  considered.hessian = column.hessian + ridge;
  const DenseMatrix P = covariance_of(considered.hessian, all).matrix;
  const DenseMatrix reported = covariance_of(column.reported + ridge, all).matrix;
  return {column.x - P * column.pull,
          considered.any() ? with_considered(reported, considered.gain(all)) : reported};
}

BoundedIntervals intervals_within_bounds(const BoundedColumn& column) {
  const auto [mean, covariance] = unheld_gaussian(column);
  if (felt_bounds(mean, covariance).empty()) return {};
  BoundedIntervals found{unified_intervals(mean, covariance)};
  for (Eigen::Index k = 0; k < mean.size(); ++k)
    found.contradiction = std::max(found.contradiction,
                                   std::max(-mean[k], mean[k] - 1.0) / std::sqrt(covariance(k, k)));
  return found;
}

} // namespace glebe
