// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/estimation/uncertainty/posterior.hpp"

#include <vector>

namespace glebe {

/// The least cost that is possible at given values of one control, the others being fitted anew.
struct Profile {
  std::size_t control = 0;
  std::size_t n_point = 0;
  std::vector<double> value; ///< in the unit of the parameter [point][column]
  std::vector<double> cost;  ///< NaN where no minimum was found [point][column]
};

/// The profile of control `k` in every column, at values evenly spaced over `range` posterior
/// standard deviations to either side of the estimate, within the bounds; between the bounds where
/// the control is at one. Throws RunError when the model fails to be run. Collective.
Profile profile_likelihood(const Ranks& ranks, Objective& objective, Vec x,
                           const Posterior& posterior, std::size_t k, std::size_t n_point,
                           double range);

/// The profile of value `k`, which columns share, of a coupled problem: each of its controls in
/// turn is held at values about its estimate while all else, in all columns, is minimised again by
/// the method of `settings`. A column has the values of the control that it shares, and costs are
/// those of all columns together. Collective. Throws RunError.
Profile coupled_profile(Objective& objective, Vec x, const Posterior& posterior, std::size_t k,
                        std::size_t n_point, double range, const OptimizerSettings& settings);

/// Where a profile rises `rise` above `least` to either side of `estimate` (half a unit: 68 % of
/// the likelihood of a Gaussian); NaN on a side where it does not within its points. Between points
/// the root of the rise is interpolated, which is linear for a Gaussian.
struct Interval {
  double lower;
  double upper;
};
Interval likelihood_interval(std::span<const double> value, std::span<const double> cost,
                             double estimate, double least, double rise = 0.5);

} // namespace glebe
