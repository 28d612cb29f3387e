// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/interval.hpp"
#include "glebe/estimation/uncertainty/unheld.hpp"

#include <vector>

namespace glebe {

/// What the bounds say of a column, scaled.
struct BoundedIntervals {
  /// unified_intervals() of its unheld Gaussian [m]; empty if no bound is felt: the intervals are
  /// then those of one standard deviation.
  std::vector<Interval> interval = {};
  /// How far beyond a bound the mean of that Gaussian is, at most, in its standard deviations: by
  /// how much the data contradict the bounds. Zero if it is within them.
  double contradiction = 0.0;
};
BoundedIntervals intervals_within_bounds(const UnheldGaussian& unheld);

} // namespace glebe
