// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/covariance.hpp"

#include "glebe/base/timed_part.hpp"
#include "glebe/estimation/algebra/cholesky_factor.hpp"
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <algorithm>
#include <cmath>

#include "column_covariances.hpp"
#include "hessian_solver.hpp"

namespace glebe {

std::vector<char> GaussianProblem::free_shared() const {
  std::vector<double> local;
  if (controls.holds_shared())
    local.assign(free.end() - std::ptrdiff_t(controls.n_shared()), free.end());
  const std::vector<double> all = ranks.all_gather(local);
  return {all.begin(), all.end()};
}

bool GaussianProblem::is_included(const std::vector<char>& shared, std::size_t column,
                                  std::size_t k) const {
  if (controls.shared(k)) return shared[shared_number(column, k)];
  return free[controls.number(column, k) - controls.first()] && columns.is_informed(column, k);
}

std::vector<std::size_t> GaussianProblem::included(const std::vector<char>& shared,
                                                   std::size_t column) const {
  std::vector<std::size_t> values;
  for (std::size_t k = 0; k < controls.per_column(); ++k)
    if (is_included(shared, column, k)) values.push_back(k);
  return values;
}

void GaussianProblem::fill(Hessian& H) const {
  H.begin();
  for (std::size_t c = 0; c < controls.n_column(); ++c) H.add_column(c, columns.block(c));
  H.finish();
}

GaussianProblem gaussian_at(const Objective& objective, const EvaluatedPoint& point,
                            const std::vector<double>& error_scale, std::vector<char> free) {
  return {objective.ranks(),
          objective.controls(),
          objective.coupling(),
          {[&](std::size_t c) { return objective.column_block(point, c, error_scale[c]); },
           [&](std::size_t c, std::size_t k) { return objective.is_informed(c, k); }},
          std::move(free)};
}

bool has_sampled_covariance(const Controls& controls, const PriorCoupling& coupling,
                            const FieldCovariance& how) {
  return coupling.has_fields() &&
         (!CholeskyFactor::available() || controls.first_shared() > how.largest_exact);
}

static DenseBlocks coupled_covariances(const GaussianProblem& problem, const FieldCovariance& how) {
  if (!problem.coupling.has_fields()) return covariance_by_elimination(problem);
  if (has_sampled_covariance(problem.controls, problem.coupling, how))
    return covariance_by_samples(problem, how.n_sample, how.seed);
  return covariance_by_factor(problem);
}

ColumnCovariances column_covariances(const GaussianProblem& problem, const FieldCovariance& how) {
  const TimedPart timer(Part::solver);
  const std::size_t n_column = problem.controls.n_column(), m = problem.controls.per_column();
  ColumnCovariances result{DenseBlocks(n_column, m), std::vector<double>(n_column, std::nan(""))};
  if (problem.coupling.couples_columns()) {
    result.matrix = coupled_covariances(problem, how);
    return result;
  }
  agree_on_failure(problem.ranks, [&] {
    for (std::size_t c = 0; c < n_column; ++c) {
      Covariance found = covariance_of(problem.columns.block(c), problem.included({}, c));
      result.matrix[c] = found.matrix;
      result.condition_number[c] = found.condition_number;
    }
  });
  return result;
}

DenseBlocks covariance_row(const GaussianProblem& problem, std::size_t row) {
  const TimedPart timer(Part::solver);
  const Controls& controls = problem.controls;
  const HessianSolver solver(problem);
  const std::vector<char> free_shared = problem.free_shared();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const bool here = row >= controls.first_column() && row < controls.first_column() + n_column;
  const std::size_t local = row - controls.first_column();
  DenseBlocks rows(n_column, m, std::nan(""));
  for (std::size_t k = 0; k < m; ++k) {
    const bool included = here && problem.is_included(free_shared, local, k);
    const std::int64_t number = problem.ranks.max(
        included ? static_cast<std::int64_t>(controls.number(local, k)) : std::int64_t{-1});
    if (number < 0) continue;
    const Vector unit = controls.make_vector();
    if (here) GLEBE_PETSC(VecSetValue(unit.handle(), PetscInt(number), 1.0, INSERT_VALUES));
    GLEBE_PETSC(VecAssemblyBegin(unit.handle()));
    GLEBE_PETSC(VecAssemblyEnd(unit.handle()));
    const DenseMatrix y = controls.of_columns(solver.solve(unit.handle()).handle());
    for (std::size_t c = 0; c < n_column; ++c)
      for (const std::size_t j : problem.included(free_shared, c)) rows[c](k, j) = y(c, j);
  }
  return rows;
}

} // namespace glebe
