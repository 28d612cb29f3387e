// SPDX-License-Identifier: BSD-3-Clause
// Criteria and ranks of designs, by hand.
#include "glebe/estimation/design/design.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

constexpr double rounding = 1e-13;

TEST(Design, Criteria) {
  VerdictContext context;
  context.controls = {{"thermal_conductivity", Parameter::thermal_conductivity, 0.0, 10.0, 0.0},
                      {"deep_temperature", Parameter::deep_temperature, 280.0, 300.0, 0.0}};
  const std::vector<double> estimate{2.0, 290.0};
  // Standard deviations 0.2 W m-1 K-1 and 1 K with a correlation of 0.6, in parts of the ranges.
  GaussianPosterior posterior;
  posterior.covariance = DenseMatrix{{4e-4, 6e-4}, {6e-4, 25e-4}};
  posterior.averaging_kernel = DenseMatrix{{0.9, 0.1}, {0.1, 0.7}};
  const double a = 0.1, b = 1.0 / (20.0 / std::sqrt(12.0));
  const auto criterion = [&](Criterion which, std::vector<std::size_t> controls) {
    return criterion_of({which, std::move(controls)}, context, estimate, posterior);
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
