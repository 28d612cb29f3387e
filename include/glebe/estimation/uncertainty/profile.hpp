// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The least cost that is possible at given values of one control, the others being fitted anew.
struct Profile {
  std::size_t control = 0;
  DenseMatrix value; ///< in the unit of the parameter [point][column]
  DenseMatrix cost;  ///< NaN where no minimum was found [point][column]

  std::size_t n_point() const { return static_cast<std::size_t>(value.rows()); }
};

/// The profile of value `k` at `n_point` points evenly spaced over `range` posterior standard
/// deviations to either side of the estimate, within the bounds; between the bounds where it is at
/// one. Of a separable problem in every column; of a coupled one `k` must be shared: each of its
/// controls in turn is held while all else, in all columns, is fitted anew, a column has the values
/// of the control that it shares, and costs are those of all columns together. Collective. Throws
/// RunError.
Profile profile_likelihood(const SolvedPoint& solved, std::size_t k, std::size_t n_point,
                           double range);

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
