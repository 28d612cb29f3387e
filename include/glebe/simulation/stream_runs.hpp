// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/column_problem.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <functional>
#include <span>
#include <vector>

namespace glebe {

/// What one stream says in one column.
struct StreamView {
  /// (model - observation) / sigma, NaN where there is none [observation].
  std::vector<double> residual;
  /// The same made independent of each other, of a fitted stream whose errors have a memory; empty
  /// for others [observation].
  std::vector<double> whitened;
  /// Gauss-Newton blocks of the observations in each window, in the units of the parameters
  /// [window]; zero for a stream that is not fitted.
  DenseBlocks block;

  /// The residuals that are independent if all that is assumed holds.
  const std::vector<double>& independent() const { return whitened.empty() ? residual : whitened; }
};

/// Called for every run with its number, whether its model failed, and its streams.
using RunVisitor = std::function<void(std::size_t, bool, const std::vector<StreamView>&)>;

/// Runs columns as run_columns() does and shows what every stream says by itself. An observation
/// belongs to a window [s] when its whole interval does. A stream without values counts as if all
/// of it were observed with the sigma and the memory of its settings; its residuals are NaN. In
/// every window the memory begins anew. Not collective.
void view_streams(const ColumnProblem& problem, std::span<const std::size_t> columns,
                  const DenseMatrix& values, std::span<const Direction> directions,
                  std::span<const TimeInterval> windows, const RunVisitor& visit);

/// What run_columns() returns, to the last bit, and what view_streams() shows of the whole window,
/// from the same runs. Not collective.
Evaluation run_and_view_streams(const ColumnProblem& problem, std::span<const std::size_t> columns,
                                const DenseMatrix& values, std::span<const Direction> directions,
                                const RunVisitor& visit);

} // namespace glebe
