// SPDX-License-Identifier: BSD-3-Clause
// Controls that columns share, against a Gauss-Newton iteration with dense matrices on one rank.
#include "glebe/base/log.hpp"
#include "glebe/estimation/coupled_covariance.hpp"
#include "glebe/estimation/optimise.hpp"

#include <gtest/gtest.h>
#include <petscblaslapack.h>

#include <cmath>
#include <optional>

#include "petsc_environment.hpp"
#include "synthetic_region.hpp"

namespace glebe {
namespace {

constexpr std::size_t n_y = 3, n_x = 4;

SyntheticRegion region(const Ranks& ranks) {
  return SyntheticRegion(ranks, {{{"y", n_y}, {"x", n_x}}}, 240, 21);
}

// Conductivity by class, capacity and deep temperature for the domain (the latter with a prior),
// albedo and heat transfer by column.
ParameterValues shared_values(const SyntheticRegion& region) {
  ParameterValues values = region.first_guess;
  RegionMap map;
  map.value = {2, 5};
  map.name = {"sand", "clay"};
  for (const std::size_t cell : region.columns.cells())
    map.of_column.push_back(cell % 3 == 0 ? 1 : 0);
  values.regions.push_back(std::move(map));
  for (Control& control : values.controls) switch (control.slot.parameter) {
    case Parameter::thermal_conductivity:
      control.space = Space::region;
      control.region = 0;
      break;
    case Parameter::heat_capacity:
      control.space = Space::domain;
      break;
    case Parameter::deep_temperature:
      control.space = Space::domain;
      control.prior_std = 2.0;
      break;
    default:
      control.prior_std = 0.3 * (control.upper - control.lower);
    }
  return values;
}

// What is observed where the truth is shared as the controls are.
Observations observe_shared(const SyntheticRegion& region) {
  ParameterValues truth = region.truth;
  const auto slot = [&](Parameter parameter) { return truth.schedule.layout.slot(parameter); };
  for (std::size_t c = 0; c < region.columns.n_local(); ++c) {
    const bool clay = region.columns.cells()[c] % 3 == 0;
    truth.at(c, slot(Parameter::thermal_conductivity)) = clay ? 0.9 : 1.8;
    truth.at(c, slot(Parameter::heat_capacity)) = 2.1e6;
    truth.at(c, slot(Parameter::deep_temperature)) = 284.0;
  }
  return region.observe(truth);
}

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

ParameterValues with_a_field(const SyntheticRegion& here) {
  ParameterValues values = shared_values(here);
  for (Control& control : values.controls)
    if (control.slot.parameter == Parameter::heat_transfer) {
      control.prior_std = 0.02 * (control.upper - control.lower);
      control.correlation_length = 3000.0;
    }
  return values;
}

CellGeometry kilometre_grid() {
  std::vector<double> north, east;
  for (std::size_t cell = 0; cell < n_y * n_x; ++cell) {
    north.push_back(1000.0 * double(cell / n_x));
    east.push_back(1000.0 * double(cell % n_x));
  }
  return CellGeometry({{{"y", n_y}, {"x", n_x}}}, Metric::plane, north, east);
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

// H^-1 on the free controls, dense, on every rank, from products with unit vectors.
std::vector<double> inverse_hessian(const Ranks& ranks, Mat H, const std::vector<double>& free) {
  PetscInt n = 0, n_local = 0;
  GLEBE_PETSC(MatGetSize(H, &n, nullptr));
  GLEBE_PETSC(MatGetLocalSize(H, &n_local, nullptr));
  const Vector unit = make_vector(ranks.comm(), n_local),
               product = make_vector(ranks.comm(), n_local);
  std::vector<double> dense;
  for (PetscInt j = 0; j < n; ++j) {
    GLEBE_PETSC(VecSet(unit.handle(), 0.0));
    if (ranks.is_root()) GLEBE_PETSC(VecSetValue(unit.handle(), j, 1.0, INSERT_VALUES));
    GLEBE_PETSC(VecAssemblyBegin(unit.handle()));
    GLEBE_PETSC(VecAssemblyEnd(unit.handle()));
    GLEBE_PETSC(MatMult(H, unit.handle(), product.handle()));
    const ReadArray local(product.handle());
    const std::vector<double> row = ranks.gather({local.data(), local.data() + n_local});
    dense.insert(dense.end(), row.begin(), row.end());
  }
  const auto order = static_cast<PetscBLASInt>(n);
  for (std::size_t i = 0; i < free.size(); ++i)
    for (std::size_t j = 0; j < free.size(); ++j)
      if (free[i] == 0.0 || free[j] == 0.0) dense[i * free.size() + j] = i == j ? 1.0 : 0.0;
  PetscBLASInt status = 0;
  LAPACKpotrf_("L", &order, dense.data(), &order, &status);
  EXPECT_EQ(status, 0);
  std::vector<double> inverse(dense.size(), 0.0);
  for (PetscInt i = 0; i < n; ++i) inverse[static_cast<std::size_t>(i * (n + 1))] = 1.0;
  LAPACKpotrs_("L", &order, &order, dense.data(), &order, inverse.data(), &order, &status);
  EXPECT_EQ(status, 0);
  return inverse;
}

// Compares the covariance within columns with the dense one: variances to `relative` of
// themselves, covariances to that of the product of standard deviations. The `held` controls have
// none.
void expect_covariance(const Ranks& ranks, const ParameterValues& values,
                       const SyntheticRegion& here, const std::optional<CellGeometry>& geometry,
                       const FieldCovariance& how, double relative,
                       const std::vector<std::size_t>& held = {}) {
  const Controls controls(ranks, values);
  const Coupling coupling(ranks, here.columns, controls, geometry);
  const ColumnProblem problem = here.problem();
  Objective objective(ranks, problem, controls, coupling);
  const Vector x = controls.initial_x();
  Hessian hessian(ranks, controls, coupling);
  objective.hessian(x.handle(), hessian);
  std::vector<char> free(controls.n_local(), 1);
  for (const std::size_t i : held) {
    const std::size_t here_first = controls.first(), n_own = controls.n_column() * controls.n_own();
    if (i >= here_first && i < here_first + n_own) free[i - here_first] = 0;
    if (i >= controls.first_shared() && controls.holds_shared())
      free[n_own + i - controls.first_shared()] = 0;
  }
  const std::vector<double> all_free = ranks.gather({free.begin(), free.end()});
  const std::size_t size = all_free.size();
  const std::vector<double> expected = inverse_hessian(ranks, hessian.handle(), all_free);
  const std::vector<double> found = coupled_covariance(objective, x.handle(), free, how);
  const std::size_t m = controls.per_column();
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < m; ++k)
      for (std::size_t j = 0; j < m; ++j) {
        const std::size_t row = controls.number(c, k), column = controls.number(c, j);
        const double unit =
            std::sqrt(expected[row * size + row] * expected[column * size + column]);
        if (all_free[row] == 0.0 || all_free[column] == 0.0) {
          EXPECT_TRUE(std::isnan(found[(c * m + k) * m + j]));
          continue;
        }
        EXPECT_NEAR(found[(c * m + k) * m + j], expected[row * size + column], relative * unit)
            << "column " << c << ", values " << k << " and " << j;
      }
}

// Rounding of inverses with a condition number of some 1e6.
TEST(CoupledCovariance, OfSharedControlsIsExact) {
  const Ranks ranks;
  const SyntheticRegion here = region(ranks);
  expect_covariance(ranks, shared_values(here), here, std::nullopt, {}, 1e-7);
  expect_covariance(ranks, shared_values(here), here, std::nullopt, {}, 1e-7, {3, 8, 26});
}

TEST(CoupledCovariance, OfFieldsIsExact) {
  const Ranks ranks;
  const SyntheticRegion here = region(ranks);
  expect_covariance(ranks, with_a_field(here), here, kilometre_grid(), {}, 1e-7);
  expect_covariance(ranks, with_a_field(here), here, kilometre_grid(), {}, 1e-7, {3, 8, 26});
}

// The standard error of an entry from n samples is at most sqrt(2 / n) of its unit; four of them.
TEST(CoupledCovariance, OfLargeFieldsIsThatOfTheSamples) {
  const Ranks ranks;
  const SyntheticRegion here = region(ranks);
  FieldCovariance how;
  how.largest_exact = 0;
  how.n_sample = 800;
  how.seed = 5;
  expect_covariance(ranks, with_a_field(here), here, kilometre_grid(), how,
                    4.0 * std::sqrt(2.0 / how.n_sample));
}

} // namespace
} // namespace glebe
