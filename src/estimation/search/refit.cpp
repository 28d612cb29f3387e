// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/refit.hpp"

#include "glebe/estimation/search/lane_searches.hpp"

#include <algorithm>

namespace glebe {

namespace {

Refitted not_refitted(const DenseMatrix& start) {
  const auto n = static_cast<std::size_t>(start.rows());
  return {std::vector<char>(n, 0), std::vector<double>(n, 0.0), start};
}

std::vector<Refitted> refit_by_column(Objective& objective, const std::vector<DenseMatrix>& starts,
                                      const std::optional<HeldControl>& held,
                                      const RefitTolerances& tolerances) {
  const std::vector<std::size_t> columns = objective.columns_with_data();
  std::vector<LaneSearch> searches;
  for (const std::size_t c : columns)
    for (const DenseMatrix& start : starts)
      searches.push_back({c, held ? std::optional(held->k) : std::nullopt,
                          LevenbergMarquardt(start.row(c).transpose())});
  agree_on_failure(objective.ranks(), [&] {
    run_searches(objective, searches,
                 {tolerances.gradient, tolerances.relative, tolerances.max_iterations});
  });
  std::vector<Refitted> found;
  for (const DenseMatrix& start : starts) found.push_back(not_refitted(start));
  for (std::size_t i = 0; i < searches.size(); ++i) {
    const std::size_t c = searches[i].column;
    const LevenbergMarquardt& iteration = searches[i].iteration;
    Refitted& of_start = found[i % starts.size()];
    of_start.converged[c] = iteration.state() == LevenbergMarquardt::State::converged;
    of_start.cost[c] = iteration.cost();
    of_start.x.row(c) = iteration.x();
  }
  return found;
}

Refitted refit_all_columns(Objective& objective, const DenseMatrix& start,
                           const std::optional<HeldControl>& held,
                           const OptimizerSettings& settings, const RefitTolerances& tolerances) {
  const Controls& controls = objective.controls();
  OptimizerSettings again = settings;
  again.gradient_tolerance = std::min(settings.gradient_tolerance, tolerances.relative);
  again.max_iterations = std::max(settings.max_iterations, tolerances.max_iterations);
  const Minimisation minimum =
      minimise(objective, controls.from_columns(start), again, {}, Log(false),
               {.near = NearMinimum{held ? held->in_x : std::nullopt, tolerances.gradient},
                .checkpoint = nullptr,
                .hook = {}});
  Refitted found = not_refitted(start);
  std::fill(found.converged.begin(), found.converged.end(), minimum.converged);
  std::fill(found.cost.begin(), found.cost.end(), minimum.cost_final);
  found.x = controls.of_columns(minimum.x.handle());
  return found;
}

} // namespace

std::vector<Refitted> refit(Objective& objective, const std::vector<DenseMatrix>& starts,
                            const std::optional<HeldControl>& held,
                            const OptimizerSettings& settings, const RefitTolerances& tolerances) {
  if (objective.separable()) return refit_by_column(objective, starts, held, tolerances);
  std::vector<Refitted> found;
  for (const DenseMatrix& start : starts)
    found.push_back(refit_all_columns(objective, start, held, settings, tolerances));
  return found;
}

} // namespace glebe
