// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/linear_regression.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace glebe {

namespace {

// The centred regressors, each of norm 1; NaN in one that is constant but for rounding.
DenseMatrix standardised(const DenseMatrix& x) {
  constexpr double rounding = 1e-12;
  DenseMatrix result = x.rowwise() - x.colwise().mean();
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    const double norm = result.col(k).norm();
    const bool varies = norm > rounding * x.col(k).norm();
    result.col(k) /= varies ? norm : std::nan("");
  }
  return result;
}

} // namespace

double regression_rmse(const DenseMatrix& x, const DenseVector& y) {
  // Below this share of a regressor's variance the others say all of it.
  constexpr double independent = 1e-10;
  const Eigen::Index n = x.rows();
  if (n < x.cols() + 2) return std::nan("");
  const DenseMatrix X = standardised(x);
  if (!X.allFinite() || !y.allFinite()) return std::nan("");
  const DenseVector Y = y.array() - y.mean();
  const Eigen::LDLT<Eigen::MatrixXd> normal(X.transpose() * X);
  if (!(normal.vectorD().minCoeff() > independent)) return std::nan("");
  const DenseVector slope = normal.solve(X.transpose() * Y);
  return std::sqrt((Y - X * slope).squaredNorm() / static_cast<double>(n));
}

} // namespace glebe
