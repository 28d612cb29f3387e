// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/coupled_covariance.hpp"

#include "glebe/base/stages.hpp"
#include "glebe/estimation/algebra/cholesky_factor.hpp"
#include "glebe/estimation/algebra/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "covariance_ways.hpp"
#include "hessian_solver.hpp"

namespace glebe {

Dense inverse(Dense matrix, std::size_t n) {
  Dense result(n * n, 0.0);
  if (n == 0) return result;
  const EigenSystem system = eigen_system(std::move(matrix), n);
  const double largest = system.values.back() > 0.0 ? system.values.back() : 1.0;
  const double least = std::numeric_limits<double>::epsilon() * largest;
  for (std::size_t e = 0; e < n; ++e)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        result[i * n + j] += system.vectors[e * n + i] * system.vectors[e * n + j] /
                             std::max(system.values[e], least);
  return result;
}

Dense inverse_of(const std::vector<char>& kept, const Dense& matrix) {
  const std::size_t n = kept.size();
  std::vector<std::size_t> places;
  for (std::size_t s = 0; s < n; ++s)
    if (kept[s]) places.push_back(s);
  const std::size_t n_kept = places.size();
  Dense reduced(n_kept * n_kept), result(n * n, 0.0);
  for (std::size_t i = 0; i < n_kept; ++i)
    for (std::size_t j = 0; j < n_kept; ++j)
      reduced[i * n_kept + j] = matrix[places[i] * n + places[j]];
  reduced = inverse(std::move(reduced), n_kept);
  for (std::size_t i = 0; i < n_kept; ++i)
    for (std::size_t j = 0; j < n_kept; ++j)
      result[places[i] * n + places[j]] = reduced[i * n_kept + j];
  return result;
}

std::vector<char> CoupledPoint::free_shared() const {
  std::vector<double> local;
  if (controls.holds_shared())
    local.assign(free.end() - std::ptrdiff_t(controls.n_shared()), free.end());
  const std::vector<double> all = ranks.all_gather(local);
  return {all.begin(), all.end()};
}

bool CoupledPoint::is_sought(const std::vector<char>& shared, std::size_t column,
                             std::size_t k) const {
  if (controls.shared(k)) return shared[shared_number(column, k)];
  return free[controls.number(column, k) - controls.first()] && columns.known(column, k);
}

void CoupledPoint::fill(Hessian& H) const {
  H.begin();
  for (std::size_t c = 0; c < controls.n_column(); ++c) H.add_column(c, columns.block(c));
  H.finish();
}

bool has_sampled_covariance(const Controls& controls, const Coupling& coupling,
                            const FieldCovariance& how) {
  return coupling.has_fields() &&
         (!CholeskyFactor::available() || controls.first_shared() > how.largest_exact);
}

std::vector<double> coupled_covariance(const Ranks& ranks, const Controls& controls,
                                       const Coupling& coupling, const ColumnBlocks& columns,
                                       const std::vector<char>& free, const FieldCovariance& how) {
  const StageTimer timer(Stage::solver);
  const CoupledPoint point{ranks, controls, coupling, columns, free};
  if (!coupling.has_fields()) return covariance_by_elimination(point);
  if (has_sampled_covariance(controls, coupling, how))
    return covariance_by_samples(point, how.n_sample, how.seed);
  return covariance_by_factor(point);
}

static ColumnBlocks blocks_of(const Objective& objective, double data_weight) {
  return {
      [&objective, data_weight](std::size_t c) { return objective.column_block(c, data_weight); },
      [&objective](std::size_t c, std::size_t k) { return objective.known(c, k); }};
}

std::vector<double> coupled_covariance(Objective& objective, Vec x, const std::vector<char>& free,
                                       const FieldCovariance& how, double data_weight) {
  objective.fit_at(x);
  return coupled_covariance(objective.ranks(), objective.controls(), objective.coupling(),
                            blocks_of(objective, data_weight), free, how);
}

std::vector<double> coupled_covariance_row(Objective& objective, Vec x,
                                           const std::vector<char>& free, std::size_t row,
                                           double data_weight) {
  const StageTimer timer(Stage::solver);
  objective.fit_at(x);
  const Controls& controls = objective.controls();
  const ColumnBlocks columns = blocks_of(objective, data_weight);
  const CoupledPoint point{objective.ranks(), controls, objective.coupling(), columns, free};
  const HessianSolver solver(point);
  const std::vector<char> free_shared = point.free_shared();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const bool here = row >= controls.first_column() && row < controls.first_column() + n_column;
  const std::size_t local = row - controls.first_column();
  std::vector<double> rows(m * m * n_column, std::nan(""));
  for (std::size_t k = 0; k < m; ++k) {
    const bool sought = here && point.is_sought(free_shared, local, k);
    const std::int64_t number = objective.ranks().max(
        sought ? static_cast<std::int64_t>(controls.number(local, k)) : std::int64_t{-1});
    if (number < 0) continue;
    const Vector unit = controls.make_vector();
    if (here) GLEBE_PETSC(VecSetValue(unit.handle(), PetscInt(number), 1.0, INSERT_VALUES));
    GLEBE_PETSC(VecAssemblyBegin(unit.handle()));
    GLEBE_PETSC(VecAssemblyEnd(unit.handle()));
    const std::vector<double> y = controls.of_columns(solver.solve(unit.handle()).handle());
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t j = 0; j < m; ++j)
        if (point.is_sought(free_shared, c, j)) rows[(k * m + j) * n_column + c] = y[c * m + j];
  }
  return rows;
}

} // namespace glebe
