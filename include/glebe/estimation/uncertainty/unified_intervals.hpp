// SPDX-License-Identifier: BSD-3-Clause
// Intervals of a Gaussian whose controls are confined to the unit cube, the box of their bounds.
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/estimation/uncertainty/interval.hpp"

#include <vector>

namespace glebe {

/// The probability within one standard deviation of a Gaussian.
inline constexpr double one_sigma = 0.682689492137086;

/// A bound farther than this from the mean of its control is not felt: the Gaussian has less than
/// 4e-5 of its probability beyond it [standard deviations].
inline constexpr double far_from_bound = 4.0;

/// The controls of a Gaussian N(mean, covariance) whose bounds, 0 and 1, are felt, ascending.
std::vector<std::size_t> felt_bounds(const DenseVector& mean, const DenseMatrix& covariance);

/// For every control, the interval with the confidence `one_sigma`, when the Gaussian
/// N(mean [m], covariance [m][m]) is what unbounded data say and 0 <= x <= 1 holds for all
/// controls.
///
/// It has the values mu of the control for which data that agree worse with mu, relative to the
/// best point within the bounds, are not less likely than 1 - `one_sigma`. "Worse" is by the ratio
/// of likelihoods (Feldman and Cousins 1998, Phys. Rev. D 57, 3873), in which the other controls
/// take their best values within their bounds. Of a control by itself the interval covers every
/// truth with the probability `one_sigma`, wherever that is between the bounds; what bounds of
/// others change is in the ratio, not in its distribution. Of other controls with felt bounds, the
/// twelve most correlated with it count. It contains the best point. Data that contradict bounds by
/// more than 1.75 standard deviations are taken to do so by as much, and the interval is then the
/// bound and a tenth of a standard deviation beside it. Not collective.
std::vector<Interval> unified_intervals(const DenseVector& mean, const DenseMatrix& covariance);

} // namespace glebe
