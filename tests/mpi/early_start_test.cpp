// SPDX-License-Identifier: BSD-3-Clause
// Searches of columns that begin with the first part of the window end where all others do.
#include "glebe/base/log.hpp"
#include "glebe/estimation/search/column_newton.hpp"
#include "glebe/estimation/search/early_start.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>

#include "petsc_environment.hpp"
#include "synthetic_region.hpp"

namespace glebe {
namespace {

constexpr std::size_t n_hour = 120 * 24, n_early = n_hour / 16;

struct Found {
  Minimisation minimum;
  DenseMatrix x;      ///< [column][k]
  DenseMatrix stds;   ///< the same, of the Gauss-Newton block
  std::int64_t early; ///< runs over the first part, of this rank
  std::int64_t tangent;
};

class EarlyStart : public testing::Test {
protected:
  EarlyStart() : region(ranks, {{{"column", 5}}}, n_hour, 21) {}
  static void SetUpTestSuite() { register_column_newton(); }

  Found search(const Observations& observations, double early_part) {
    const ColumnProblem problem = region.problem_with(region.first_guess.schedule, observations);
    const Controls controls(ranks, region.first_guess);
    const PriorCoupling none(ranks, region.columns, controls, std::nullopt);
    Objective objective(ranks, problem, controls, none);
    OptimizerSettings settings;
    settings.method = OptimizerMethod::column_newton;
    MultiStart starts;
    starts.early_part = early_part;
    Found found{minimise(objective, controls.initial_x(), settings, starts, Log(false),
                         {.near = {}, .checkpoint = nullptr, .hook = {}}),
                {},
                {},
                objective.n_early(),
                objective.n_tangent()};
    const Vec x = found.minimum.x.handle();
    found.x = controls.of_columns(x);
    found.stds = found.x;
    const EvaluatedPoint point = objective.evaluate_at(x, Derivatives::blocks);
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      found.stds.row(Eigen::Index(c)) =
          objective.column_block(point, c).inverse().diagonal().cwiseSqrt();
    return found;
  }

  // The same minima, to a thousandth of a standard deviation.
  void expect_same(const Found& a, const Found& b) {
    for (Eigen::Index i = 0; i < a.x.size(); ++i)
      EXPECT_NEAR(a.x.data()[i], b.x.data()[i], 1e-3 * a.stds.data()[i]) << i;
    EXPECT_NEAR(a.minimum.cost_final, b.minimum.cost_final, 1e-9 * a.minimum.cost_final);
    EXPECT_TRUE(a.minimum.converged && b.minimum.converged);
  }

  // Calls change(value, inverse_sigma) for what a column of this rank has seen in the first part.
  template <class Change>
  Observations with(std::size_t column, Change change) {
    Observations some = region.observations;
    for (std::size_t s = 0; s < some.streams.size(); ++s)
      for (std::size_t k = 0; k < some.streams[s].times.size(); ++k) {
        if (some.streams[s].times[k] > 3600.0 * n_early) break;
        const std::size_t at = some.position(s, column, k);
        change(some.streams[s].value[at], some.streams[s].inverse_sigma[at]);
      }
    return some;
  }
  std::size_t n_column() const { return region.columns.n_local(); }

  Ranks ranks;
  SyntheticRegion region;
};

TEST_F(EarlyStart, EndsAtTheSameMinimumWithFewerPasses) {
  const Found all = search(region.observations, 0.0), early = search(region.observations, 0.0625);
  expect_same(all, early);
  EXPECT_EQ(all.early, 0);
  if (n_column() == 0) return;
  EXPECT_GT(early.early, 0);
  EXPECT_LE(early.tangent, 4 * static_cast<std::int64_t>(n_column()));
  EXPECT_LT(early.tangent, all.tangent);
  for (std::size_t c = 0; c < n_column(); ++c)
    EXPECT_DOUBLE_EQ(early.minimum.columns.first_cost[c], all.minimum.columns.first_cost[c]);
}

// Values that are wrong at first lead away from the minimum of all of them.
TEST_F(EarlyStart, AFirstPartThatMisleadsCostsPassesAlone) {
  for (const double error : {8.0, -8.0}) {
    Observations misleading = region.observations;
    if (n_column() > 0) misleading = with(0, [&](double& value, float&) { value += error; });
    expect_same(search(misleading, 0.0), search(misleading, 0.0625));
  }
}

// The column with nothing to begin with is searched as if the others were not.
TEST_F(EarlyStart, AColumnThatSeesNothingAtFirstBeginsWithAll) {
  Observations late = region.observations;
  if (n_column() > 0)
    late = with(0, [](double& value, float& inverse_sigma) {
      value = std::nan("");
      inverse_sigma = 0.0F;
    });
  const Found all = search(late, 0.0), early = search(late, 0.0625);
  expect_same(all, early);
  if (n_column() > 0) {
    EXPECT_EQ(all.x.row(0), early.x.row(0));
  }
}

// Of a search that began at 0.2, where the cost is 1, and was brought to 0.6.
TEST(GoBack, WhereTheEarlyEndIsNoBetter) {
  const auto told = [](bool failed, double cost) {
    LevenbergMarquardt search(DenseVector{{0.6}}, {1.0, 3.0, 1e-3});
    search.tell(failed, cost, DenseVector{{0.5}}, DenseMatrix{{1.0}}, {});
    std::vector<LaneSearch> searches{{0, {}, search, DenseVector{{0.2}}}};
    EXPECT_EQ(go_back(searches).size(), failed || cost > 1.0 ? 1u : 0u);
    EXPECT_EQ(searches[0].start.size(), 0);
    return searches[0].iteration;
  };
  const LevenbergMarquardt better = told(false, 0.9);
  EXPECT_EQ(better.x()[0], 0.6);
  EXPECT_EQ(better.first_cost(), 1.0);
  for (const LevenbergMarquardt& worse : {told(false, 1.1), told(true, 0.0)}) {
    EXPECT_TRUE(worse.active());
    EXPECT_EQ(worse.trial()[0], 0.2);
  }
}

TEST_F(EarlyStart, Part) {
  const Controls controls(ranks, region.first_guess);
  const PriorCoupling none(ranks, region.columns, controls, std::nullopt);
  const auto steps = [&](const ColumnProblem& problem, double part) {
    return early_steps(Objective(ranks, problem, controls, none), part);
  };
  const ColumnProblem problem = region.problem();
  EXPECT_EQ(steps(problem, 0.0), 0u);
  EXPECT_EQ(steps(problem, 0.0625), n_early);
  EXPECT_EQ(steps(problem, 0.25), n_hour / 4);
  const SyntheticRegion odd(ranks, {{{"column", 1}}}, n_hour + 3, 21);
  EXPECT_EQ(steps(odd.problem(), 0.25), n_hour / 4);
  ColumnProblem spun_up = problem;
  spun_up.form.initial = Initial::spinup;
  EXPECT_EQ(steps(spun_up, 0.25), 0u);
  const SyntheticRegion month(ranks, {{{"column", 1}}}, 30 * 24, 21);
  EXPECT_EQ(steps(month.problem(), 0.0625), 5u * 24); // five days at least
  const SyntheticRegion short_of_it(ranks, {{{"column", 1}}}, 20 * 24 - 1, 21);
  EXPECT_EQ(steps(short_of_it.problem(), 0.25), 0u);
}

} // namespace
} // namespace glebe
