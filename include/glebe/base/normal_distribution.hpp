// SPDX-License-Identifier: BSD-3-Clause
// The standard normal distribution, also far in its tails.
#pragma once

namespace glebe {

/// The probability below z.
double normal_probability(double z);
/// The z below which the probability is p, 0 < p < 1. Accurate to about 1e-15 relative.
double normal_quantile(double p);

/// The logarithm of the probability between a and b, a < b, either of which may be infinite.
double log_probability_between(double a, double b);
/// The point between a and b that has the part u, 0 < u < 1, of their probability below it.
double quantile_between(double a, double b, double u);

} // namespace glebe
