// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/posterior.hpp"

#include "glebe/estimation/uncertainty/coupled_covariance.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// At a bound when x lies on it and the cost would fall beyond it.
AtBound bound_state(double x, double g) {
  constexpr double on_bound = 1e-9;
  if (x <= on_bound && g >= 0.0) return AtBound::lower;
  if (x >= 1.0 - on_bound && g <= 0.0) return AtBound::upper;
  return AtBound::free;
}

double count_fitted(const Fit& fit, const Observations& observations, std::size_t column) {
  double count = 0.0;
  for (std::size_t s = 0; s < fit.n_stream; ++s)
    if (observations.streams[s].fitted()) count += fit.stream[column * fit.n_stream + s].count;
  return count;
}

void store(const Knowledge& known, const Controls& controls, std::size_t column,
           Posterior& posterior) {
  const std::size_t m = controls.per_column();
  const auto variance = [&](std::size_t k) { return known.covariance[k * m + k]; };
  for (std::size_t k = 0; k < m; ++k) {
    posterior.std[column * m + k] = controls.scale(k) * std::sqrt(variance(k));
    for (std::size_t j = 0; j < m; ++j)
      posterior.correlation[(column * m + k) * m + j] =
          known.covariance[k * m + j] / std::sqrt(variance(k) * variance(j));
  }
  std::copy(known.averaging_kernel.begin(), known.averaging_kernel.end(),
            posterior.averaging_kernel.begin() + std::ptrdiff_t(column * m * m));
  posterior.degrees_of_freedom[column] = known.degrees_of_freedom;
  posterior.condition_number[column] = known.condition_number;
}

Posterior nothing_known(std::size_t n_column, std::size_t m) {
  const double missing = std::nan("");
  const std::vector<double> by_control(n_column * m, missing), by_pair(n_column * m * m, missing),
      by_column(n_column, missing);
  return {std::vector<AtBound>(n_column * m, AtBound::free),
          by_control,
          by_pair,
          by_pair,
          by_column,
          by_column,
          by_column,
          std::vector<double>(n_column, 1.0),
          missing,
          {}};
}

// What is known in every column when the errors of its data are scaled as the posterior says.
void know_columns(Objective& objective, Vec x, Posterior& posterior) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const bool separable = objective.separable();
  const double scale_of_all = n_column > 0 ? posterior.error_scale.front() : 1.0;
  const std::vector<double> coupled =
      separable
          ? std::vector<double>()
          : coupled_covariance(objective, x, free_controls(objective, x), {}, 1.0 / scale_of_all);
  const Fit& fit = objective.fit_at(x);
  posterior.beside_data.clear();
  for (std::size_t column = 0; column < n_column; ++column) {
    if (separable && objective.left_out()[column]) continue;
    std::vector<double> G = controls.scaled_block(fit.gauss_newton, column);
    if (objective.left_out()[column]) std::fill(G.begin(), G.end(), 0.0);
    for (double& entry : G) entry /= posterior.error_scale[column];
    const Knowledge known =
        separable ? knowledge(G, objective.prior().precision(), posterior.free(column, m))
                  : knowledge_of(std::span(coupled).subspan(column * m * m, m * m), G);
    if (!separable) {
      const auto beside = precision_beside(known.covariance, G);
      posterior.beside_data.insert(posterior.beside_data.end(), beside.begin(), beside.end());
    }
    store(known, controls, column, posterior);
  }
}

// Twice the cost of the data over their number less the degrees of freedom: in every column, and of
// all where columns are coupled.
void weigh_misfit(Objective& objective, const Observations& observations, Vec x,
                  Posterior& posterior) {
  const std::size_t m = objective.controls().per_column();
  const std::vector<double> x_of_columns = objective.controls().of_columns(x);
  const Fit& fit = objective.fit_at(x);
  double chi_square_of_all = 0.0, surplus_of_all = 0.0;
  for (std::size_t column = 0; column < fit.cost.size(); ++column) {
    if (objective.separable() && objective.left_out()[column]) continue;
    const double surplus =
        count_fitted(fit, observations, column) - posterior.degrees_of_freedom[column];
    double prior_cost = 0.0;
    objective.prior().add(column, x_of_columns.data() + column * m, prior_cost);
    const double chi_square = 2.0 * (fit.cost[column] - prior_cost);
    if (surplus > 0.0) posterior.reduced_chi_square[column] = chi_square / surplus;
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

std::span<const double> Posterior::precision(std::size_t column,
                                             const std::vector<double>& prior) const {
  if (beside_data.empty()) return prior;
  return std::span(beside_data).subspan(column * prior.size(), prior.size());
}

std::vector<std::size_t> Posterior::free(std::size_t column, std::size_t per_column) const {
  std::vector<std::size_t> controls;
  for (std::size_t k = 0; k < per_column; ++k)
    if (at_bound[column * per_column + k] == AtBound::free) controls.push_back(k);
  return controls;
}

std::vector<char> free_controls(Objective& objective, Vec x) {
  const Vector g = objective.controls().make_vector();
  objective.cost_and_gradient(x, g.handle());
  const ReadArray x_local(x), g_local(g.handle());
  std::vector<char> free(objective.controls().n_local());
  for (std::size_t i = 0; i < free.size(); ++i)
    free[i] = bound_state(x_local[i], g_local[i]) == AtBound::free;
  return free;
}

Posterior posterior_at(Objective& objective, const Observations& observations, Vec x,
                       bool scale_by_chi_square) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const Vector g = controls.make_vector();
  objective.cost_and_gradient(x, g.handle());
  const std::vector<double> x_of_columns = controls.of_columns(x);
  const std::vector<double> g_of_columns = controls.of_columns(g.handle());
  Posterior posterior = nothing_known(n_column, m);
  for (std::size_t i = 0; i < n_column * m; ++i)
    if (objective.known(i / m, i % m))
      posterior.at_bound[i] = bound_state(x_of_columns[i], g_of_columns[i]);

  know_columns(objective, x, posterior);
  weigh_misfit(objective, observations, x, posterior);
  if (!scale_by_chi_square) return posterior;
  for (std::size_t c = 0; c < n_column; ++c) {
    const double chi_square = objective.separable() ? posterior.reduced_chi_square[c]
                                                    : posterior.reduced_chi_square_of_all;
    if (chi_square > 0.0) posterior.error_scale[c] = chi_square;
  }
  know_columns(objective, x, posterior);
  return posterior;
}

} // namespace glebe
