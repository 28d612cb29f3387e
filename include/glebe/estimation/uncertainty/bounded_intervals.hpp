// SPDX-License-Identifier: BSD-3-Clause
// The 68 % intervals of estimates whose bounds are felt.
#pragma once

#include "glebe/estimation/uncertainty/interval.hpp"
#include "glebe/estimation/uncertainty/unheld.hpp"

#include <vector>

namespace glebe {

/// What the bounds say of a column.
struct BoundedIntervals {
  /// In the unit of each parameter [k], NaN for values without information; empty if no bound is
  /// felt: the intervals are then those of one standard deviation.
  std::vector<Interval> interval = {};
  /// How far beyond a bound the mean of its unheld Gaussian is, at most, in its standard
  /// deviations: by how much the data contradict the bounds. Zero if it is within them.
  double contradiction = 0.0;
};

/// The unified_intervals() of a column with the Gaussian unheld.gaussian(). A shared value does not
/// depend on which column is looked at, therefore not on the bounds of values that are the column's
/// own. What bounds of all columns do to an estimate together may take it out of the interval,
/// which then is made wider. Not collective.
BoundedIntervals intervals_within_bounds(const SolvedPoint& solved, const Unheld& unheld,
                                         const UnheldGaussian& gaussian, std::size_t column);

/// The intervals of all columns.
struct ColumnIntervals {
  DenseMatrix lower, upper;      ///< [column][k], in the unit of each parameter
  std::vector<char> bounds_felt; ///< [column]: they differ from one standard deviation

  /// One standard deviation about the estimates [column][k].
  void start(const DenseMatrix& estimate, const DenseMatrix& std);
  /// Those of a column, if there are any.
  void set(std::size_t column, const std::vector<Interval>& found);
  /// Gives a shared value one interval: the widest that any column has. Collective.
  void share(const Objective& objective);
};

} // namespace glebe
