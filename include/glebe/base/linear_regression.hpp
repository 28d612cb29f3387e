// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

#include <optional>

namespace glebe {

/// A constant and a linear function of regressors x, fitted to values y by least squares.
class LinearRegression {
public:
  /// Fitted to x [n][k] and y [n] by the normal equations of centred values. Empty where the fit is
  /// not defined: fewer than k + 2 values, a value that is not finite, a regressor that is constant
  /// or a linear function of the others. Not collective.
  static std::optional<LinearRegression> fit(const DenseMatrix& x, const DenseVector& y);

  /// y less what is predicted for x [n], in the unit of y.
  DenseVector residuals(const DenseMatrix& x, const DenseVector& y) const;

private:
  Eigen::RowVectorXd mean_, norm_; ///< of the regressors; the norm is that about the mean
  double mean_of_y_ = 0.0;
  DenseVector slope_; ///< by the centred regressors of norm 1
};

/// The root mean square of values; NaN without any.
double root_mean_square(const DenseVector& values);

/// The root mean square of what is left of y [n] after the least-squares fit of a constant and a
/// linear function of the regressors x [n][k]; in the unit of y, NaN where the fit is not defined.
/// Not collective.
double regression_rmse(const DenseMatrix& x, const DenseVector& y);

} // namespace glebe
