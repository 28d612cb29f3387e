// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/column_blocks.hpp"
#include "glebe/estimation/problem/objective.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// A Gaussian over all controls: the precision P^T G P + B^-1 of what the columns give and the
/// prior that couples them, with some controls held.
struct GaussianProblem {
  const Ranks& ranks;
  const Controls& controls;
  const PriorCoupling& coupling;
  ColumnBlocks columns;
  std::vector<char> free; ///< numbered like x on this rank

  /// Whether each shared control is free, on every rank. Collective.
  std::vector<char> free_shared() const;
  /// Whether value k of a column is free and informed, for free_shared().
  bool is_included(const std::vector<char>& shared, std::size_t column, std::size_t k) const;
  /// Those values of a column.
  std::vector<std::size_t> included(const std::vector<char>& shared, std::size_t column) const;
  /// Number of value k of a column among what columns share.
  std::size_t shared_number(std::size_t column, std::size_t k) const {
    return controls.number(column, k) - controls.first_shared();
  }
  /// Fills H with the blocks of all columns. Collective.
  void fill(Hessian& H) const;
};

/// The Gaussian about a point of an objective, its data having errors with these squared factors
/// [column]. Holds references to all three.
GaussianProblem gaussian_at(const Objective& objective, const EvaluatedPoint& point,
                            const std::vector<double>& error_scale, std::vector<char> free);

/// How the covariance of fields is to be had.
struct FieldCovariance {
  /// With more controls of columns than this, over all ranks, from samples: entries of the inverse
  /// take a time that grows with their square (13 s for 20,000, 1.3 s for 5,000, one core).
  std::size_t largest_exact = 20'000;
  int n_sample = 100;
  std::uint64_t seed = 1;
};

/// Whether it comes from samples. Not collective.
bool has_sampled_covariance(const Controls& controls, const PriorCoupling& coupling,
                            const FieldCovariance& how = {});

/// The covariance, seen from every column: between the values that it varies, scaled.
struct ColumnCovariances {
  DenseBlocks matrix; ///< [column]; NaN for values that are held or uninformed
  std::vector<double>
      condition_number; ///< of a column's own Hessian; NaN where columns are coupled
};

/// The covariances of a Gaussian problem. Separable ones: each column by itself. Where columns meet
/// only in what they share, the own values of a column are eliminated by themselves. Where fields
/// couple columns it is exact for moderate sizes: the wanted entries of the inverse from a sparse
/// factor, by MUMPS. Else it comes from samples of the Gaussian, each from one solve (Rue and Held
/// 2005, section 2.4), which gives standard deviations to 1 / sqrt(2 n_sample) of themselves; the
/// samples are the same for any number of ranks up to rounding. Collective. Throws RunError.
ColumnCovariances column_covariances(const GaussianProblem& problem,
                                     const FieldCovariance& how = {});

/// The covariances between the values of column `row`, counted among all active columns, and those
/// of every column [column](k, j), from a solve for each of its values. Of coupled problems.
/// Collective. Throws RunError.
DenseBlocks covariance_row(const GaussianProblem& problem, std::size_t row);

} // namespace glebe
