// SPDX-License-Identifier: BSD-3-Clause
// Least squares against numbers worked out by hand.
#include "glebe/base/linear_regression.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

DenseVector column(std::initializer_list<double> values) {
  return Eigen::Map<const DenseVector>(values.begin(), std::ssize(values));
}

TEST(LinearRegression, OneRegressorByHand) {
  // Means 1.5 and 2; Sxx = 5, Sxy = 7, Syy = 14: the squares left sum to 14 - 49 / 5 = 4.2.
  DenseMatrix x(4, 1);
  x << 0, 1, 2, 3;
  EXPECT_NEAR(regression_rmse(x, column({0, 2, 1, 5})), std::sqrt(4.2 / 4), 1e-14);
}

TEST(LinearRegression, TwoRegressorsByHand) {
  // Orthogonal regressors: each slope stands alone, 10 and 6 over 4. Of the squares of y about its
  // mean, 35, the first takes 10^2 / 4 = 25 and the second 6^2 / 4 = 9: 1 is left of four values.
  DenseMatrix x(4, 2);
  x << 1, 1, 1, -1, -1, 1, -1, -1;
  const DenseVector y = column({4.5, 0.5, -1.5, -3.5});
  EXPECT_NEAR(regression_rmse(x, y), 0.5, 1e-14);
}

TEST(LinearRegression, DoesNotDependOnOriginsAndUnits) {
  DenseMatrix x(5, 2), other(5, 2);
  x << 0, 3, 1, 1, 2, 4, 3, 1, 4, 5;
  other.col(0) = 1e5 + 1e-4 * x.col(0).array();
  other.col(1) = 300.0 - 1e3 * x.col(1).array();
  const DenseVector y = column({1, 2, 0, 4, 3});
  EXPECT_NEAR(regression_rmse(other, y), regression_rmse(x, y), 1e-6);
  EXPECT_GT(regression_rmse(x, y), 0.1);
}

TEST(LinearRegression, IsNotDefinedWithoutIndependentRegressors) {
  DenseMatrix x(4, 2);
  x << 0, 1, 1, 3, 2, 5, 3, 7; // the second is 1 + 2 times the first
  const DenseVector y = column({0, 2, 1, 5});
  EXPECT_TRUE(std::isnan(regression_rmse(x, y)));
  EXPECT_FALSE(std::isnan(regression_rmse(x.leftCols(1), y)));
  EXPECT_TRUE(std::isnan(regression_rmse(DenseMatrix::Constant(4, 1, 300.1), y)));
  EXPECT_TRUE(std::isnan(regression_rmse(DenseMatrix::Zero(4, 1), y)));
  EXPECT_TRUE(std::isnan(regression_rmse(x.topLeftCorner(2, 1), y.head(2)))); // always exact
  x(1, 0) = std::nan("");
  EXPECT_TRUE(std::isnan(regression_rmse(x.leftCols(1), y)));
}

} // namespace
} // namespace glebe
