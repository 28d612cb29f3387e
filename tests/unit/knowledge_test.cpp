// SPDX-License-Identifier: BSD-3-Clause
// Small dense pieces of the analysis: posterior of one column, independence of residuals,
// likelihood intervals, criteria and ranks of designs.
#include "glebe/base/random.hpp"
#include "glebe/estimation/design/design.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/estimation/uncertainty/profile.hpp"
#include "glebe/estimation/uncertainty/residuals.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

constexpr double rounding = 1e-13;

TEST(Knowledge, IsTheInverseOnTheFreeControls) {
  // The inverse of {{4, 1}, {1, 3}} is {{3, -1}, {-1, 4}} / 11; the second control is held.
  const std::vector<double> G{3.0, 7.0, 1.0, 7.0, 9.0, 2.0, 1.0, 2.0, 2.5};
  const std::vector<double> prior{1.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.5};
  const std::vector<std::size_t> free{0, 2};
  const Knowledge known = knowledge(G, prior, free);
  EXPECT_NEAR(known.covariance[0], 3.0 / 11.0, rounding);
  EXPECT_NEAR(known.covariance[2], -1.0 / 11.0, rounding);
  EXPECT_NEAR(known.covariance[8], 4.0 / 11.0, rounding);
  EXPECT_TRUE(std::isnan(known.covariance[1]));
  EXPECT_TRUE(std::isnan(known.covariance[4]));
  // P G = {{3, -1}, {-1, 4}} {{3, 1}, {1, 2.5}} / 11
  EXPECT_NEAR(known.averaging_kernel[0], 8.0 / 11.0, rounding);
  EXPECT_NEAR(known.averaging_kernel[6], 1.0 / 11.0, rounding);
  EXPECT_NEAR(known.degrees_of_freedom, 17.0 / 11.0, rounding);
}

// What is known from a covariance alone is the same, and so is what stood beside the data.
TEST(Knowledge, ComesFromItsCovarianceToo) {
  const std::vector<double> G{3.0, 7.0, 1.0, 7.0, 9.0, 2.0, 1.0, 2.0, 2.5};
  const std::vector<double> prior{1.0, 0.0, 0.3, 0.0, 5.0, 0.0, 0.3, 0.0, 0.5};
  const Knowledge known = knowledge(G, prior, std::vector<std::size_t>{0, 2});
  const Knowledge again = knowledge_of(known.covariance, G);
  EXPECT_NEAR(again.degrees_of_freedom, known.degrees_of_freedom, rounding);
  EXPECT_NEAR(again.averaging_kernel[6], known.averaging_kernel[6], rounding);
  const std::vector<double> beside = precision_beside(known.covariance, G);
  for (const std::size_t i : {0, 2, 6, 8}) EXPECT_NEAR(beside[i], prior[i], 1e-12);
  for (const std::size_t i : {1, 3, 4, 5, 7}) EXPECT_EQ(beside[i], 0.0);
}

TEST(Knowledge, OfNothing) {
  const std::vector<double> nothing(4, 0.0), no_prior(4, 0.0);
  const std::vector<std::size_t> free{0, 1};
  EXPECT_TRUE(std::isnan(knowledge(nothing, no_prior, free).degrees_of_freedom));
  EXPECT_EQ(knowledge(nothing, no_prior, {}).degrees_of_freedom, 0.0);
}

/// An undetermined direction must not spoil what is known of others: the variance that stands for
/// "none" is so large that rounding in an eigenvector would carry it there.
TEST(Knowledge, UndeterminedDirectionsStayApart) {
  // Rows see a and b + c; a is correlated with b + c.
  std::vector<double> G(9, 0.0);
  for (const auto& row : {std::vector{300.0, 70.0, 70.0}, std::vector{-50.0, 90.0, 90.0},
                          std::vector{10.0, 33.3, 33.3}})
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t j = 0; j < 3; ++j) G[k * 3 + j] += row[k] * row[j];
  const Knowledge known =
      knowledge(G, std::vector<double>(9, 0.0), std::vector<std::size_t>{0, 1, 2});
  const double expected = G[4] / (G[0] * G[4] - G[1] * G[1]);
  EXPECT_NEAR(known.covariance[0] / expected, 1.0, 1e-9);
  EXPECT_GT(known.covariance[4], 1e6);
}

std::vector<double> autoregressive(std::uint64_t seed, std::size_t n, double rho) {
  std::vector<double> series;
  double value = random_normal(seed, 0, 0, 0);
  for (std::size_t k = 0; k < n; ++k) {
    series.push_back(value);
    value = rho * value + std::sqrt(1.0 - rho * rho) * random_normal(seed, 1, k, 0);
  }
  return series;
}

