// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/profile.hpp"

#include "glebe/estimation/search/refit.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// Evenly spaced values of a control around its estimate, scaled: within `reach` on either side, or,
// if `reach` is NaN, between the bounds.
std::vector<double> points_around(double estimate, double reach, std::size_t n_point) {
  const double from = std::isnan(reach) ? 0.0 : std::max(0.0, estimate - reach);
  const double to = std::isnan(reach) ? 1.0 : std::min(1.0, estimate + reach);
  std::vector<double> points(n_point);
  for (std::size_t i = 0; i < n_point; ++i)
    points[i] = from + (to - from) * static_cast<double>(i) / static_cast<double>(n_point - 1);
  return points;
}

void store(const SolvedPoint& solved, std::size_t k, std::size_t c,
           const std::vector<double>& points, Profile& profile) {
  for (std::size_t i = 0; i < points.size(); ++i)
    profile.value(i, c) = solved.controls().in_unit(k, points[i]);
}

// ---- Separable problems -------------------------------------------------------------------------

// The start of a fit with value k of a column fixed at `value`: the conditional mean of the linear
// posterior.
DenseVector conditional_mean(const SolvedPoint& solved, std::size_t c, std::size_t k,
                             double value) {
  const auto covariance = solved.posterior.covariance[c];
  DenseVector start = solved.point.x_of_columns.row(c);
  const double moved = value - start[k];
  for (Eigen::Index j = 0; j < start.size(); ++j) {
    const double slope = covariance(k, j) / covariance(k, k);
    if (std::isfinite(slope)) start[j] = std::clamp(start[j] + slope * moved, 0.0, 1.0);
  }
  start[k] = value;
  return start;
}

void profile_columns(const SolvedPoint& solved, double range, Profile& profile) {
  const std::size_t k = profile.control, n_point = profile.n_point();
  std::vector<DenseMatrix> starts(n_point, solved.point.x_of_columns);
  for (const std::size_t c : solved.objective.columns_with_data()) {
    const double reach = range * solved.posterior.std(c, k) / solved.controls().scale(k);
    const auto points = points_around(solved.point.x_of_columns(c, k), reach, n_point);
    for (std::size_t i = 0; i < n_point; ++i)
      starts[i].row(c) = conditional_mean(solved, c, k, points[i]);
    store(solved, k, c, points, profile);
  }
  const std::vector<Refitted> found =
      refit(solved.objective, starts, HeldControl{k, {}}, solved.optimizer);
  for (std::size_t i = 0; i < n_point; ++i)
    for (const std::size_t c : solved.objective.columns_with_data())
      if (found[i].converged[c]) profile.cost(i, c) = found[i].cost[c];
}

// ---- Shared controls of coupled problems --------------------------------------------------------

// A shared control with its scaled estimate and standard deviation, the same on every rank.
struct SharedControl {
  std::size_t number = 0; ///< in x
  double best = 0.0;
  double std = 0.0; ///< NaN if it is at a bound
};

// The shared controls of value k, except those of classes without a column.
std::vector<SharedControl> shared_controls_of(const SolvedPoint& solved, std::size_t k) {
  const Ranks& ranks = solved.objective.ranks();
  const Controls& controls = solved.controls();
  std::vector<SharedControl> found;
  for (std::size_t s = 0; s < controls.n_shared(); ++s) {
    if (controls.value_of_shared(s) != k) continue;
    const std::size_t number = controls.first_shared() + s;
    double best = -1.0, std = -1.0; // below all values
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      if (controls.number(c, k) != number) continue;
      best = solved.point.x_of_columns(c, k);
      if (const double here = solved.posterior.std(c, k); !std::isnan(here))
        std = here / controls.scale(k);
    }
    best = ranks.max(best);
    std = ranks.max(std);
    if (best >= 0.0) found.push_back({number, best, std < 0.0 ? std::nan("") : std});
  }
  return found;
}

