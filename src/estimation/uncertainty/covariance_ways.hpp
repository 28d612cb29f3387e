// SPDX-License-Identifier: BSD-3-Clause
// The ways to the covariance of a coupled problem; each returns what coupled_covariance() does.
#pragma once

#include "glebe/estimation/problem/column_blocks.hpp"
#include "glebe/estimation/problem/controls.hpp"
#include "glebe/estimation/problem/hessian.hpp"
#include "glebe/estimation/problem/prior_coupling.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// A matrix [n][n], row by row.
using Dense = std::vector<double>;

/// A coupled problem at a point: what its Hessian is made of, and which controls are free.
struct CoupledPoint {
  const Ranks& ranks;
  const Controls& controls;
  const Coupling& coupling;
  const ColumnBlocks& columns;
  const std::vector<char>& free; ///< numbered like x on this rank

  /// Whether each shared control is free, on every rank. Collective.
  std::vector<char> free_shared() const;
  /// Whether value k of a column is free and something is known of it, for free_shared().
  bool is_sought(const std::vector<char>& shared, std::size_t column, std::size_t k) const;
  /// Number of value k of a column among what columns share.
  std::size_t shared_number(std::size_t column, std::size_t k) const {
    return controls.number(column, k) - controls.first_shared();
  }
  /// Fills H with the blocks of all columns. Collective.
  void fill(Hessian& H) const;
};

/// The inverse on the space that rounding leaves: what is undetermined gets a very large variance,
/// also where nothing at all is determined, controls being of order one.
Dense inverse(Dense matrix, std::size_t n);
/// The inverse of the rows and columns that are `kept`; zero elsewhere.
Dense inverse_of(const std::vector<char>& kept, const Dense& matrix);

/// Where columns meet only in what they share: the own values of a column are eliminated by
/// themselves.
std::vector<double> covariance_by_elimination(const CoupledPoint& point);
/// Where fields couple columns: entries of the inverse from a sparse factor.
std::vector<double> covariance_by_factor(const CoupledPoint& point);
/// The same from samples.
std::vector<double> covariance_by_samples(const CoupledPoint& point, int n_sample,
                                          std::uint64_t seed);

} // namespace glebe
