// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/bounded_intervals.hpp"

#include "glebe/estimation/uncertainty/unified_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

// The values of a column that have information; of these, the shared ones.
std::vector<std::size_t> informed_values(const Objective& objective, std::size_t c,
                                         bool shared_only = false) {
  std::vector<std::size_t> values;
  for (std::size_t k = 0; k < objective.controls().per_column(); ++k)
    if (objective.is_informed(c, k) && (!shared_only || objective.controls().shared(k)))
      values.push_back(k);
  return values;
}

// Whether bounds of other columns move an estimate noticeably.
bool is_moved(const Unheld& unheld, const UnheldGaussian& gaussian, std::size_t c) {
  constexpr double noticeable = 0.05; // of a standard deviation
  const DenseVector std = gaussian.covariance.diagonal().cwiseSqrt();
  return unheld.is_coupled() && (unheld.shift(c).array().abs() > noticeable * std.array()).any();
}

bool feels_bounds(const UnheldGaussian& gaussian) {
  return !felt_bounds(gaussian.mean, gaussian.covariance).empty();
}

double contradiction_of(const UnheldGaussian& gaussian) {
  const auto& [mean, covariance] = gaussian;
  double most = 0.0;
  for (Eigen::Index k = 0; k < mean.size(); ++k)
    most = std::max(most, std::max(-mean[k], mean[k] - 1.0) / std::sqrt(covariance(k, k)));
  return most;
}

} // namespace

BoundedIntervals intervals_within_bounds(const SolvedPoint& solved, const Unheld& unheld,
                                         const UnheldGaussian& gaussian, std::size_t c) {
  const Controls& controls = solved.controls();
  const auto part = [&](const std::vector<std::size_t>& some) {
    return UnheldGaussian{gaussian.mean(some), gaussian.covariance(some, some)};
  };
  const std::vector<std::size_t> informed = informed_values(solved.objective, c);
  if (!feels_bounds(part(informed)) && !is_moved(unheld, gaussian, c)) return {};
  BoundedIntervals found{std::vector<Interval>(controls.per_column(), {std::nan(""), std::nan("")}),
                         contradiction_of(part(informed))};
  const auto set = [&](const std::vector<std::size_t>& some) {
    const auto [mean, covariance] = part(some);
    const std::vector<Interval> intervals = unified_intervals(mean, covariance);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const double x = solved.point.x_of_columns(Eigen::Index(c), Eigen::Index(some[i]));
      found.interval[some[i]] = {controls.in_unit(some[i], std::min(intervals[i].lower, x)),
                                 controls.in_unit(some[i], std::max(intervals[i].upper, x))};
    }
  };
  set(informed);
  if (!solved.objective.separable()) set(informed_values(solved.objective, c, true));
  return found;
}

void ColumnIntervals::start(const DenseMatrix& estimate, const DenseMatrix& std) {
  lower = estimate - std;
  upper = estimate + std;
  bounds_felt.assign(static_cast<std::size_t>(estimate.rows()), 0);
}

void ColumnIntervals::set(std::size_t column, const std::vector<Interval>& found) {
  if (found.empty()) return;
  bounds_felt[column] = 1;
  for (std::size_t k = 0; k < found.size(); ++k) {
    lower(column, k) = found[k].lower;
    upper(column, k) = found[k].upper;
  }
}

void ColumnIntervals::share(const Objective& objective) {
  const Controls& controls = objective.controls();
  constexpr double none = std::numeric_limits<double>::infinity();
  std::vector<double> least(controls.n_shared(), none), largest(controls.n_shared(), -none);
  const auto for_shared = [&](const auto& work) {
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      for (const std::size_t k : informed_values(objective, c, true))
        work(controls.number(c, k) - controls.first_shared(), lower(c, k), upper(c, k));
  };
  for_shared([&](std::size_t s, double from, double to) {
    least[s] = std::fmin(least[s], from);
    largest[s] = std::fmax(largest[s], to);
  });
  for (std::size_t s = 0; s < least.size(); ++s) {
    least[s] = objective.ranks().min(least[s]);
    largest[s] = objective.ranks().max(largest[s]);
  }
  for_shared([&](std::size_t s, double& from, double& to) {
    from = least[s];
    to = largest[s];
  });
}

} // namespace glebe
