// SPDX-License-Identifier: BSD-3-Clause
// A year of hours determines constant parameters little better than its first weeks do where the
// search is still far from the minimum.
#include "glebe/estimation/search/early_start.hpp"

#include "glebe/base/calendar.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr double shortest = 5.0;         ///< [d] that say something of every parameter
constexpr double least_windows = 4.0;    ///< of this length, in a window that is begun early
constexpr std::size_t observations = 20; ///< of a column for each control
constexpr double near = 1e-3;            ///< the gradient over that at the start
constexpr int most_iterations = 8;
constexpr double damping = 1e-3; ///< at the end of such a search

bool acts_at_knots(const Objective& objective) {
  return std::ranges::any_of(objective.controls().directions(),
                             [](const Direction& one) { return one.varying != nullptr; });
}

// Whether a column has enough fitted observations in the first `end` seconds.
bool is_observed(const Objective& objective, std::size_t column, double end) {
  const Observations& all = objective.problem().observations;
  std::size_t wanted = observations * objective.controls().per_column();
  for (std::size_t s = 0; s < all.streams.size(); ++s) {
    const Stream& stream = all.streams[s];
    for (std::size_t k = 0; stream.fitted() && k < stream.times.size(); ++k) {
      if (stream.intervals[k].end > end) break;
      wanted -= stream.inverse_sigma[all.position(s, column, k)] > 0.0F;
      if (wanted == 0) return true;
    }
  }
  return false;
}

// Searches with enough observations in the first `end` seconds.
std::vector<LaneSearch*> observed_searches(const Objective& objective,
                                           std::vector<LaneSearch>& searches, double end) {
  std::vector<LaneSearch*> found;
  for (LaneSearch& search : searches)
    if (is_observed(objective, search.column, end)) found.push_back(&search);
  return found;
}

std::vector<double> costs_at_start(Objective& objective, const std::vector<LaneSearch>& searches) {
  std::vector<std::size_t> columns;
  DenseMatrix x(searches.size(), objective.controls().per_column());
  for (std::size_t run = 0; run < searches.size(); ++run) {
    columns.push_back(searches[run].column);
    x.row(run) = searches[run].iteration.x();
  }
  return objective.costs(columns, x);
}

} // namespace

std::size_t early_steps(const Objective& objective, double part) {
  const ColumnProblem& problem = objective.problem();
  if (part <= 0.0 || problem.form.initial == Initial::spinup || acts_at_knots(objective)) return 0;
  const auto n = static_cast<double>(problem.time.n_step);
  const double least = std::ceil(shortest * seconds_per_day / problem.time.step);
  const double steps = std::max(least, std::floor(part * n));
  return least_windows * steps <= n ? static_cast<std::size_t>(steps) : 0;
}

void begin_early(Objective& objective, std::vector<LaneSearch>& searches, std::size_t n_step) {
  const ColumnProblem& problem = objective.problem();
  const auto part = static_cast<double>(n_step) / static_cast<double>(problem.time.n_step);
  const std::vector<LaneSearch*> chosen =
      observed_searches(objective, searches, static_cast<double>(n_step) * problem.time.step);
  std::vector<LaneSearch> early;
  for (const LaneSearch* search : chosen) early.push_back(*search);
  const std::vector<double> first_cost = costs_at_start(objective, early);
  run_searches(objective, early, {0.0, near, most_iterations}, n_step);
  for (std::size_t i = 0; i < early.size(); ++i) {
    const LevenbergMarquardt& end = early[i].iteration;
    if (end.state() == LevenbergMarquardt::State::failed || !std::isfinite(first_cost[i])) continue;
    chosen[i]->start = chosen[i]->iteration.x();
    chosen[i]->iteration =
        LevenbergMarquardt(end.x(), {first_cost[i], end.first_gradient_norm() / part, damping});
  }
}

std::vector<std::size_t> go_back(std::vector<LaneSearch>& searches) {
  std::vector<std::size_t> taken_back;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    LaneSearch& search = searches[i];
    if (search.start.size() == 0) continue;
    const LevenbergMarquardt& found = search.iteration;
    if (found.state() == LevenbergMarquardt::State::failed || found.cost() > found.first_cost()) {
      search.iteration = LevenbergMarquardt(search.start);
      taken_back.push_back(i);
    }
    search.start.resize(0);
  }
  return taken_back;
}

std::size_t begin_again(Objective& objective, std::vector<LaneSearch>& searches,
                        const LevenbergMarquardt::Tolerances& tolerances) {
  const std::vector<std::size_t> taken_back = go_back(searches);
  std::vector<LaneSearch> some;
  for (const std::size_t i : taken_back) some.push_back(searches[i]);
  const std::size_t n_run = advance_searches(objective, some, tolerances);
  for (std::size_t k = 0; k < some.size(); ++k) searches[taken_back[k]] = some[k];
  return n_run;
}

} // namespace glebe
