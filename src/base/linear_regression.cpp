// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/linear_regression.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace glebe {

std::optional<LinearRegression> LinearRegression::fit(const DenseMatrix& x, const DenseVector& y) {
  // A regressor that varies less, relative to its size, is constant but for rounding.
  constexpr double rounding = 1e-12;
  // Below this share of a regressor's variance the others say all of it.
  constexpr double independent = 1e-10;
  if (x.rows() < x.cols() + 2 || !x.allFinite() || !y.allFinite()) return {};
  LinearRegression result;
  result.mean_ = x.colwise().mean();
  DenseMatrix X = x.rowwise() - result.mean_;
  result.norm_.resize(x.cols());
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    result.norm_[k] = X.col(k).norm();
    if (!(result.norm_[k] > rounding * x.col(k).norm())) return {};
    X.col(k) /= result.norm_[k];
  }
  result.mean_of_y_ = y.mean();
  const DenseVector Y = y.array() - result.mean_of_y_;
  const Eigen::LDLT<Eigen::MatrixXd> normal(X.transpose() * X);
  if (!(normal.vectorD().minCoeff() > independent)) return {};
  result.slope_ = normal.solve(X.transpose() * Y);
  return result;
}

DenseVector LinearRegression::residuals(const DenseMatrix& x, const DenseVector& y) const {
  DenseMatrix X = x.rowwise() - mean_;
  for (Eigen::Index k = 0; k < x.cols(); ++k) X.col(k) /= norm_[k];
  const DenseVector Y = y.array() - mean_of_y_;
  return Y - X * slope_;
}

double root_mean_square(const DenseVector& values) {
  return std::sqrt(values.squaredNorm() / static_cast<double>(values.size()));
}

double regression_rmse(const DenseMatrix& x, const DenseVector& y) {
  const auto fit = LinearRegression::fit(x, y);
  return fit ? root_mean_square(fit->residuals(x, y)) : std::nan("");
}

} // namespace glebe
