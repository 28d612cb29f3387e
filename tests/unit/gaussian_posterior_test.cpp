// SPDX-License-Identifier: BSD-3-Clause
// The Gaussian posterior of one column, by hand.
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

constexpr double rounding = 1e-13;

// G and B^-1 of three controls, of which the second is held: the inverse of {{4, 1}, {1, 3}} is
// {{3, -1}, {-1, 4}} / 11.
const DenseMatrix G{{3.0, 7.0, 1.0}, {7.0, 9.0, 2.0}, {1.0, 2.0, 2.5}};
const std::vector<std::size_t> free_ones{0, 2};

TEST(GaussianPosterior, IsTheInverseOnTheFreeControls) {
  const DenseMatrix prior{{1.0, 0.0, 0.0}, {0.0, 5.0, 0.0}, {0.0, 0.0, 0.5}};
  const GaussianPosterior found = posterior_of(G, prior, free_ones);
  EXPECT_NEAR(found.covariance(0, 0), 3.0 / 11.0, rounding);
  EXPECT_NEAR(found.covariance(0, 2), -1.0 / 11.0, rounding);
  EXPECT_NEAR(found.covariance(2, 2), 4.0 / 11.0, rounding);
  EXPECT_TRUE(std::isnan(found.covariance(0, 1)));
  EXPECT_TRUE(std::isnan(found.covariance(1, 1)));
  // P G = {{3, -1}, {-1, 4}} {{3, 1}, {1, 2.5}} / 11
  EXPECT_NEAR(found.averaging_kernel(0, 0), 8.0 / 11.0, rounding);
  EXPECT_NEAR(found.averaging_kernel(2, 0), 1.0 / 11.0, rounding);
  EXPECT_NEAR(found.degrees_of_freedom, 17.0 / 11.0, rounding);
  // The eigenvalues of {{4, 1}, {1, 3}} are (7 +- sqrt 5) / 2.
  EXPECT_NEAR(found.condition_number, (7.0 + std::sqrt(5.0)) / (7.0 - std::sqrt(5.0)), rounding);
}

// What is known from a covariance alone is the same, and so is what stood beside the data.
TEST(GaussianPosterior, ComesFromItsCovarianceToo) {
  const DenseMatrix prior{{1.0, 0.0, 0.3}, {0.0, 5.0, 0.0}, {0.3, 0.0, 0.5}};
  const GaussianPosterior known = posterior_of(G, prior, free_ones);
  const GaussianPosterior again = posterior_of({known.covariance, known.condition_number}, G);
  EXPECT_NEAR(again.degrees_of_freedom, known.degrees_of_freedom, rounding);
  EXPECT_NEAR(again.averaging_kernel(2, 0), known.averaging_kernel(2, 0), rounding);
  const DenseMatrix beside = precision_without_data(known.covariance, G);
  for (Eigen::Index i = 0; i < 3; ++i)
    for (Eigen::Index j = 0; j < 3; ++j)
      if (i == 1 || j == 1)
        EXPECT_EQ(beside(i, j), 0.0);
      else
        EXPECT_NEAR(beside(i, j), prior(i, j), 1e-12);
}

TEST(GaussianPosterior, OfNothing) {
  const DenseMatrix nothing = DenseMatrix::Zero(2, 2);
  EXPECT_TRUE(std::isnan(posterior_of(nothing, nothing, {0, 1}).degrees_of_freedom));
  EXPECT_EQ(posterior_of(nothing, nothing, {}).degrees_of_freedom, 0.0);
}

/// An undetermined direction must not spoil what is known of others: the variance that stands for
/// "none" is so large that rounding in an eigenvector would carry it there.
TEST(GaussianPosterior, UndeterminedDirectionsStayApart) {
  // Rows see a and b + c; a is correlated with b + c.
  const DenseMatrix J{{300.0, 70.0, 70.0}, {-50.0, 90.0, 90.0}, {10.0, 33.3, 33.3}};
  const DenseMatrix data = J.transpose() * J;
  const GaussianPosterior found = posterior_of(data, DenseMatrix::Zero(3, 3), {0, 1, 2});
  const double expected = data(1, 1) / (data(0, 0) * data(1, 1) - data(0, 1) * data(0, 1));
  EXPECT_NEAR(found.covariance(0, 0) / expected, 1.0, 1e-9);
  EXPECT_GT(found.covariance(1, 1), 1e6);
}

} // namespace
} // namespace glebe
