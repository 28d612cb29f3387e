// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/solved_point.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The autocorrelation of the residuals of one stream in one column; of a fitted stream whose
/// errors have a memory, that of the whitened residuals: what the memory leaves unexplained.
struct Autocorrelation {
  double lag_one = 0.0;               ///< coefficient for successive values
  double integrated_time = 1.0;       ///< integrated autocorrelation time, in values
  double effective_sample_size = 0.0; ///< equivalent number of independent values
  double mean_square = 0.0;           ///< of the standardised residuals

  /// The factor by which the block of the stream is divided, for error variances multiplied by
  /// `error_scale`: the integrated time; 1 where residuals are so small that, with all their
  /// dependence, they are less than the independent errors already allowed for.
  double loss_of_information(double error_scale) const {
    return integrated_time * mean_square > error_scale ? integrated_time : 1.0;
  }
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
  /// The scaled Gauss-Newton block [column] of which these are the standard deviations; NaN for
  /// columns without data, and those that failed.
  DenseBlocks block;
};

/// What the streams say at a point, from the run with tangents that evaluates it.
struct StreamResiduals {
  explicit StreamResiduals(const Objective& objective);
  /// Takes the streams of a column; of one whose model failed, nothing.
  void take(std::size_t column, bool failed, const std::vector<StreamView>& streams);
  /// The Gauss-Newton block of a stream in a column [k][k], in the units of the parameters.
  DenseMatrix block(std::size_t column, std::size_t stream) const;

  Table<Autocorrelation> autocorrelation; ///< [column][stream]
  std::vector<char> taken;                ///< [column]

private:
  std::size_t n_control_;
  std::vector<std::size_t> place_; ///< [stream] among those that are fitted; others have no block
  std::size_t n_fitted_ = 0;
  std::vector<double> triangles_; ///< [column][fitted stream][pair]
};

/// Analyses the residuals at a solved point. The inflated standard deviations are those of the
/// posterior with the block of each stream divided by its loss_of_information. Collective.
Residuals analyse_residuals(const SolvedPoint& solved, const StreamResiduals& found);

} // namespace glebe
