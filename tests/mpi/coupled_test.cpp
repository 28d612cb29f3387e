// SPDX-License-Identifier: BSD-3-Clause
// Controls that columns share, against a Gauss-Newton iteration with dense matrices on one rank.
#include "glebe/base/log.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>
#include <optional>

#include "coupled_region.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

using namespace coupled;

// Where P takes value k of a column from in x: first the two own values of each column, then two
// classes, capacity, deep temperature.
Eigen::Index place(std::size_t cell, std::size_t k) {
  constexpr std::size_t first_shared = 2 * n_y * n_x;
  switch (k) {
  case 0:
    return first_shared + (cell % 3 == 0 ? 1 : 0);
  case 1:
    return first_shared + 2;
  case 4:
    return first_shared + 3;
  default:
    return 2 * cell + (k - 2);
  }
}

// The number of the domain's heat capacity.
constexpr std::size_t capacity = 2 * n_y * n_x + 2;

// The minimum by Gauss-Newton steps, short ones at first, with P as a dense matrix; no bound is
// active there. One control may be held where it starts.
DenseVector dense_reference(const std::optional<std::size_t>& held = {}) {
  const Ranks alone(MPI_COMM_SELF);
  const SyntheticRegion all = region(alone);
  const ParameterValues values = shared_values(all);
  const Observations observations = observe_shared(all);
  const ColumnProblem problem = all.problem_with(values.schedule, observations);
  constexpr std::size_t n_cell = n_y * n_x, n = 2 * n_cell + 4;
  const std::size_t m = values.controls.size();
  std::vector<Direction> directions;
  for (const Control& control : values.controls) directions.push_back({control.slot});
  const auto scale = [&](std::size_t k) {
    return values.controls[k].upper - values.controls[k].lower;
  };
  DenseVector x = DenseVector::Constant(n, 0.5);
  for (int iteration = 0; iteration < 60; ++iteration) {
    DenseMatrix parameters = values.first_guess;
    for (std::size_t c = 0; c < n_cell; ++c)
      for (std::size_t k = 0; k < m; ++k)
        parameters(Eigen::Index(c), Eigen::Index(values.controls[k].value)) =
            values.controls[k].lower + scale(k) * x[place(c, k)];
    const Evaluation found = run_columns(problem, all_columns(n_cell), parameters, directions);
    DenseMatrix H = DenseMatrix::Zero(n, n);
    DenseVector step = DenseVector::Zero(n);
    for (std::size_t c = 0; c < n_cell; ++c)
      for (std::size_t k = 0; k < m; ++k) {
        step[place(c, k)] -= scale(k) * found.gradient(Eigen::Index(c), Eigen::Index(k));
        for (std::size_t j = 0; j < m; ++j)
          H(place(c, k), place(c, j)) +=
              scale(k) * scale(j) * found.gauss_newton[c](Eigen::Index(k), Eigen::Index(j));
      }
    for (Eigen::Index i = 0; i < Eigen::Index(n); ++i) {
      const std::size_t k = i < Eigen::Index(2 * n_cell) ? 2 + std::size_t(i % 2)
                            : i == Eigen::Index(n) - 1   ? 4
                                                         : 0;
      if (values.controls[k].prior_std == 0.0) continue;
      const double weight = std::pow(scale(k) / values.controls[k].prior_std, 2);
      H(i, i) += weight;
      step[i] -= weight * (x[i] - 0.5);
    }
    if (held) {
      const auto i = Eigen::Index(*held);
      H.row(i).setZero();
      H.col(i).setZero();
      H(i, i) = 1.0;
      step[i] = 0.0;
    }
    step = H.llt().solve(step).eval();
    const double largest = step.lpNorm<Eigen::Infinity>();
    constexpr double longest = 0.1;
    x += std::min(1.0, longest / largest) * step;
    if (largest < 1e-13) break;
  }
  return x;
}

struct Way {
  OptimizerMethod method;
  GradientMethod gradient; ///< by the adjoint: Newton's method with products instead of blocks
};

Minimisation minimum_by(const Ranks& ranks, const Way& way,
                        const std::optional<NearMinimum>& near = {}) {
  const SyntheticRegion here = region(ranks);
  const Controls controls(ranks, shared_values(here));
  const PriorCoupling coupling(ranks, here.columns, controls, std::nullopt);
  const Observations observations = observe_shared(here);
  const ColumnProblem problem = here.problem_with(here.first_guess.schedule, observations);
  Objective objective(ranks, problem, controls, coupling);
  EXPECT_FALSE(objective.separable());
  OptimizerSettings settings;
  settings.method = way.method;
  settings.gradient = way.gradient;
  settings.gradient_tolerance = 1e-13;
  settings.max_iterations = 50;
  return minimise(objective, controls.initial_x(), settings, {}, Log(false),
                  {.near = near, .checkpoint = nullptr, .hook = {}});
}

// Rounding of the cost ends the iteration where the gradient is 1e-13 of the first; the least
// determined combination of controls then is right to 1e-9.
constexpr double tolerance = 1e-9;

class SharedControls : public testing::TestWithParam<Way> {};

