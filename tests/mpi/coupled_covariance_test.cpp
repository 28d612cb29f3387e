// SPDX-License-Identifier: BSD-3-Clause
// The covariance of coupled problems, seen from every column, against a dense inverse.
#include "glebe/estimation/uncertainty/coupled_covariance.hpp"

#include <gtest/gtest.h>
#include <petscblaslapack.h>

#include <cmath>

#include "coupled_region.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

using namespace coupled;

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
    const std::vector<double> row = ranks.all_gather({local.data(), local.data() + n_local});
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
  const std::vector<double> all_free = ranks.all_gather({free.begin(), free.end()});
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
