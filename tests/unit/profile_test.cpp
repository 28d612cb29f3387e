// SPDX-License-Identifier: BSD-3-Clause
// Where a profile rises above its least.
#include "glebe/estimation/uncertainty/profile.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

constexpr double rounding = 1e-13;

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

} // namespace
} // namespace glebe
