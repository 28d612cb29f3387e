// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/controls.hpp"

namespace glebe {

/// The part of B^-1 that does not couple columns, between the m estimated values of a column,
/// scaled [k][k]: independent standard deviations, and a random walk between successive knots in
/// time, whose step over the mean gap between knots has the standard deviation time_std.
/// Source: Rue and Held (2005), Gaussian Markov Random Fields, section 3.3.1.
DenseMatrix precision_of_values(const Controls& controls);

/// The part of the prior (x - x_b)^T B^-1 (x - x_b) / 2 that contains only the own values of one
/// column; x_b is the first guess. The other parts are in PriorCoupling.
class Prior {
public:
  explicit Prior(const Controls& controls);

  /// B^-1 of a column [k][k], the same for all columns.
  const DenseMatrix& precision() const { return precision_; }
  /// The cost of one column at x [k], and its gradient B^-1 (x - x_b).
  double cost(std::size_t column, const DenseRow& x) const;
  Eigen::RowVectorXd gradient(std::size_t column, const DenseRow& x) const;

private:
  DenseMatrix mean_; ///< [column][k]
  DenseMatrix precision_;
};

} // namespace glebe