void expect_minimum(const Minimisation& found, const DenseVector& expected) {
  const ReadArray local(found.x.handle());
  PetscInt first = 0, last = 0;
  GLEBE_PETSC(VecGetOwnershipRange(found.x.handle(), &first, &last));
  for (PetscInt i = first; i < last; ++i)
    EXPECT_NEAR(local[static_cast<std::size_t>(i - first)], expected[i], tolerance)

        << "control " << i;
}

TEST_P(SharedControls, AgreeWithDenseGaussNewton) {
  const Ranks ranks;
  expect_minimum(minimum_by(ranks, GetParam()), dense_reference());
}

TEST_P(SharedControls, AgreeWithDenseGaussNewtonWhileOneIsHeld) {
  const Ranks ranks;
  const DenseVector expected = dense_reference(capacity);
  ASSERT_EQ(expected[capacity], 0.5);
  EXPECT_GT(std::abs(dense_reference()[capacity] - 0.5), 0.01);
  expect_minimum(minimum_by(ranks, GetParam(), NearMinimum{capacity, 1e-9}), expected);
}

INSTANTIATE_TEST_SUITE_P(Methods, SharedControls,
                         testing::Values(Way{OptimizerMethod::automatic, GradientMethod::automatic},
                                         Way{OptimizerMethod::bnls, GradientMethod::automatic},
                                         Way{OptimizerMethod::bntl, GradientMethod::automatic},
                                         Way{OptimizerMethod::automatic, GradientMethod::adjoint},
                                         Way{OptimizerMethod::bnls, GradientMethod::adjoint}));

// Ten thousand steps must not leave so much rounding in the gradient that it does not decrease any
// more before it is small enough.
TEST(YearOfHours, ConvergesByNewtonsMethod) {
  const Ranks ranks;
  const SyntheticRegion year(ranks, {{{"column", 8}}}, hours_of_year, 51);
  const ColumnProblem problem = year.problem();
  const Controls controls(ranks, year.first_guess);
  const PriorCoupling none(ranks, year.columns, controls, std::nullopt);
  Objective objective(ranks, problem, controls, none);
  OptimizerSettings settings;
  settings.method = OptimizerMethod::bntr;
  const Minimisation minimum = minimise(objective, controls.initial_x(), settings, {}, Log(false));
  EXPECT_TRUE(minimum.converged) << minimum.reason;
  EXPECT_LE(minimum.iterations, 15);
}

TEST(SharedControls, MapAndTransposeAreAdjoint) {
  const Ranks ranks;
  const SyntheticRegion here = region(ranks);
  const Controls controls(ranks, shared_values(here));
  const Vector x = controls.make_vector(), g = controls.make_vector();
  {
    WriteArray local(x.handle());
    for (std::size_t i = 0; i < controls.n_local(); ++i)
      local[i] = std::sin(1.0 + double(controls.first() + i));
  }
  DenseMatrix w(controls.n_column(), controls.per_column());
  for (Eigen::Index i = 0; i < w.size(); ++i) w.data()[i] = std::cos(double(i));
  const double left = w.cwiseProduct(controls.of_columns(x.handle())).sum();
  double right = 0.0;
  controls.add_transposed(w, g.handle());
  GLEBE_PETSC(VecDot(x.handle(), g.handle(), &right));
  EXPECT_NEAR(ranks.sum(left), right, 1e-13 * std::abs(right) + 1e-13);
}

// Tangent and adjoint against the blocks at the same point, to the rounding of both; the entries
// that serve the preconditioner were filled at another one.
TEST(HessianProducts, AreThoseOfTheBlocksWithAllPriors) {
  const Ranks ranks;
  const SyntheticRegion here = region(ranks);
  const Controls controls(ranks, with_a_field(here));
  const PriorCoupling coupling(ranks, here.columns, controls, kilometre_grid());
  const ColumnProblem problem = here.problem();
  Objective objective(ranks, problem, controls, coupling);
  Hessian blocks(ranks, controls, coupling);
  DenseMatrix x_of_columns;
  Hessian products(ranks, controls, coupling,
                   [&](Vec v, Vec w) { objective.multiply(x_of_columns, v, w); });
  const Vector x = controls.initial_x(), v = controls.make_vector(),
               expected = controls.make_vector(), found = controls.make_vector();
  objective.fill(objective.start_at(x.handle(), Derivatives::blocks), products);
  GLEBE_PETSC(VecShift(x.handle(), 0.1));
  const EvaluatedPoint point = objective.evaluate_at(x.handle(), Derivatives::blocks);
  x_of_columns = point.x_of_columns;
  products.keep();
  objective.fill(point, blocks);
  {
    WriteArray local(v.handle());
    for (std::size_t i = 0; i < controls.n_local(); ++i)
      local[i] = std::sin(1.0 + double(controls.first() + i));
  }
  GLEBE_PETSC(MatMult(blocks.handle(), v.handle(), expected.handle()));
  GLEBE_PETSC(MatMult(products.handle(), v.handle(), found.handle()));
  PetscReal size = 0.0, difference = 0.0;
  GLEBE_PETSC(VecNorm(expected.handle(), NORM_INFINITY, &size));
  GLEBE_PETSC(VecAXPY(found.handle(), -1.0, expected.handle()));
  GLEBE_PETSC(VecNorm(found.handle(), NORM_INFINITY, &difference));
  EXPECT_GT(size, 0.0);
  EXPECT_LT(difference, 1e-11 * size);
}

} // namespace
} // namespace glebe
