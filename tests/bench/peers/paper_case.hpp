// SPDX-License-Identifier: BSD-3-Clause
// The two-depth case of Huang, Heaney and van Reeuwijk (arXiv:2505.02979) for Glebe, and in plain
// arrays for others.
#pragma once

#include "glebe/grid/soil_grid.hpp"
#include "glebe/simulation/column_runs.hpp"

#include "plain_column.hpp"

namespace glebe::bench {

/// Columns with the same weather and observations, those of the true parameters without noise, each
/// at a first guess of its own in the ranges of the source paper: 101 nodes, 100 backward Euler
/// steps of an hour, six parameters.
class PaperCase {
public:
  explicit PaperCase(std::size_t n_column);

  ColumnProblem problem() const { return problem_with(observations_); }
  const DenseMatrix& values() const { return values_; } ///< [column][n_value]
  /// The parameters that are sought, in the order of a Sought.
  std::vector<Direction> directions() const;
  /// Where these stand among the values of a column.
  std::vector<std::size_t> positions() const;
  PlainCase plain() const;

private:
  ColumnProblem problem_with(const Observations& observations) const;
  std::vector<double> values_of(const Sought& parameters) const;
  Observations observe() const;

  std::size_t n_column_;
  ModelTime time_;
  SoilGrid soil_;
  ParameterSchedule schedule_;
  Forcing forcing_;
  DenseMatrix values_;
  Observations observations_;
};

} // namespace glebe::bench
