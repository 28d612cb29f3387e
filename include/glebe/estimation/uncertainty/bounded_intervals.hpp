// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/considered.hpp"
#include "glebe/estimation/uncertainty/interval.hpp"

#include <vector>

namespace glebe {

/// The Gaussian approximation of one column in which no control is held, in the scaled controls.
struct UnheldGaussian {
  DenseVector mean;
  DenseMatrix covariance;
};

/// Its input: the estimate of a column of a separable problem.
struct BoundedColumn {
  DenseVector x;        ///< scaled [m]
  DenseVector pull;     ///< gradient of the cost there, zero but for controls at a bound [m]
  DenseMatrix hessian;  ///< G + B^-1 of the cost that was minimised [m][m]
  DenseMatrix reported; ///< the same as the reported standard deviations have it [m][m]
  ConsideredEffect considered;
};

/// The mean is where the minimum would be without bounds, to first order: x - H^-1 pull. The
/// covariance is the reported one, with what considered parameters add. Directions that neither
/// data nor prior determine get a standard deviation of 100 times the width of the bounds, which is
/// as good as none within them.
UnheldGaussian unheld_gaussian(const BoundedColumn& column);

/// What the bounds say of a column, scaled.
struct BoundedIntervals {
  /// unified_intervals() of its unheld Gaussian [m]; empty if no bound is felt: the intervals are
  /// then those of one standard deviation.
  std::vector<Interval> interval = {};
  /// How far beyond a bound the mean of that Gaussian is, at most, in its standard deviations: by
  /// how much the data contradict the bounds. Zero if it is within them.
  double contradiction = 0.0;
};
BoundedIntervals intervals_within_bounds(const BoundedColumn& column);

} // namespace glebe
