// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/estimation/uncertainty/posterior.hpp"

namespace glebe {

/// A problem at its minimum with the posterior there: the input of every analysis of an estimate.
struct SolvedPoint {
  Objective& objective;
  const OptimizerSettings& optimizer; ///< of the search; refits use the same method
  EvaluatedPoint point;               ///< with blocks
  Posterior posterior;

  const Controls& controls() const { return objective.controls(); }
  const ColumnProblem& problem() const { return objective.problem(); }
  /// What is given for the columns at the estimate [column][n_value], as their runs take it.
  DenseMatrix values() const { return controls().values(point.x_of_columns); }
  /// The estimates [column][k], in the unit of each parameter.
  DenseMatrix estimates() const {
    DenseMatrix result = point.x_of_columns;
    for (Eigen::Index c = 0; c < result.rows(); ++c)
      for (Eigen::Index k = 0; k < result.cols(); ++k)
        result(c, k) = estimate(static_cast<std::size_t>(c), static_cast<std::size_t>(k));
    return result;
  }
  /// The estimate of value k in a column, in the unit of the parameter.
  double estimate(std::size_t column, std::size_t k) const {
    return controls().in_unit(k, point.x_of_columns(column, k));
  }
};

} // namespace glebe
