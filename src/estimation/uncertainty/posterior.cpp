// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/posterior.hpp"

#include "glebe/estimation/uncertainty/covariance.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <cmath>

namespace glebe {

namespace {

// A control is at a bound when x is on the bound and the cost would decrease beyond it.
AtBound bound_state(double x, double g) {
  constexpr double on_bound = 1e-9;
  if (x <= on_bound && g >= 0.0) return AtBound::lower;
  if (x >= 1.0 - on_bound && g <= 0.0) return AtBound::upper;
  return AtBound::free;
}

double count_fitted(const Objective& objective, const EvaluatedPoint& point, std::size_t column) {
  const auto& streams = objective.problem().observations.streams;
  double count = 0.0;
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (streams[s].fitted()) count += point.columns.stream(column, s).count;
  return count;
}

Posterior missing_posterior(const Controls& controls) {
  const double missing = std::nan("");
  const std::size_t n = controls.n_column(), m = controls.per_column();
  const std::vector<double> by_column(n, missing);
  return {Table<AtBound>(n, m, AtBound::free),
          DenseMatrix::Constant(n, m, missing),
          DenseBlocks(n, m, missing),
          DenseBlocks(n, m, missing),
          by_column,
          by_column,
          by_column,
          std::vector<double>(n, 1.0),
          missing,
          DenseBlocks(n, m, missing),
          DenseMatrix::Zero(n, m)};
}

void set_at_bound(const Objective& objective, const EvaluatedPoint& point, Posterior& posterior) {
  const Controls& controls = objective.controls();
  const Vector g = controls.make_vector();
  objective.gradient(point, g.handle());
  const DenseMatrix g_of_columns = controls.of_columns(g.handle());
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < controls.per_column(); ++k) {
      if (!objective.is_informed(c, k)) continue;
      posterior.at_bound(c, k) = bound_state(point.x_of_columns(c, k), g_of_columns(c, k));
      if (posterior.at_bound(c, k) != AtBound::free) posterior.pull(c, k) = g_of_columns(c, k);
    }
}

// The covariances of every column with error variances multiplied by posterior.error_scale.
void set_covariances(const Objective& objective, const EvaluatedPoint& point,
                     Posterior& posterior) {
  const Controls& controls = objective.controls();
  const bool separable = objective.separable();
  const ColumnCovariances found = column_covariances(
      gaussian_at(objective, point, posterior.error_scale, free_controls(objective, point)));
  agree_on_failure(objective.ranks(), [&] {
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      if (separable && objective.left_out()[c]) continue;
      const DenseMatrix G = objective.data_block(point, c, posterior.error_scale[c]);
      const GaussianPosterior known =
          posterior_of(Covariance{found.matrix[c], found.condition_number[c]}, G);
      posterior.precision_without_data[c] =
          separable ? objective.prior().precision() : precision_without_data(known.covariance, G);
      for (std::size_t k = 0; k < controls.per_column(); ++k)
        posterior.std(c, k) = controls.scale(k) * std::sqrt(known.covariance(k, k));
      posterior.covariance[c] = known.covariance;
      posterior.averaging_kernel[c] = known.averaging_kernel;
      posterior.degrees_of_freedom[c] = known.degrees_of_freedom;
      posterior.condition_number[c] = known.condition_number;
    }
  });
}

// Twice the cost of the data divided by their number minus the degrees of freedom, for every
// column, and for all columns together if they are coupled.
void set_chi_square(const Objective& objective, const EvaluatedPoint& point, Posterior& posterior) {
  double chi_square_of_all = 0.0, surplus_of_all = 0.0;
  for (std::size_t c = 0; c < posterior.error_scale.size(); ++c) {
    if (objective.separable() && objective.left_out()[c]) continue;
    const double surplus = count_fitted(objective, point, c) - posterior.degrees_of_freedom[c];
    const double chi_square =
        2.0 * (point.columns.cost[c] - objective.prior().cost(c, point.x_of_columns.row(c)));
    if (surplus > 0.0) posterior.reduced_chi_square[c] = chi_square / surplus;
    chi_square_of_all += chi_square;
    surplus_of_all += surplus;
  }
  if (objective.separable()) return;
  chi_square_of_all = objective.ranks().sum(chi_square_of_all);
  surplus_of_all = objective.ranks().sum(surplus_of_all);
  if (surplus_of_all > 0.0)
    posterior.reduced_chi_square_of_all = chi_square_of_all / surplus_of_all;
}

} // namespace

std::vector<std::size_t> Posterior::free(std::size_t column) const {
  std::vector<std::size_t> values;
  for (std::size_t k = 0; k < at_bound.n_column(); ++k)
    if (at_bound(column, k) == AtBound::free) values.push_back(k);
  return values;
}

std::vector<char> free_controls(const Objective& objective, const EvaluatedPoint& point) {
  const Vector g = objective.controls().make_vector();
  objective.gradient(point, g.handle());
  const ReadArray x_local(point.x.handle()), g_local(g.handle());
  std::vector<char> free(objective.controls().n_local());
  for (std::size_t i = 0; i < free.size(); ++i)
    free[i] = bound_state(x_local[i], g_local[i]) == AtBound::free;
  return free;
}

Posterior posterior_at(const Objective& objective, const EvaluatedPoint& point,
                       bool scale_by_chi_square) {
  Posterior posterior = missing_posterior(objective.controls());
  set_at_bound(objective, point, posterior);
  set_covariances(objective, point, posterior);
  set_chi_square(objective, point, posterior);
  if (!scale_by_chi_square) return posterior;
  for (std::size_t c = 0; c < posterior.error_scale.size(); ++c) {
    const double chi_square = objective.separable() ? posterior.reduced_chi_square[c]
                                                    : posterior.reduced_chi_square_of_all;
    if (chi_square > 0.0) posterior.error_scale[c] = chi_square;
  }
  set_covariances(objective, point, posterior);
  return posterior;
}

} // namespace glebe
