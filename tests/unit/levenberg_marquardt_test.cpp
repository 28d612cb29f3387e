// SPDX-License-Identifier: BSD-3-Clause
// The iteration of one column on least-squares problems whose minima are known.
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/search/levenberg_marquardt.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace glebe {
namespace {

using State = LevenbergMarquardt::State;

struct Residuals {
  DenseVector r;
  DenseMatrix J; ///< [residual][control]
};
using Problem = std::function<Residuals(const DenseVector&)>;

// Runs the iteration to its end; `fails` says where the model has no solution.
LevenbergMarquardt minimise(
    const Problem& problem, DenseVector start,
    const std::function<bool(const DenseVector&)>& fails = [](const auto&) { return false; }) {
  LevenbergMarquardt search(std::move(start));
  while (search.active()) {
    const auto [r, J] = problem(search.trial());
    for (const double x : search.trial()) {
      EXPECT_GE(x, 0.0);
      EXPECT_LE(x, 1.0);
    }
    search.tell(fails(search.trial()), 0.5 * r.squaredNorm(), J.transpose() * r, J.transpose() * J,
                {});
  }
  return search;
}

// Rosenbrock's valley with its minimum at (0.5, 0.25).
Residuals rosenbrock(const DenseVector& x) {
  return {DenseVector{{10.0 * (x[1] - x[0] * x[0]), 0.5 - x[0]}},
          DenseMatrix{{-20.0 * x[0], 10.0}, {-1.0, 0.0}}};
}

// A search that is written down and restored after every step takes the same steps.
TEST(LevenbergMarquardt, GoesOnFromItsRecord) {
  const auto fails = [](const DenseVector& x) { return x[1] > 0.9; };
  const LevenbergMarquardt whole = minimise(rosenbrock, DenseVector{{0.95, 0.05}}, fails);
  LevenbergMarquardt search(DenseVector{{0.95, 0.05}});
  std::vector<double> record(LevenbergMarquardt::record_size(2));
  // Stopped after every third iteration, and then allowed more.
  for (int most = 3; search.active() || search.state() == State::stalled; ++most) {
    search.extend({1e-9, 1e-8, most});
    while (search.active()) {
      search.save(record);
      search = LevenbergMarquardt::restored(record, 2);
      const auto [r, J] = rosenbrock(search.trial());
      search.tell(fails(search.trial()), 0.5 * r.squaredNorm(), J.transpose() * r,
                  J.transpose() * J, {1e-9, 1e-8, most});
    }
    ASSERT_LT(most, 200);
  }
  EXPECT_EQ(search.state(), whole.state());
  EXPECT_EQ(search.iterations(), whole.iterations());
  EXPECT_EQ(search.cost(), whole.cost());
  EXPECT_EQ(search.first_cost(), whole.first_cost());
  EXPECT_EQ(search.x(), whole.x());
}

TEST(LevenbergMarquardt, RefusesRecordsThatAreNone) {
  const LevenbergMarquardt search = minimise(rosenbrock, DenseVector{{0.95, 0.05}});
  std::vector<double> record(LevenbergMarquardt::record_size(2));
  search.save(record);
  for (std::size_t i = 0; i < record.size(); ++i) {
    std::vector<double> bad = record;
    bad[i] = std::nan("");
    // Whether it has started is a flag: any number but zero.
    if (i == 2) continue;
    EXPECT_THROW(LevenbergMarquardt::restored(bad, 2), InputError) << i;
  }
}

TEST(LevenbergMarquardt, FindsAMinimumInside) {
  const LevenbergMarquardt search = minimise(rosenbrock, DenseVector{{0.95, 0.05}});
  EXPECT_EQ(search.state(), State::converged);
  EXPECT_NEAR(search.x()[0], 0.5, 1e-7);
  EXPECT_NEAR(search.x()[1], 0.25, 1e-7);
  EXPECT_LE(search.iterations(), 25);
}

// A linear problem whose free minimum is (0.5, 1.5): held at x_1 = 1, the other is 0.75.
TEST(LevenbergMarquardt, HoldsControlsAtTheirBounds) {
  const Problem linear = [](const DenseVector& x) -> Residuals {
    return {DenseVector{{x[0] + 0.5 * x[1] - 1.25, x[1] - 1.5}},
            DenseMatrix{{1.0, 0.5}, {0.0, 1.0}}};
  };
  const LevenbergMarquardt search = minimise(linear, DenseVector{{0.1, 0.1}});
  EXPECT_EQ(search.state(), State::converged);
  EXPECT_EQ(search.x()[1], 1.0);
  EXPECT_NEAR(search.x()[0], 0.75, 1e-7);
}

// Wherever a step is cut short by bounds, what is called converged is a minimum: random linear
// problems whose free minima lie in and around the box.
TEST(LevenbergMarquardt, ConvergesAtMinimaAloneAmongBounds) {
  for (std::uint64_t number = 0; number < 2000; ++number) {
    const auto m = Eigen::Index(2 + number % 5);
    DenseMatrix J(m, m);
    DenseVector data(m), start(m);
    for (Eigen::Index i = 0; i < m; ++i) {
      data[i] = random_normal(number, std::uint64_t(i), 100, 0);
      start[i] = random_uniform({number, std::uint64_t(i)});
      for (Eigen::Index k = 0; k < m; ++k)
        J(i, k) = random_normal(number, std::uint64_t(i), std::uint64_t(k), 1);
    }
    const Problem linear = [&](const DenseVector& x) -> Residuals { return {J * x - data, J}; };
    const LevenbergMarquardt search = minimise(linear, start);
    EXPECT_EQ(search.state(), State::converged) << "problem " << number;
    EXPECT_LT(search.gradient_norm(), 1e-5) << "problem " << number;
  }
}

TEST(LevenbergMarquardt, LeavesABoundWhenTheCostFallsInside) {
  const LevenbergMarquardt search = minimise(rosenbrock, DenseVector{{0.0, 1.0}});
  EXPECT_NEAR(search.x()[0], 0.5, 1e-7);
}

// Only x_0 + x_1 enters: the block is singular, the sum is found nevertheless.
TEST(LevenbergMarquardt, CopesWithASingularBlock) {
  const Problem sum = [](const DenseVector& x) -> Residuals {
    const double s = x[0] + x[1];
    return {DenseVector{{s * s - 0.64, s - 0.8}}, DenseMatrix{{2 * s, 2 * s}, {1.0, 1.0}}};
  };
  const LevenbergMarquardt search = minimise(sum, DenseVector{{0.9, 0.8}});
  EXPECT_EQ(search.state(), State::converged);
  EXPECT_NEAR(search.x()[0] + search.x()[1], 0.8, 1e-7);
}

TEST(LevenbergMarquardt, TurnsBackWhereTheModelFails) {
  const auto fails = [](const DenseVector& x) { return x[1] > 0.6; };
  const LevenbergMarquardt search = minimise(rosenbrock, DenseVector{{0.9, 0.05}}, fails);
  EXPECT_EQ(search.state(), State::converged);
  EXPECT_NEAR(search.x()[0], 0.5, 1e-7);
}

TEST(LevenbergMarquardt, GivesUpWhereTheModelFailsAtOnce) {
  const LevenbergMarquardt search =
      minimise(rosenbrock, DenseVector{{0.5, 0.5}}, [](const auto&) { return true; });
  EXPECT_EQ(search.state(), State::failed);
  EXPECT_EQ(search.iterations(), 0);
}

} // namespace
} // namespace glebe
