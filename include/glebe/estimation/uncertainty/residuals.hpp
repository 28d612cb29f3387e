// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <span>
#include <vector>

namespace glebe {

/// How far the residuals of one stream in one column depend on each other.
struct Autocorrelation {
  double lag_one = 0.0;               ///< from one value to the next
  double integrated_time = 1.0;       ///< in values
  double effective_sample_size = 0.0; ///< independent values that say as much: count / time
};

/// The autocorrelation of standardised residuals, NaN where missing. It is that about zero, the
/// expectation of a residual, so that a bias counts as common error. Its time is 1 + 2 sum rho_j up
/// to the first coefficient that is not positive (Geyer 1992), or 1 when the first coefficient is
/// not above 2 / sqrt(n), which white noise exceeds in 2 % of cases.
Autocorrelation autocorrelation_of(std::span<const double> residual);

/// The autocorrelation of all residuals, and standard deviations that take it into account.
struct Residuals {
  Table<Autocorrelation> stream; ///< [column][stream]
  DenseMatrix std_inflated;      ///< [column][k], in the unit of each parameter
};

/// The residuals at a solved point: one run with tangents. The inflated standard deviations are
/// those of the posterior with each stream's weight divided by its autocorrelation time, its errors
/// scaled like those of the posterior. Collective.
Residuals analyse_residuals(const SolvedPoint& solved);

} // namespace glebe
