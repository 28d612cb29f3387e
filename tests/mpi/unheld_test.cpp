// SPDX-License-Identifier: BSD-3-Clause
// Estimates of coupled columns with nothing held at a bound, against dense algebra for all columns.
#include "glebe/estimation/algebra/cholesky_factor.hpp"
#include "glebe/estimation/uncertainty/unheld.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include "coupled_region.hpp"
#include "dense_matrix.hpp"
#include "petsc_environment.hpp"

namespace glebe {
namespace {

using namespace coupled;

constexpr double nothing_known = 1e-4; // what Unheld adds to the diagonal

// The Hessian of all controls with what Unheld adds.
DenseMatrix dense_hessian(const Ranks& ranks, Mat H) {
  DenseMatrix dense = dense_matrix(ranks, H);
  dense.diagonal().array() += nothing_known;
  return dense;
}

void set(const Ranks& ranks, Vec x, std::size_t i, double value) {
  if (ranks.is_root()) GLEBE_PETSC(VecSetValue(x, PetscInt(i), value, INSERT_VALUES));
  GLEBE_PETSC(VecAssemblyBegin(x));
  GLEBE_PETSC(VecAssemblyEnd(x));
}

// Whether the cost decreases beyond the bound at which control i is.
bool is_pulled(const Ranks& ranks, const Controls& controls, Objective& objective, Vec x,
               std::size_t i) {
  const Vector g = controls.make_vector();
  objective.gradient(objective.evaluate_at(x, Derivatives::blocks), g.handle());
  const double gradient = on_all_ranks(ranks, g.handle())[i];
  return on_all_ranks(ranks, x)[i] == 0.0 ? gradient > 0.0 : gradient < 0.0;
}

// The first guess, with those controls at a bound that the data pull at there.
Vector at_bounds(const Ranks& ranks, const Controls& controls, Objective& objective) {
  Vector x = controls.initial_x();
  static_cast<void>(objective.start_at(x.handle(), Derivatives::blocks));
  const std::vector<double> first = on_all_ranks(ranks, x.handle());
  for (std::size_t i = 0; i < first.size(); ++i)
    for (const double bound : {0.0, 1.0}) {
      set(ranks, x.handle(), i, bound);
      if (is_pulled(ranks, controls, objective, x.handle(), i)) break;
      set(ranks, x.handle(), i, first[i]);
    }
  return x;
}

// Bounds of the shared heat capacity that the data contradict.
ParameterValues with_wrong_bounds(ParameterValues values) {
  for (Control& control : values.controls)
    if (control.slot.parameter == Parameter::heat_capacity) {
      control.lower = 2.8e6;
      control.upper = 4.0e6;
      values.first_guess.col(Eigen::Index(control.value)).setConstant(3.0e6);
    }
  return values;
}

// `relative` to the largest shift, and to each covariance matrix: rounding of inverses with a
// condition number of some 1e6.
void expect_as_dense(const ParameterValues& values, const std::optional<CellGeometry>& geometry) {
  constexpr double relative = 1e-6;
  const Ranks ranks;
  const SyntheticRegion here = region(ranks);
  const Controls controls(ranks, with_wrong_bounds(values));
  const PriorCoupling coupling(ranks, here.columns, controls, geometry);
  const ColumnProblem problem = here.problem();
  Objective objective(ranks, problem, controls, coupling);
  const Vector x = at_bounds(ranks, controls, objective);
  EvaluatedPoint point = objective.evaluate_at(x.handle(), Derivatives::blocks);
  Hessian hessian(ranks, controls, coupling);
  objective.fill(point, hessian);
  const DenseMatrix P = dense_hessian(ranks, hessian.handle()).inverse();
  const Vector g = controls.make_vector();
  objective.gradient(point, g.handle());
  const std::vector<double> gradient = on_all_ranks(ranks, g.handle()),
                            x_of_all = on_all_ranks(ranks, x.handle());
  DenseVector pull = DenseVector::Zero(P.rows());
  for (Eigen::Index i = 0; i < pull.size(); ++i)
    if ((x_of_all[i] == 0.0 && gradient[i] > 0.0) || (x_of_all[i] == 1.0 && gradient[i] < 0.0))
      pull[i] = gradient[i];
  const auto n_shared = Eigen::Index(controls.n_shared());
  ASSERT_GE((pull.head(pull.size() - n_shared).array() != 0.0).count(), 2);
  ASSERT_GE((pull.tail(n_shared).array() != 0.0).count(), 1);
  const DenseVector shift = -P * pull;

  const OptimizerSettings optimizer;
  Posterior posterior = posterior_at(objective, point, false);
  const SolvedPoint solved{objective, optimizer, std::move(point), std::move(posterior)};
  const Considered considered(solved);
  const Unheld unheld(solved, considered);
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    std::vector<std::size_t> own;
    for (std::size_t k = 0; k < controls.per_column(); ++k) own.push_back(controls.number(c, k));
    EXPECT_LT((unheld.shift(c) - shift(own)).cwiseAbs().maxCoeff(),
              relative * shift.cwiseAbs().maxCoeff());
    const DenseMatrix found =
        (objective.data_block(solved.point, c, 1.0) + unheld.precision_without_data(c)).inverse();
    EXPECT_LT((found - P(own, own)).norm(), relative * P(own, own).norm());
  }
}

TEST(Unheld, WithSharedControls) {
  const SyntheticRegion here = region(Ranks());
  expect_as_dense(shared_values(here), std::nullopt);
}

TEST(Unheld, WithAField) {
  if (!CholeskyFactor::available()) GTEST_SKIP() << "this PETSc has no MUMPS";
  const SyntheticRegion here = region(Ranks());
  expect_as_dense(with_a_field(here), kilometre_grid());
}

} // namespace
} // namespace glebe
