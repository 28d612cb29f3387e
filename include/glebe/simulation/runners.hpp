// SPDX-License-Identifier: BSD-3-Clause
// Columns with all their memory, run on one block after another. Which kind of column a problem
// needs is decided once, when its runner is made.
#pragma once

#include "glebe/physics/real.hpp"
#include "glebe/physics/run/equivalent_sink.hpp"
#include "glebe/simulation/column_problem.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace glebe {

/// Values [lane][n] of `n_column` columns side by side in `packed` [n]; lanes that are left repeat
/// the last column.
template <class Real, class Value>
void pack(const Value* values, std::size_t n_column, std::vector<Real>& packed) {
  for (std::size_t k = 0; k < packed.size(); ++k) {
    if constexpr (lane_count<Real> == 1)
      packed[k] = values[k];
    else
      packed[k] = Real([&](auto lane) {
        return values[std::min<std::size_t>(lane, n_column - 1) * packed.size() + k];
      });
  }
}

/// Runs a column and its tangents.
template <class Real>
class BlockRunner {
public:
  virtual ~BlockRunner() = default;
  /// The directions in the order in which sinks receive them: order()[i] is the number of the i-th
  /// among those given.
  virtual const std::vector<std::size_t>& order() const = 0;
  /// Runs `columns` side by side, as many as Real has lanes or fewer, with their values packed
  /// [n_value]; `sink` receives the model equivalents. Returns the lanes without a solution.
  virtual Mask<Real> run(std::span<const std::size_t> columns, const std::vector<Real>& values,
                         EquivalentSink<Real>& sink) = 0;
};

/// Receives the model equivalents of a run and says where the way back starts.
template <class Real>
class AdjointSink : public EquivalentSink<Real> {
public:
  /// What the result gains per unit of each equivalent [stream][observation]; null for a stream on
  /// which it does not depend.
  virtual std::vector<const Real*> equivalent_ad() = 0;
};

/// Runs a column there and its adjoint back.
template <class Real>
class AdjointRunner {
public:
  virtual ~AdjointRunner() = default;
  /// As BlockRunner, and back from what `sink` says afterwards. Where the runner was made so, the
  /// model goes there with the tangent of a change of all values along `change` [n_value].
  virtual Mask<Real> run(std::span<const std::size_t> columns, const std::vector<Real>& values,
                         const std::vector<Real>& change, AdjointSink<Real>& sink) = 0;
  /// The gradient of the result [n_value], after run().
  virtual const Real* gradient() const = 0;
};

/// Whether the model of a problem, with its tangents, runs in the modes of conduction.
bool runs_in_modes(const ColumnProblem& problem);

/// A runner for `problem`, which must have its forcing in as many lanes as Real and outlive it, and
/// for these directions.
template <class Real>
std::unique_ptr<BlockRunner<Real>> make_block_runner(const ColumnProblem& problem,
                                                     std::span<const Direction> directions);

/// A runner there and back that keeps as many steps at a time as fit into `bytes`; `with_change`:
/// for Gauss-Newton products.
template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_adjoint_runner(const ColumnProblem& problem, double bytes,
                                                         bool with_change);

} // namespace glebe
