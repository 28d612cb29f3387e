// SPDX-License-Identifier: BSD-3-Clause
// Controls that columns share, against a Gauss-Newton iteration with dense matrices on one rank.
#include "glebe/base/log.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <gtest/gtest.h>
#include <petscblaslapack.h>

#include <cmath>
#include <optional>

#include "coupled_region.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

using namespace coupled;

// Where P takes value k of a column from in x: first the two own values of each column, then two
// classes, capacity, deep temperature.
std::size_t place(std::size_t cell, std::size_t k) {
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

void solve_dense(std::vector<double> H, std::vector<double>& b) {
  const auto n = static_cast<PetscBLASInt>(b.size());
  const PetscBLASInt one = 1;
  PetscBLASInt status = 0;
  LAPACKpotrf_("L", &n, H.data(), &n, &status);
  ASSERT_EQ(status, 0);
  LAPACKpotrs_("L", &n, &one, H.data(), &n, b.data(), &n, &status);
  ASSERT_EQ(status, 0);
}

// The number of the domain's heat capacity.
constexpr std::size_t capacity = 2 * n_y * n_x + 2;

// The minimum by Gauss-Newton steps, short ones at first, with P as a dense matrix; no bound is
// active there. One control may be held where it starts.
std::vector<double> dense_reference(const std::optional<std::size_t>& held = {}) {
  const Ranks alone(MPI_COMM_SELF);
  const SyntheticRegion all = region(alone);
  const ParameterValues values = shared_values(all);
  const Observations observations = observe_shared(all);
  const ColumnProblem problem = all.problem_with(values.schedule, observations);
  const std::size_t n_cell = n_y * n_x, m = values.controls.size(), n = 2 * n_cell + 4;
  const std::size_t n_value = values.schedule.n_value();
  std::vector<Direction> directions;
  for (const Control& control : values.controls) directions.push_back({control.slot});
  std::vector<double> x(n, 0.5);
  for (int iteration = 0; iteration < 60; ++iteration) {
    std::vector<double> parameters = values.first_guess;
    for (std::size_t c = 0; c < n_cell; ++c)
      for (std::size_t k = 0; k < m; ++k) {
        const Control& control = values.controls[k];
        parameters[c * n_value + control.value] =
            control.lower + (control.upper - control.lower) * x[place(c, k)];
      }
    const Fit fit = run_columns(problem, all_columns(n_cell), parameters, directions);
    std::vector<double> H(n * n, 0.0), step(n, 0.0);
    for (std::size_t c = 0; c < n_cell; ++c)
      for (std::size_t k = 0; k < m; ++k) {
        const double scale = values.controls[k].upper - values.controls[k].lower;
        step[place(c, k)] -= scale * fit.gradient[c * m + k];
        for (std::size_t j = 0; j < m; ++j)
          H[place(c, k) * n + place(c, j)] +=
              scale * (values.controls[j].upper - values.controls[j].lower) *
              fit.gauss_newton[(c * m + k) * m + j];
      }
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t k = i < 2 * n_cell ? 2 + i % 2 : i == n - 1 ? 4 : 0;
      const Control& control = values.controls[k];
      if (control.prior_std == 0.0) continue;
      const double weight = std::pow((control.upper - control.lower) / control.prior_std, 2);
      H[i * n + i] += weight;
      step[i] -= weight * (x[i] - 0.5);
    }
    if (held) {
      for (std::size_t i = 0; i < n; ++i) H[i * n + *held] = H[*held * n + i] = 0.0;
      H[*held * n + *held] = 1.0;
      step[*held] = 0.0;
    }
    solve_dense(H, step);
    double largest = 0.0;
    for (const double one : step) largest = std::max(largest, std::abs(one));
    constexpr double longest = 0.1;
    for (std::size_t i = 0; i < n; ++i) x[i] += std::min(1.0, longest / largest) * step[i];
    if (largest < 1e-13) break;
  }
  return x;
}

struct Way {
  OptimizerMethod method;
  GradientMethod gradient; ///< by the adjoint: Newton's method with products instead of blocks
};

Minimisation minimum_by(const Ranks& ranks, const Way& way,
                        const std::optional<Refit>& refit = {}) {
  const SyntheticRegion here = region(ranks);
  const Controls controls(ranks, shared_values(here));
  const Coupling coupling(ranks, here.columns, controls, std::nullopt);
  const Observations observations = observe_shared(here);
  const ColumnProblem problem = here.problem_with(here.first_guess.schedule, observations);
  Objective objective(ranks, problem, controls, coupling);
  EXPECT_FALSE(objective.separable());
  OptimizerSettings settings;
  settings.method = way.method;
  settings.gradient = way.gradient;
  settings.gradient_tolerance = 1e-13;
  settings.max_iterations = 50;
  return minimise(objective, controls.initial_x(), settings, {}, Log(false), {}, refit);
}

// Rounding of the cost ends the iteration where the gradient is 1e-13 of the first; the least
// determined combination of controls then is right to 1e-9.
constexpr double tolerance = 1e-9;

class SharedControls : public testing::TestWithParam<Way> {};

void expect_minimum(const Minimisation& found, const std::vector<double>& expected) {
  const ReadArray local(found.x.handle());
  PetscInt first = 0, last = 0;
  GLEBE_PETSC(VecGetOwnershipRange(found.x.handle(), &first, &last));
  for (PetscInt i = first; i < last; ++i)
    EXPECT_NEAR(local[static_cast<std::size_t>(i - first)], expected[static_cast<std::size_t>(i)],
                tolerance)
        << "control " << i;
}

TEST_P(SharedControls, AgreeWithDenseGaussNewton) {
  const Ranks ranks;
  expect_minimum(minimum_by(ranks, GetParam()), dense_reference());
}

TEST_P(SharedControls, AgreeWithDenseGaussNewtonWhileOneIsHeld) {
  const Ranks ranks;
  const std::vector<double> expected = dense_reference(capacity);
  ASSERT_EQ(expected[capacity], 0.5);
  EXPECT_GT(std::abs(dense_reference()[capacity] - 0.5), 0.01);
  expect_minimum(minimum_by(ranks, GetParam(), Refit{capacity, 1e-9}), expected);
}

INSTANTIATE_TEST_SUITE_P(Methods, SharedControls,
                         testing::Values(Way{OptimizerMethod::automatic, GradientMethod::automatic},
                                         Way{OptimizerMethod::bnls, GradientMethod::automatic},
                                         Way{OptimizerMethod::bntl, GradientMethod::automatic},
                                         Way{OptimizerMethod::automatic, GradientMethod::adjoint},
                                         Way{OptimizerMethod::bnls, GradientMethod::adjoint}));

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
  std::vector<double> w(controls.n_column() * controls.per_column());
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::cos(double(i));
  const std::vector<double> Px = controls.of_columns(x.handle());
  double left = 0.0, right = 0.0;
  for (std::size_t i = 0; i < w.size(); ++i) left += w[i] * Px[i];
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
  const Coupling coupling(ranks, here.columns, controls, kilometre_grid());
  const ColumnProblem problem = here.problem();
  Objective objective(ranks, problem, controls, coupling);
  Hessian blocks(ranks, controls, coupling);
  Hessian products(ranks, controls, coupling,
                   [&](Vec v, Vec w) { objective.hessian_product(v, w); });
  const Vector x = controls.initial_x(), v = controls.make_vector(),
               expected = controls.make_vector(), found = controls.make_vector();
  objective.hessian(x.handle(), products);
  GLEBE_PETSC(VecShift(x.handle(), 0.1));
  objective.hessian(x.handle(), products);
  objective.hessian(x.handle(), blocks);
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
