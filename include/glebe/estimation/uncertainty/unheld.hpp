// SPDX-License-Identifier: BSD-3-Clause
// Estimates with nothing held at a bound, to first order.
#pragma once

#include "glebe/estimation/uncertainty/considered.hpp"
#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// The Gaussian approximation of one column in which no control is held, in the scaled controls.
struct UnheldGaussian {
  DenseVector mean;       ///< [m]
  DenseMatrix covariance; ///< [m][m]
};

/// What the estimates of columns, and what is known of them, would be if no control of any column
/// were held at a bound. Directions that neither data nor prior determine get a standard deviation
/// of 100 times the width of the bounds, which is as good as none within them.
class Unheld {
public:
  /// In a coupled problem with a control at a bound it takes the covariances of all columns once
  /// more, one solve, and one for each considered value. The arguments must outlive the object.
  /// Where these fail, the controls of other columns stay held, and there is trouble(). Collective.
  Unheld(const SolvedPoint& solved, const Considered& considered);

  /// Whether bounds of other columns move the estimates of a column: the problem is coupled, and a
  /// control of some column is at a bound.
  bool is_coupled() const { return coupled_.has_value(); }
  const std::string& trouble() const { return trouble_; }
  /// How far the minimum would move, -H^-1 pull, with the Hessian H = G + B^-1 of all columns of
  /// the cost that was minimised [m].
  DenseVector shift(std::size_t column) const;
  /// As in Posterior [m][m].
  DenseMatrix precision_without_data(std::size_t column) const;
  /// The changes of the estimates with considered parameters [m][r], as in Considered.
  DenseMatrix gain(std::size_t column) const;
  /// The column with a Gauss-Newton block [m][m] that has the allowance to be reported.
  UnheldGaussian gaussian(std::size_t column, const DenseMatrix& block) const;

private:
  /// Of a coupled problem.
  struct Coupled {
    DenseMatrix shift; ///< [column][k]
    DenseBlocks precision_without_data;
    DenseMatrix gain; ///< [column * m][r]
  };
  Coupled find_coupled() const;
  DenseMatrix own_hessian(std::size_t column) const;

  const SolvedPoint& solved_;
  const Considered& considered_;
  std::optional<Coupled> coupled_;
  std::string trouble_;
};

} // namespace glebe
