// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/table.hpp"
#include "glebe/simulation/column_problem.hpp"

#include <span>

namespace glebe {

/// A direction, and which of the values of a column it changes.
struct ValueDirection {
  Direction direction;
  std::size_t value;
};

/// The tangent-linear model against the complex step of the forward model, for the first column of
/// this rank, at its values [n_value]: by [direction][stream] the largest difference of the
/// derivatives of all model equivalents, relative to the stream's largest derivative. `problem` has
/// its forcing in lane_width() lanes: the tangents run as they do in a search. Not collective.
Table<double> complex_step_differences(const ColumnProblem& problem, std::span<const double> values,
                                       const std::vector<ValueDirection>& directions);

} // namespace glebe