/// The time of an autoregressive series is (1 + rho) / (1 - rho). Its estimate from n values has a
/// relative standard deviation of about sqrt(2 (2 W + 1) / n) (Sokal 1997) with W some 5 times: 7 %
/// here.
TEST(Residuals, TimeOfAnAutoregressiveSeries) {
  for (const double rho : {0.5, 0.8}) {
    const Independence found = independence(autoregressive(1, 40000, rho));
    EXPECT_NEAR(found.lag_one, rho, 0.02);
    EXPECT_NEAR(found.time / ((1.0 + rho) / (1.0 - rho)), 1.0, 0.2);
    EXPECT_NEAR(found.effective * found.time, 40000.0, 1e-6);
  }
}

/// White noise: 2.3 % of series have a first coefficient beyond two standard deviations, give or
/// take 0.5 % in 1,000 series.
TEST(Residuals, WhiteNoiseIsLeftAlone) {
  int noticed = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    noticed += independence(autoregressive(100 + seed, 200, 0.0)).time > 1.0;
  EXPECT_GT(noticed, 5);
  EXPECT_LT(noticed, 40);
}

TEST(Residuals, GapsAndBias) {
  std::vector<double> series = autoregressive(7, 40000, 0.8);
  for (std::size_t k = 0; k < series.size(); k += 3) series[k] = std::nan("");
  const Independence with_gaps = independence(series);
  EXPECT_NEAR(with_gaps.lag_one, 0.8, 0.02);
  EXPECT_NEAR(with_gaps.effective * with_gaps.time, 26666.0, 1e-6);
  // A common bias is an error that never changes.
  std::vector<double> biased = autoregressive(8, 1000, 0.0);
  for (double& r : biased) r += 3.0;
  EXPECT_LT(independence(biased).effective, 20.0);
  EXPECT_EQ(independence(std::vector<double>(5, std::nan(""))).effective, 0.0);
}

TEST(Profile, IntervalOfAParabola) {
  std::vector<double> value, cost;
  for (int i = -6; i <= 6; ++i) {
    value.push_back(2.0 + 0.25 * i); // half a standard deviation of 0.5 apart
    cost.push_back(10.0 + 0.5 * 0.25 * i * i);
  }
  const Interval found = likelihood_interval(value, cost, 2.0, 10.0);
  EXPECT_NEAR(found.lower, 1.5, rounding);
  EXPECT_NEAR(found.upper, 2.5, rounding);
  EXPECT_NEAR(likelihood_interval(value, cost, 2.0, 10.0, 2.0).upper, 3.0, rounding);
  cost[9] = std::nan(""); // a point without a minimum is passed over
  EXPECT_NEAR(likelihood_interval(value, cost, 2.0, 10.0).upper, 2.5, rounding);
}

TEST(Profile, FlatSidesHaveNoEnd) {
  const std::vector<double> value{0.0, 1.0, 2.0, 3.0, 4.0};
  const std::vector<double> cost{9.0, 4.0, 1.0, 1.1, 1.2};
  const Interval found = likelihood_interval(value, cost, 2.0, 1.0);
  EXPECT_GT(found.lower, 1.0);
  EXPECT_TRUE(std::isnan(found.upper));
}

TEST(Design, Criteria) {
  VerdictContext context;
  context.controls = {{"thermal_conductivity", Parameter::thermal_conductivity, 0.0, 10.0, 0.0},
                      {"deep_temperature", Parameter::deep_temperature, 280.0, 300.0, 0.0}};
  const std::vector<double> estimate{2.0, 290.0};
  // Standard deviations 0.2 W m-1 K-1 and 1 K with a correlation of 0.6, in parts of the ranges.
  const std::vector<double> covariance{4e-4, 6e-4, 6e-4, 25e-4};
  const std::vector<double> kernel{0.9, 0.1, 0.1, 0.7};
  const double a = 0.1, b = 1.0 / (20.0 / std::sqrt(12.0));
  const auto criterion = [&](Criterion which, std::vector<std::size_t> controls) {
    return criterion_of({which, std::move(controls)}, context, estimate, covariance, kernel);
  };
  EXPECT_NEAR(criterion(Criterion::largest_std, {0, 1}), b, rounding);
  EXPECT_NEAR(criterion(Criterion::largest_std, {0}), a, rounding);
  EXPECT_NEAR(criterion(Criterion::volume, {0, 1}), std::sqrt(a * b * std::sqrt(1 - 0.36)),
              rounding);
  EXPECT_NEAR(criterion(Criterion::degrees_of_freedom, {0, 1}), 1.6, rounding);
}

TEST(Design, Ranks) {
  const std::vector<double> values{0.3, std::nan(""), 0.1, 0.3, 0.2};
  EXPECT_EQ(ranks_of(values, false), (std::vector<std::size_t>{3, 5, 1, 4, 2}));
  EXPECT_EQ(ranks_of(values, true), (std::vector<std::size_t>{1, 5, 4, 2, 3}));
}

} // namespace
} // namespace glebe
