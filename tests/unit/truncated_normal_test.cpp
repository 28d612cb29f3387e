// SPDX-License-Identifier: BSD-3-Clause
// Gaussians confined to the bounds of their controls, against formulae and against rejection.
#include "glebe/base/normal_distribution.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/uncertainty/truncated_normal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(NormalDistribution, QuantileIsTheInverseOfTheProbability) {
  for (const double z : {-37.0, -20.0, -6.0, -2.5, -1.0, -1e-3, 0.0, 0.7, 3.0})
    EXPECT_NEAR(normal_quantile(normal_probability(z)), z, 1e-9 * std::max(1.0, std::abs(z))) << z;
  EXPECT_NEAR(normal_probability(1.0) - normal_probability(-1.0), one_sigma, 1e-15);
}

/// Between 40 and 41 standard deviations the density is nearly an exponential. The tail beyond z is
/// the density over z, less a relative 1 / z^2.
TEST(NormalDistribution, IsKnownFarInItsTails) {
  const double tail = -0.5 * 1600.0 - 0.5 * std::log(2.0 * M_PI) - std::log(40.0);
  EXPECT_NEAR(log_probability_between(40.0, infinity), tail, 1.0 / 1600.0);
  EXPECT_NEAR(log_probability_between(-infinity, -40.0), tail, 1.0 / 1600.0);
  EXPECT_NEAR(quantile_between(40.0, infinity, 0.5), 40.0 + std::log(2.0) / 40.0, 1e-4);
  EXPECT_NEAR(quantile_between(-infinity, -40.0, 0.5), -40.0 - std::log(2.0) / 40.0, 1e-4);
  // The two formulae meet where one takes over from the other.
  EXPECT_NEAR(log_probability_between(-infinity, -36.999),
              log_probability_between(-infinity, -37.001), 0.08);
}

Interval alone(double mean, double std) {
  return truncated_intervals(DenseVector{{mean}}, DenseMatrix{{std * std}}).front();
}

/// Without felt bounds it is one standard deviation either way.
TEST(TruncatedIntervals, AreThoseOfTheGaussianFarFromBounds) {
  const Interval found = alone(0.5, 0.1);
  EXPECT_EQ(found.lower, 0.5 - 0.1);
  EXPECT_EQ(found.upper, 0.5 + 0.1);
  const Interval nearly = alone(0.5, 0.126);
  EXPECT_NEAR(nearly.lower, 0.5 - 0.126, 1e-4);
  EXPECT_NEAR(nearly.upper, 0.5 + 0.126, 1e-4);
}

/// A Gaussian with its mean on a bound: its absolute value is within one standard deviation with
/// the same probability. Beyond the bound the interval solves 1 - Q(u) / Q(0) = 0.683.
TEST(TruncatedIntervals, StartAtTheBoundWhereTheDensityFallsFromThere) {
  const double std = 0.01;
  const Interval at = alone(0.0, std);
  EXPECT_EQ(at.lower, 0.0);
  EXPECT_NEAR(at.upper, std, 2e-3 * std);
  for (const double distance : {1.0, 5.0, 45.0}) {
    const double end = quantile_between(distance, infinity, one_sigma) - distance;
    const Interval beyond = alone(-distance * std, std);
    EXPECT_EQ(beyond.lower, 0.0);
    EXPECT_NEAR(beyond.upper, std * end, 4e-3 * std * end) << distance;
    const Interval above = alone(1.0 + distance * std, std);
    EXPECT_EQ(above.upper, 1.0);
    EXPECT_NEAR(above.lower, 1.0 - std * end, 4e-3 * std * end) << distance;
  }
}

/// However hard the data push at a bound, and however much they say, there is an interval.
TEST(TruncatedIntervals, MayBeTiny) {
  for (const double std : {1e-6, 1e-9, 1e-12, 1e-16})
    for (const double mean : {0.3, 1e-6, 0.0, -0.5, -1e3}) {
      const Interval found = alone(mean, std);
      const double best = std::max(mean, 0.0);
      EXPECT_NEAR(found.lower, best, 1.1 * std + 1e-12);
      EXPECT_NEAR(found.upper, best, 1.1 * std + 1e-12);
      EXPECT_LE(found.lower, found.upper);
      EXPECT_GE(found.lower, std::min(best, 0.0));
    }
}

