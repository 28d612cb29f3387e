// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/profile.hpp"

#include "glebe/estimation/search/lane_searches.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// Where the others are to be expected when control k is moved to `value`: on the line of the
// conditional mean of the linear posterior.
std::vector<double> expected(const Controls& controls, const Posterior& posterior,
                             std::size_t column, const double* x, std::size_t k, double value) {
  const std::size_t m = controls.per_column();
  std::vector<double> start(x, x + m);
  const auto scaled_std = [&](std::size_t j) {
    return posterior.std[column * m + j] / controls.scale(j);
  };
  for (std::size_t j = 0; j < m; ++j) {
    const double slope =
        posterior.correlation[(column * m + k) * m + j] * scaled_std(j) / scaled_std(k);
    if (std::isfinite(slope)) start[j] = std::clamp(x[j] + slope * (value - x[k]), 0.0, 1.0);
  }
  start[k] = value;
  return start;
}

} // namespace

Profile profile_likelihood(const Ranks& ranks, Objective& objective, Vec x,
                           const Posterior& posterior, std::size_t k, std::size_t n_point,
                           double range) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const std::vector<double> none(n_point * n_column, std::nan(""));
  Profile profile{k, n_point, none, none};
  const ReadArray x_local(x);

  std::vector<LaneSearch> searches;
  std::vector<std::size_t> position;
  for (std::size_t c = 0; c < n_column; ++c) {
    if (objective.left_out()[c]) continue;
    const double* best = x_local.data() + c * m;
    const double reach = range * posterior.std[c * m + k] / controls.scale(k);
    const double from = std::isnan(reach) ? 0.0 : std::max(0.0, best[k] - reach);
    const double to = std::isnan(reach) ? 1.0 : std::min(1.0, best[k] + reach);
    for (std::size_t i = 0; i < n_point; ++i) {
      const double value =
          from + (to - from) * static_cast<double>(i) / static_cast<double>(n_point - 1);
      position.push_back(i * n_column + c);
      profile.value[position.back()] = controls.controls()[k].lower + controls.scale(k) * value;
      searches.push_back(
          {c, k, LevenbergMarquardt(expected(controls, posterior, c, best, k, value))});
    }
  }
  agree_on_failure(ranks, [&] { run_searches(objective, searches, near_minimum); });
  for (std::size_t i = 0; i < searches.size(); ++i)
    if (searches[i].iteration.state() == LevenbergMarquardt::State::converged)
      profile.cost[position[i]] = searches[i].iteration.cost();
  return profile;
}

Interval likelihood_interval(std::span<const double> value, std::span<const double> cost,
                             double estimate, double least, double rise) {
  const double target = std::sqrt(rise);
  // From the estimate outwards; `begin` is the first point on that side.
  const auto crossing = [&](std::ptrdiff_t begin, std::ptrdiff_t step) {
    double previous_value = estimate, previous_root = 0.0;
    for (std::ptrdiff_t i = begin; i >= 0 && i < std::ssize(value); i += step) {
      const auto at = static_cast<std::size_t>(i);
      if (std::isnan(cost[at])) continue;
      const double root = std::sqrt(std::max(0.0, cost[at] - least));
      if (root >= target)
        return previous_value +
               (value[at] - previous_value) * (target - previous_root) / (root - previous_root);
      previous_value = value[at];
      previous_root = root;
    }
    return std::nan("");
  };
  const auto above = std::upper_bound(value.begin(), value.end(), estimate) - value.begin();
  const auto below = std::lower_bound(value.begin(), value.end(), estimate) - value.begin() - 1;
  return {crossing(below, -1), crossing(above, 1)};
}

} // namespace glebe
