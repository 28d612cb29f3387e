// SPDX-License-Identifier: BSD-3-Clause
// A Gaussian distribution of controls that is confined to the unit cube, the box of their bounds.
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

/// For every control, the shortest interval that has the probability `one_sigma` in its marginal
/// distribution, when the Gaussian N(mean [m], covariance [m][m]) is confined to 0 <= x <= 1 in all
/// controls together. It contains the most probable value, and ends at a bound where the density
/// falls from there.
///
/// The marginal density of control k is its Gaussian density times the probability that the other
/// controls are within their bounds, given k. With one other control whose bounds are felt this is
/// exact. With several, of which the twelve most correlated with k count, it is the mean over 64
/// points, always the same: the controls are drawn within their bounds one after the other, each
/// given those before it (Genz and Bretz 2009, Computation of multivariate normal and t
/// probabilities, section 4.2). Not collective.
std::vector<Interval> truncated_intervals(const DenseVector& mean, const DenseMatrix& covariance);

} // namespace glebe
