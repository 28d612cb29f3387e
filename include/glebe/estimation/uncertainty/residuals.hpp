// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The autocorrelation of the residuals of one stream in one column.
struct Autocorrelation {
  double lag_one = 0.0;               ///< coefficient for successive values
  double integrated_time = 1.0;       ///< integrated autocorrelation time, in values
  double effective_sample_size = 0.0; ///< equivalent number of independent values
};

/// The autocorrelation of standardised residuals, NaN where missing. It is taken about zero, the
/// expectation of a residual, so that a bias counts as an error common to all values. The
/// integrated time is 1 + 2 sum rho_j up to the first coefficient that is not positive (Geyer
/// 1992), or 1 if rho_1 is not above 2 / sqrt(n), which white noise exceeds in 2 % of cases.
Autocorrelation autocorrelation_of(std::span<const double> residual);

/// The autocorrelations of all residuals, and standard deviations that account for them.
struct Residuals {
  Table<Autocorrelation> stream; ///< [column][stream]
  DenseMatrix std_inflated;      ///< [column][k], in the unit of each parameter
};

/// Analyses the residuals at a solved point, by one run with tangents. The inflated standard
/// deviations are those of the posterior with the block of each stream divided by its integrated
/// autocorrelation time. Collective.
Residuals analyse_residuals(const SolvedPoint& solved);

} // namespace glebe
