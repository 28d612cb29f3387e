// SPDX-License-Identifier: BSD-3-Clause
// The covariance of coupled problems, seen from every column, against a dense inverse.
#include "glebe/estimation/algebra/cholesky_factor.hpp"
#include "glebe/estimation/uncertainty/covariance.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "coupled_region.hpp"
#include "dense_matrix.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

using namespace coupled;

// H^-1 on the free controls, dense, on every rank.
DenseMatrix inverse_hessian(const Ranks& ranks, Mat H, const std::vector<double>& free) {
  DenseMatrix dense = dense_matrix(ranks, H);
  const Eigen::Index n = dense.rows();
  for (Eigen::Index i = 0; i < n; ++i) {
    if (free[static_cast<std::size_t>(i)] != 0.0) continue;
    dense.row(i).setZero();
    dense.col(i).setZero();
    dense(i, i) = 1.0;
  }
  const Eigen::LLT<DenseMatrix> factor(dense);
  EXPECT_EQ(factor.info(), Eigen::Success);
  return factor.solve(DenseMatrix::Identity(n, n));
}

// Compares the covariance within columns with the dense one: variances to `relative` of
// themselves, covariances to that of the product of standard deviations. The `held` controls have
// none.
void expect_covariance(const Ranks& ranks, const ParameterValues& values,
                       const SyntheticRegion& here, const std::optional<CellGeometry>& geometry,
                       const FieldCovariance& how, double relative,
                       const std::vector<std::size_t>& held = {}) {
  const Controls controls(ranks, values);
  const PriorCoupling coupling(ranks, here.columns, controls, geometry);
  const ColumnProblem problem = here.problem();
  Objective objective(ranks, problem, controls, coupling);
  const EvaluatedPoint point =
      objective.start_at(controls.initial_x().handle(), Derivatives::blocks);
  Hessian hessian(ranks, controls, coupling);
  objective.fill(point, hessian);
  std::vector<char> free(controls.n_local(), 1);
  for (const std::size_t i : held) {
    const std::size_t here_first = controls.first(), n_own = controls.n_column() * controls.n_own();
    if (i >= here_first && i < here_first + n_own) free[i - here_first] = 0;
    if (i >= controls.first_shared() && controls.holds_shared())
      free[n_own + i - controls.first_shared()] = 0;
  }
  const std::vector<double> all_free = ranks.all_gather({free.begin(), free.end()});
  const DenseMatrix expected = inverse_hessian(ranks, hessian.handle(), all_free);
  const std::vector<double> error_scale(controls.n_column(), 1.0);
  const ColumnCovariances found =
      column_covariances(gaussian_at(objective, point, error_scale, free), how);
  const std::size_t m = controls.per_column();
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < m; ++k)
      for (std::size_t j = 0; j < m; ++j) {
        const auto row = Eigen::Index(controls.number(c, k)),
                   column = Eigen::Index(controls.number(c, j));
        const double covariance = found.matrix[c](Eigen::Index(k), Eigen::Index(j));
        if (all_free[controls.number(c, k)] == 0.0 || all_free[controls.number(c, j)] == 0.0) {
          EXPECT_TRUE(std::isnan(covariance));
          continue;
        }
        const double unit = std::sqrt(expected(row, row) * expected(column, column));
        EXPECT_NEAR(covariance, expected(row, column), relative * unit)
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
  if (!CholeskyFactor::available()) GTEST_SKIP() << "this PETSc has no MUMPS";
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
