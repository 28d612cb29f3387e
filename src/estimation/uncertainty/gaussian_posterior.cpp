// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include "glebe/estimation/algebra/dense.hpp"

#include <cmath>
#include <limits>

namespace glebe {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Raises eigenvalues to at least rounding error. The eigenvectors of raised eigenvalues are
// accurate to about 1e-10 only and get a very large variance. Their small components are set to
// zero, so that this variance does not reach controls that do not belong to the direction.
void raise_undetermined(EigenSystem& system) {
  constexpr double small_component = 1e-6;
  const double epsilon = std::numeric_limits<double>::epsilon();
  const double largest = system.values.maxCoeff();
  for (Eigen::Index e = 0; e < system.values.size(); ++e) {
    if (system.values[e] > 100.0 * epsilon * largest) continue;
    system.values[e] = std::max(system.values[e], epsilon * largest);
    auto vector = system.vectors.col(e).array();
    vector = (vector.abs() < small_component).select(0.0, vector);
  }
}

std::vector<std::size_t> free_in(const DenseMatrix& covariance) {
  std::vector<std::size_t> free;
  for (Eigen::Index k = 0; k < covariance.rows(); ++k)
    if (!std::isnan(covariance(k, k))) free.push_back(static_cast<std::size_t>(k));
  return free;
}

} // namespace

Covariance covariance_of(const DenseMatrix& H, const std::vector<std::size_t>& free) {
  Covariance result{DenseMatrix::Constant(H.rows(), H.cols(), missing), 1.0};
  if (free.empty()) return result;
  EigenSystem system = eigen_system(H(free, free));
  if (!(system.values.maxCoeff() > 0.0)) {
    result.condition_number = missing;
    return result;
  }
  raise_undetermined(system);
  result.condition_number = system.values.maxCoeff() / system.values.minCoeff();
  result.matrix(free, free) = system.with_values(system.values.cwiseInverse());
  return result;
}

GaussianPosterior posterior_of(Covariance covariance, const DenseMatrix& G) {
  const std::vector<std::size_t> free = free_in(covariance.matrix);
  GaussianPosterior result{std::move(covariance.matrix),
                           DenseMatrix::Constant(G.rows(), G.cols(), missing), 0.0,
                           covariance.condition_number};
  if (std::isnan(result.condition_number) && free.empty()) result.degrees_of_freedom = missing;
  const DenseMatrix kernel = result.covariance(free, free) * G(free, free);
  result.averaging_kernel(free, free) = kernel;
  if (!free.empty()) result.degrees_of_freedom = kernel.trace();
  return result;
}

GaussianPosterior posterior_of(const DenseMatrix& G, const DenseMatrix& precision,
                               const std::vector<std::size_t>& free) {
  return posterior_of(covariance_of(G + precision, free), G);
}

DenseMatrix precision_without_data(const DenseMatrix& covariance, const DenseMatrix& G) {
  const std::vector<std::size_t> free = free_in(covariance);
  DenseMatrix result = DenseMatrix::Zero(G.rows(), G.cols());
  if (!free.empty())
    result(free, free) = inverse_above_rounding(covariance(free, free)) - G(free, free);
  return result;
}

DenseMatrix correlation_of(const DenseMatrix& covariance) {
  const DenseVector variance = covariance.diagonal();
  return covariance.cwiseQuotient((variance * variance.transpose()).cwiseSqrt());
}

} // namespace glebe
