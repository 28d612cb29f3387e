// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/column_blocks.hpp"
#include "glebe/estimation/problem/objective.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// A Gaussian distribution of all controls with the precision P^T G P + B^-1, from the blocks of
/// columns and the prior that couples them. Some controls are held at their values.
struct GaussianProblem {
  const Ranks& ranks;
  const Controls& controls;
  const PriorCoupling& coupling;
  ColumnBlocks columns;
  std::vector<char> free; ///< [control of this rank]: not held

  /// Whether each shared control is free, on every rank. Collective.
  std::vector<char> free_shared() const;
  /// Whether value k of a column is free and informed, and thus has a covariance. `shared` is
  /// free_shared().
  bool is_included(const std::vector<char>& shared, std::size_t column, std::size_t k) const;
  /// The values k of a column for which this holds.
  std::vector<std::size_t> included(const std::vector<char>& shared, std::size_t column) const;
  /// The number of value k of a column among the shared controls.
  std::size_t shared_number(std::size_t column, std::size_t k) const {
    return controls.number(column, k) - controls.first_shared();
  }
  /// Fills H with the blocks of all columns. Collective.
  void fill(Hessian& H) const;
};

/// The Gaussian approximation at a point of an objective, with error variances multiplied by
/// `error_scale` [column]. Holds references to all three.
GaussianProblem gaussian_at(const Objective& objective, const EvaluatedPoint& point,
                            const std::vector<double>& error_scale, std::vector<char> free);

/// How the covariance of fields is computed.
struct FieldCovariance {
  /// With more controls of columns than this, over all ranks, it is estimated from samples. The
  /// time for exact entries of the inverse grows with the square of the number (1.3 s for 5,000 and
  /// 13 s for 20,000 on one core).
  std::size_t largest_exact = 20'000;
  int n_sample = 100;
  std::uint64_t seed = 1;
};

/// Whether the covariance is estimated from samples. Not collective.
bool has_sampled_covariance(const Controls& controls, const PriorCoupling& coupling,
                            const FieldCovariance& how = {});

/// The covariances between the estimated values of each column, scaled.
struct ColumnCovariances {
  DenseBlocks matrix;                   ///< [column]; NaN for values that are held or not informed
  std::vector<double> condition_number; ///< of a column's own Hessian; NaN if columns are coupled
};

/// The covariances of a Gaussian problem. If it is separable, each column is inverted separately.
/// If columns are coupled by shared controls only, the own values of each column are eliminated. If
/// fields couple columns, the result is exact for moderate sizes: MUMPS computes the entries of the
/// inverse that are needed from a sparse factor. For larger sizes it is estimated from samples of
/// the Gaussian, each from one solve (Rue and Held 2005, section 2.4); standard deviations then
/// have a relative error of 1 / sqrt(2 n_sample), and the samples are the same for any number of
/// ranks up to rounding. Collective. Throws RunError.
ColumnCovariances column_covariances(const GaussianProblem& problem,
                                     const FieldCovariance& how = {});

/// The covariances between value k of column `row`, counted among all active columns, and value j
/// of every column: [column](k, j). Takes one solve for each k. For coupled problems. Collective.
/// Throws RunError.
DenseBlocks covariance_row(const GaussianProblem& problem, std::size_t row);

} // namespace glebe
