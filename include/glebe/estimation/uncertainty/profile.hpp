// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/interval.hpp"
#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <functional>
#include <span>
#include <vector>

namespace glebe {

/// The minimum cost at given values of one control, the other controls being fitted again.
struct Profile {
  std::size_t control = 0;
  DenseMatrix value; ///< in the unit of the parameter [point][column]
  DenseMatrix cost;  ///< NaN where no minimum was found [point][column]

  std::size_t n_point() const { return static_cast<std::size_t>(value.rows()); }
};

/// The profile of value `k` at `n_point` points, evenly spaced within `range` posterior standard
/// deviations of the estimate and within the bounds; if the estimate is at a bound, between the
/// bounds. In a separable problem every column has its own profile. In a coupled problem `k` must
/// be shared: each of its controls in turn is held while all other controls are fitted again; a
/// column gets the profile of its own control, and costs are those of all columns together.
/// In a coupled problem `between` is called after every point. Collective. Throws RunError, and
/// what `between` throws.
Profile profile_likelihood(
    const SolvedPoint& solved, std::size_t k, std::size_t n_point, double range,
    const std::function<void()>& between = [] {});

/// Where a profile is `rise` above `least` on either side of `estimate` (0.5: the 68 % interval of
/// a Gaussian); NaN on a side where it does not rise as much. Between points the square root of the
/// rise is interpolated linearly, which is exact for a Gaussian.
Interval likelihood_interval(std::span<const double> value, std::span<const double> cost,
                             double estimate, double least, double rise = 0.5);

/// The 68 % interval of a column from its profile. Not collective.
Interval likelihood_interval(const SolvedPoint& solved, const Profile& profile, std::size_t column);

} // namespace glebe
