// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/optimise.hpp"
#include "glebe/estimation/uncertainty/profile.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// One shared control, known on every rank: its number in x, estimate and standard deviation, the
// latter two scaled.
struct SharedControl {
  std::size_t number = 0;
  double best = 0.0;
  double std = 0.0; ///< NaN where it is at a bound
};

// The controls that value k takes its classes from, but for classes without a column.
std::vector<SharedControl> controls_of(const Objective& objective, Vec x,
                                       const Posterior& posterior, std::size_t k) {
  const Ranks& ranks = objective.ranks();
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column();
  const std::vector<double> x_of_columns = controls.of_columns(x);
  std::vector<SharedControl> found;
  for (std::size_t s = 0; s < controls.n_shared(); ++s) {
    if (controls.value_of_shared(s) != k) continue;
    const std::size_t number = controls.first_shared() + s;
    double best = -1.0, std = -1.0; // less than any
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      if (controls.number(c, k) != number) continue;
      best = x_of_columns[c * m + k];
      if (const double here = posterior.std[c * m + k]; !std::isnan(here))
        std = here / controls.scale(k);
    }
    best = ranks.max(best);
    std = ranks.max(std);
    if (best >= 0.0) found.push_back({number, best, std < 0.0 ? std::nan("") : std});
  }
  return found;
}

// A walk along the profile of one control, away from the estimate.
class Walk {
public:
  Walk(Objective& objective, Vec x, const SharedControl& control, const OptimizerSettings& settings)
      : objective_(objective), settings_(settings), number_(control.number), last_(copy_of(x)),
        before_(copy_of(x)), value_last_(control.best), value_before_(control.best) {}

  // The least cost with the control at `value`; NaN when it is not found.
  double cost_at(double value) {
    constexpr double negligible_gradient = 1e-5; // moves the cost by less than 1e-10
    Minimisation found = minimise(objective_, expected_at(value), settings_, {}, Log(false), {},
                                  Refit{number_, negligible_gradient});
    if (!found.converged) return std::nan("");
    if (std::abs(value - value_last_) > least_distance) {
      before_ = std::move(last_);
      value_before_ = value_last_;
      last_ = std::move(found.x);
      value_last_ = value;
    }
    return found.cost_final;
  }

private:
  static constexpr double least_distance = 1e-12;

  Vector copy_of(Vec x) const {
    Vector copy = objective_.controls().make_vector();
    GLEBE_PETSC(VecCopy(x, copy.handle()));
    return copy;
  }

  // On the line through the last two minima, which is where they lie when the model is linear.
  Vector expected_at(double value) const {
    Vector start = copy_of(last_.handle());
    const Controls& controls = objective_.controls();
    const double step = value_last_ - value_before_;
    const double ahead = std::abs(step) > least_distance ? (value - value_last_) / step : 0.0;
    const ReadArray before(before_.handle());
    WriteArray to(start.handle());
    for (std::size_t i = 0; i < controls.n_local(); ++i)
      to[i] = controls.first() + i == number_
                  ? value
                  : std::clamp(to[i] + ahead * (to[i] - before[i]), 0.0, 1.0);
    return start;
  }

  Objective& objective_;
  const OptimizerSettings& settings_;
  std::size_t number_;
  Vector last_;   ///< the minimum at the last value
  Vector before_; ///< and at the one before
  double value_last_;
  double value_before_;
};

} // namespace

Profile coupled_profile(Objective& objective, Vec x, const Posterior& posterior, std::size_t k,
                        std::size_t n_point, double range, const OptimizerSettings& settings) {
  const Controls& controls = objective.controls();
  const std::size_t n_column = controls.n_column();
  const std::vector<double> none(n_point * n_column, std::nan(""));
  Profile profile{k, n_point, none, none};
  for (const SharedControl& control : controls_of(objective, x, posterior, k)) {
    const double reach = range * control.std;
    const double from = std::isnan(reach) ? 0.0 : std::max(0.0, control.best - reach);
    const double to = std::isnan(reach) ? 1.0 : std::min(1.0, control.best + reach);
    std::vector<double> value(n_point), cost(n_point);
    for (std::size_t i = 0; i < n_point; ++i)
      value[i] = from + (to - from) * static_cast<double>(i) / static_cast<double>(n_point - 1);
    const auto above = static_cast<std::size_t>(
        std::lower_bound(value.begin(), value.end(), control.best) - value.begin());
    Walk upwards(objective, x, control, settings), downwards(objective, x, control, settings);
    for (std::size_t i = above; i < n_point; ++i) cost[i] = upwards.cost_at(value[i]);
    for (std::size_t i = above; i-- > 0;) cost[i] = downwards.cost_at(value[i]);
    for (std::size_t c = 0; c < n_column; ++c) {
      if (controls.number(c, k) != control.number) continue;
      for (std::size_t i = 0; i < n_point; ++i) {
        profile.value[i * n_column + c] =
            controls.controls()[k].lower + controls.scale(k) * value[i];
        profile.cost[i * n_column + c] = cost[i];
      }
    }
  }
  return profile;
}

} // namespace glebe
