// SPDX-License-Identifier: BSD-3-Clause
// Regressions in clusters: by hand where there are few, and against single regressions.
#include "glebe/base/cluster_regression.hpp"
#include "glebe/base/linear_regression.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

DenseVector vector_of(std::initializer_list<double> values) {
  return Eigen::Map<const DenseVector>(values.begin(), std::ssize(values));
}

TEST(KMeans, SeparatesGroups) {
  DenseMatrix points(6, 1);
  points << 0, 1, 10, 11, 12, 30;
  // The mean is 10.7: the first centre is 11, the next 30, the last 0; then means of the nearest.
  const DenseMatrix centres = k_means(points, 3);
  EXPECT_EQ(centres, (DenseMatrix(3, 1) << 11, 30, 0.5).finished());
  EXPECT_EQ(nearest_centre(centres, DenseVector::Constant(1, 5.0).transpose()), 2U);
}

TEST(KMeans, HasNoMoreCentresThanThereAreDifferentPoints) {
  DenseMatrix points(5, 2);
  points << 1, 2, 1, 2, 3, 4, 3, 4, 3, 4;
  EXPECT_EQ(k_means(points, 4).rows(), 2);
}

TEST(KMeans, LeavesEveryCentreAtTheMeanOfItsPoints) {
  DenseMatrix points(200, 3);
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    points.row(i) << std::sin(1.7 * double(i)), std::cos(0.9 * double(i * i)), double(i % 7);
  const DenseMatrix centres = k_means(points, 9);
  ASSERT_EQ(centres.rows(), 9);
  DenseMatrix sum = DenseMatrix::Zero(9, 3);
  DenseVector count = DenseVector::Zero(9);
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    const auto c = Eigen::Index(nearest_centre(centres, points.row(i)));
    sum.row(c) += points.row(i);
    count[c] += 1.0;
  }
  for (Eigen::Index c = 0; c < 9; ++c)
    EXPECT_LT((sum.row(c) / count[c] - centres.row(c)).norm(), 1e-12);
}

TEST(ClusterRegression, OneClusterIsALinearRegression) {
  DenseMatrix x(6, 2);
  x << 0, 3, 1, 1, 2, 4, 3, 1, 4, 5, 7, 2;
  const DenseVector y = vector_of({1, 2, 0, 4, 3, 6});
  const auto fit = ClusterRegression::fit(x, y, 1);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(root_mean_square(fit->residuals(x, y)), regression_rmse(x, y), 1e-12);
}

TEST(ClusterRegression, FindsALineInEachCluster) {
  // y = 2 x around 0, and y = 100 - 3 x around 50, where the first regressor says nothing: it is
  // constant within each cluster.
  DenseMatrix x(8, 2);
  DenseVector y(8);
  for (Eigen::Index i = 0; i < 8; ++i) {
    const bool far = i >= 4;
    const double u = (far ? 50.0 : 0.0) + double(i % 4);
    x.row(i) << (far ? 9.0 : 1.0), u;
    y[i] = far ? 100.0 - 3.0 * u : 2.0 * u;
  }
  const auto fit = ClusterRegression::fit(x, y, 2);
  ASSERT_TRUE(fit);
  EXPECT_LT(fit->residuals(x, y).norm(), 1e-10);
  DenseMatrix other(2, 2);
  other << 1.0, 1.5, 9.0, 52.5;
  EXPECT_LT(fit->residuals(other, vector_of({3.0, -57.5})).norm(), 1e-10);
  EXPECT_GT(regression_rmse(x, y), 1.0);
}

TEST(ClusterRegression, IsNotDefinedForTooFewOrConstantValues) {
  DenseMatrix x(8, 2);
  for (Eigen::Index i = 0; i < 8; ++i) x.row(i) << double(i), double(i * i);
  const DenseVector y = x.col(1);
  EXPECT_TRUE(ClusterRegression::fit(x, y, 2));
  EXPECT_FALSE(ClusterRegression::fit(x, y, 3));
  DenseMatrix constant = x;
  constant.col(0).setConstant(300.1);
  EXPECT_FALSE(ClusterRegression::fit(constant, y, 2));
  x(3, 0) = std::nan("");
  EXPECT_FALSE(ClusterRegression::fit(x, y, 2));
}

} // namespace
} // namespace glebe