/// Twenty controls, all of which feel their bounds and are a little correlated.
TEST(TruncatedIntervals, OfManyControls) {
  const Eigen::Index n = 20;
  const double std = 0.2, rho = 0.1;
  const DenseMatrix covariance =
      std * std * ((1.0 - rho) * DenseMatrix::Identity(n, n) + rho * DenseMatrix::Ones(n, n));
  const DenseVector mean = DenseVector::Constant(n, 0.5);
  const Interval found = truncated_intervals(mean, covariance).front(), single = alone(0.5, std);
  // Each by itself loses 1.2 % of its probability: together they keep three quarters of it, and
  // the interval of one is hardly narrower.
  EXPECT_NEAR(found.upper, single.upper, 0.02 * std);
  EXPECT_NEAR(found.upper - 0.5, 0.5 - found.lower, 0.01 * std);
}

/// A standard deviation much wider than the bounds leaves a uniform distribution.
TEST(TruncatedIntervals, OfAnUndeterminedControlHaveTheirPartOfTheRange) {
  const Interval found = alone(0.3, 1e6);
  EXPECT_NEAR(found.upper - found.lower, one_sigma, 3e-3);
}

/// The shortest interval of samples that the bounds accept, of 400,000 drawn.
std::vector<Interval> by_rejection(const DenseVector& mean, const DenseMatrix& covariance,
                                   std::size_t n) {
  const DenseMatrix root = root_of(covariance);
  std::vector<std::vector<double>> kept(std::size_t(mean.size()));
  DenseVector z(mean.size());
  for (std::size_t i = 0; i < n; ++i) {
    for (Eigen::Index k = 0; k < z.size(); ++k) z[k] = random_normal(3, i, std::uint64_t(k), 0);
    const DenseVector x = mean + root * z;
    if (x.minCoeff() < 0.0 || x.maxCoeff() > 1.0) continue;
    for (Eigen::Index k = 0; k < z.size(); ++k) kept[std::size_t(k)].push_back(x[k]);
  }
  std::vector<Interval> found;
  for (std::vector<double>& of_control : kept) {
    std::ranges::sort(of_control);
    const auto part = static_cast<std::size_t>(one_sigma * double(of_control.size()));
    std::size_t best = 0;
    for (std::size_t i = 0; i + part < of_control.size(); ++i)
      if (of_control[i + part] - of_control[i] < of_control[best + part] - of_control[best])
        best = i;
    found.push_back({of_control[best], of_control[best + part]});
  }
  return found;
}

/// Probability of an interval among the samples would be flat at its optimum: its ends are known to
/// (1 / n)^(1/3), its length much better.
void expect_like_rejection(const DenseVector& mean, const DenseMatrix& covariance) {
  const std::vector<Interval> found = truncated_intervals(mean, covariance),
                              sampled = by_rejection(mean, covariance, 400'000);
  for (std::size_t k = 0; k < found.size(); ++k) {
    const double length = sampled[k].upper - sampled[k].lower;
    EXPECT_NEAR(found[k].upper - found[k].lower, length, 0.02 * length) << k;
    EXPECT_NEAR(found[k].lower, sampled[k].lower, 0.1 * length) << k;
    EXPECT_NEAR(found[k].upper, sampled[k].upper, 0.1 * length) << k;
  }
}

TEST(TruncatedIntervals, OfACorrelatedPartnerAgreeWithRejection) {
  const double a = 0.02, b = 0.03, ab = 0.95 * a * b;
  expect_like_rejection(DenseVector{{-0.01, 0.5}}, DenseMatrix{{a * a, ab}, {ab, b * b}});
}

TEST(TruncatedIntervals, WithSeveralFeltBoundsAgreeWithRejection) {
  const DenseMatrix root{{0.3, 0.0, 0.0, 0.0},
                         {0.25, 0.1, 0.0, 0.0},
                         {-0.1, 0.2, 0.15, 0.0},
                         {0.05, -0.05, 0.1, 0.02}};
  expect_like_rejection(DenseVector{{0.1, 0.2, 0.8, 0.6}}, root * root.transpose());
}

/// Only the sum of two controls is known: each may be anything that leaves the other within its
/// bounds, between 0.2 and 1 for a sum of 1.2.
TEST(TruncatedIntervals, OfACombinationEndWhereThePartnersBoundsEnd) {
  const double wide = 100.0, narrow = 1e-3;
  const DenseMatrix along{{1.0, -1.0}, {-1.0, 1.0}}, across{{1.0, 1.0}, {1.0, 1.0}};
  const auto found = truncated_intervals(
      DenseVector{{0.6, 0.6}}, 0.5 * wide * wide * along + 0.5 * narrow * narrow * across);
  for (const Interval& of_control : found) {
    EXPECT_NEAR(of_control.upper - of_control.lower, one_sigma * 0.8, 0.01);
    EXPECT_GT(of_control.lower, 0.19);
    EXPECT_LE(of_control.upper, 1.0);
  }
}

} // namespace
} // namespace glebe
