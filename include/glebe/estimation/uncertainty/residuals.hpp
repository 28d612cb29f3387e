// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/posterior.hpp"

#include <vector>

namespace glebe {

/// How independent the residuals of one stream in one column are.
struct Independence {
  double lag_one = 0.0;   ///< autocorrelation from one value to the next
  double time = 1.0;      ///< integrated autocorrelation time, in values
  double effective = 0.0; ///< number of independent values that say as much: count / time
};

/// The independence of standardised residuals, NaN where missing. The autocorrelation is that about
/// zero, the expectation of a residual, so that a bias counts as common error. Its time is
/// 1 + 2 sum rho_j up to the first coefficient that is not positive (Geyer 1992), or 1 when the
/// first coefficient is not above 2 / sqrt(n), which white noise exceeds in 2 % of cases.
Independence independence(std::span<const double> residual);

/// The independence of all residuals, and standard deviations that take it into account.
struct Residuals {
  std::vector<Independence> stream; ///< [column][stream]
  std::vector<double> std_inflated; ///< [column][k], in the unit of each parameter
};

/// The residuals at x: one run with tangents. The inflated standard deviations are those of the
/// posterior with each stream's weight divided by its autocorrelation time, its errors scaled like
/// those of the posterior. Collective.
Residuals examine_residuals(const Ranks& ranks, const ColumnProblem& problem,
                            const Objective& objective, Vec x, const Posterior& posterior);

} // namespace glebe
