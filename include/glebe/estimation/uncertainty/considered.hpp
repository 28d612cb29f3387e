// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/considered_values.hpp"
#include "glebe/estimation/uncertainty/covariance.hpp"
#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <vector>

namespace glebe {

/// How the estimates of one column change with the considered parameters.
struct ConsideredEffect {
  DenseMatrix hessian = {}; ///< G + B^-1 of the cost that was minimised, scaled [m][m]
  /// S L [m][r], the derivatives of the gradient by independent changes of considered parameters,
  /// each of one standard deviation; without rows if nothing is considered.
  DenseMatrix cross = {};
  std::vector<std::size_t> parameter = {}; ///< the considered parameter of each change [r]

  /// Of considered values that belong to the column, or of shared ones in a problem whose columns
  /// are not coupled: each is one change.
  static ConsideredEffect of_column(const ConsideredValues& considered, DenseMatrix hessian,
                                    DenseMatrix cross);
  /// Of a column of a coupled problem with its changes [m][r]: the block that would have these
  /// changes, had the column been alone with what it knows from others.
  static ConsideredEffect of_coupled_column(const ConsideredValues& considered, DenseMatrix hessian,
                                            const DenseMatrix& gain);

  bool any() const { return cross.size() > 0; }
  /// The changes of the estimates of `free` controls, -(G + B^-1)^-1 S L [m][r]; zero for others.
  DenseMatrix gain(const std::vector<std::size_t>& free) const;
};

/// Adds what considered parameters contribute to a covariance [m][m].
DenseMatrix with_considered(const DenseMatrix& covariance, const DenseMatrix& gain);

/// The changes of the estimates of all columns of a coupled problem, one column below the other
/// [column * m][r], for every independent change of the considered values, all of which must be
/// shared: one for each of them, and each class of a map. `cross` has S L of the columns
/// [column * m][n]. Takes as many solves. Collective. Throws RunError.
DenseMatrix coupled_gain(const GaussianProblem& problem, const ConsideredValues& considered,
                         const DenseMatrix& cross);

/// The consider analysis (Schmidt 1966; Bierman 1977, Factorization Methods for Discrete Sequential
/// Estimation, chapter VIII): parameters that are held at their values although these are
/// uncertain, with the covariance C = L L^T, change the estimates by -(G + B^-1)^-1 S per unit of
/// each, with S the block of the data between estimated and considered values. The covariance of
/// the estimates is then P + (P S) C (P S)^T. G and S are those of the cost that was minimised,
/// without allowance for dependent residuals and without error_scale: these say how large the
/// errors are, not how the minimum moves.
class Considered {
public:
  /// Takes one run with the tangents of estimated and considered values, if there are any; in a
  /// coupled problem, where considered values must be shared, also a solve for each of them.
  /// Collective. Throws RunError.
  explicit Considered(const SolvedPoint& solved);

  bool any() const { return values_.any(); }
  const ConsideredValues& values() const { return values_; }
  /// The changes of the estimates of a column [m][r]; zero for controls at a bound.
  DenseMatrix gain(std::size_t column) const;
  ConsideredEffect effect(const SolvedPoint& solved, std::size_t column) const;
  /// The changes of the estimates of all columns of a coupled problem, with other controls held
  /// [column * m][r]; without elements if nothing is considered. Collective. Throws RunError.
  DenseMatrix coupled_gain(const GaussianProblem& problem) const;
  /// The considered values along each independent change of them, in prior standard deviations, in
  /// one column [n][r].
  DenseMatrix changes(std::size_t column) const;
  /// The variances that each considered parameter adds to each estimate of a column
  /// [parameter][k], scaled.
  DenseMatrix variances(std::size_t column) const;

private:
  void find_cross_blocks(const SolvedPoint& solved);
  void find_gain(const SolvedPoint& solved);

  ConsideredValues values_;
  Eigen::Index m_;
  bool is_coupled_;
  DenseMatrix cross_; ///< S L of all columns, one below the other [column * m][n]
  DenseMatrix gain_;  ///< [column * m][r]
};

} // namespace glebe