// Fits along the profile of one control, from the estimate outwards. Each starts from the linear
// extrapolation of the last two minima, which is exact for a linear model.
class ProfilePath {
public:
  ProfilePath(const SolvedPoint& solved, std::size_t k, const SharedControl& control)
      : solved_(solved), held_{k, control.number}, last_(solved.point.x_of_columns), before_(last_),
        value_last_(control.best), value_before_(control.best) {}

  // The minimum cost with the control at `value`; NaN if the fit does not converge.
  double cost_at(double value) {
    const Refitted found =
        refit(solved_.objective, {extrapolated_to(value)}, held_, solved_.optimizer).front();
    // Costs and convergence are the same for all columns; a rank without columns has none.
    const double cost = found.cost.empty() ? infinity_ : found.cost.front();
    const bool converged = found.converged.empty() || found.converged.front();
    if (solved_.objective.ranks().any(!converged)) return std::nan("");
    if (std::abs(value - value_last_) > min_distance) {
      before_ = std::exchange(last_, found.x);
      value_before_ = std::exchange(value_last_, value);
    }
    return solved_.objective.ranks().min(cost);
  }

private:
  static constexpr double min_distance = 1e-12;
  static constexpr double infinity_ = std::numeric_limits<double>::infinity();

  DenseMatrix extrapolated_to(double value) const {
    const Controls& controls = solved_.controls();
    const double step = value_last_ - value_before_;
    const double ahead = std::abs(step) > min_distance ? (value - value_last_) / step : 0.0;
    DenseMatrix start = (last_ + ahead * (last_ - before_)).cwiseMax(0.0).cwiseMin(1.0);
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      if (controls.number(c, held_.k) == *held_.in_x) start(c, held_.k) = value;
    return start;
  }

  const SolvedPoint& solved_;
  HeldControl held_;
  DenseMatrix last_;   ///< the minimum at the last value [column][k]
  DenseMatrix before_; ///< the minimum at the value before
  double value_last_;
  double value_before_;
};

void profile_shared(const SolvedPoint& solved, double range, const std::function<void()>& between,
                    Profile& profile) {
  const std::size_t k = profile.control, n_point = profile.n_point();
  const Controls& controls = solved.controls();
  for (const SharedControl& control : shared_controls_of(solved, k)) {
    const auto points = points_around(control.best, range * control.std, n_point);
    const auto above = static_cast<std::size_t>(
        std::lower_bound(points.begin(), points.end(), control.best) - points.begin());
    std::vector<double> cost(n_point);
    ProfilePath upwards(solved, k, control), downwards(solved, k, control);
    const auto follow = [&](ProfilePath& path, std::size_t i) {
      cost[i] = path.cost_at(points[i]);
      between();
    };
    for (std::size_t i = above; i < n_point; ++i) follow(upwards, i);
    for (std::size_t i = above; i-- > 0;) follow(downwards, i);
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      if (controls.number(c, k) != control.number) continue;
      store(solved, k, c, points, profile);
      for (std::size_t i = 0; i < n_point; ++i) profile.cost(i, c) = cost[i];
    }
  }
}

} // namespace

Profile profile_likelihood(const SolvedPoint& solved, std::size_t k, std::size_t n_point,
                           double range, const std::function<void()>& between) {
  const DenseMatrix none =
      DenseMatrix::Constant(n_point, solved.controls().n_column(), std::nan(""));
  Profile profile{k, none, none};
  if (solved.objective.separable())
    profile_columns(solved, range, profile);
  else
    profile_shared(solved, range, between, profile);
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

Interval likelihood_interval(const SolvedPoint& solved, const Profile& profile,
                             std::size_t column) {
  const double half_a_unit = 0.5;
  const DenseVector value = profile.value.col(column), cost = profile.cost.col(column);
  const double least = *std::min_element(cost.begin(), cost.end(), [](double a, double b) {
    return !std::isnan(a) && (std::isnan(b) || a < b);
  });
  return likelihood_interval({value.data(), profile.n_point()}, {cost.data(), profile.n_point()},
                             solved.estimate(column, profile.control), least,
                             half_a_unit * solved.posterior.error_scale[column]);
}

} // namespace glebe
