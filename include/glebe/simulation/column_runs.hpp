// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/column_problem.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <functional>
#include <span>
#include <vector>

namespace glebe {

/// Runs some of this rank's columns, side by side in lanes, with values [run][n_value] as the
/// schedule has them, and compares them with their observations; a column may be run several times
/// with different values. With `directions` the tangent-linear model gives gradients and
/// Gauss-Newton blocks, in the order given. What a run yields does not depend on its neighbours.
/// Not collective.
Evaluation run_columns(const ColumnProblem& problem, std::span<const std::size_t> columns,
                       const DenseMatrix& values, std::span<const Direction> directions);

/// Runs all columns of this rank with values [column][n_value] for the model equivalents of every
/// stream; NaN in columns whose model fails. Not collective.
Series simulate_series(const ColumnProblem& problem, const DenseMatrix& values);

/// A problem, and the values of its columns [run][n_value] as the schedule has them.
struct RunsOfColumns {
  const ColumnProblem& problem;
  const DenseMatrix& values;
};

/// The model equivalents of a run [stream][observation], in their units.
using RunSeries = std::vector<std::vector<double>>;
/// Called for every run with its number and its equivalents in two problems.
using TwoSeriesVisitor =
    std::function<void(std::size_t, const RunSeries& first, const RunSeries& second)>;

/// Runs columns in two problems, which may have other values and other streams, and shows the model
/// equivalents of one run after another, so that those of a whole region need never be in memory.
/// Where the model fails in either, nothing is shown. Streams may be without values. Not
/// collective.
void view_two_series(const RunsOfColumns& first, const RunsOfColumns& second,
                     std::span<const std::size_t> columns, const TwoSeriesVisitor& visit);

} // namespace glebe
