// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/column_problem.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <span>

namespace glebe {

/// Bytes of the steps that the adjoint keeps of a block of lanes at a time: they should stay in the
/// level-2 cache, because a column is solved faster than memory delivers what is kept of it. With
/// 1 MB a gradient for a year costs 2.6 to 2.9 forward runs, with all steps in memory 5 to 7.
inline constexpr double adjoint_bytes = 1e6;

/// From how many values per column on the adjoint, which goes row by row, is cheaper than the
/// tangent-linear model, by `glebe_bench adjoint` (51 and 101 nodes, a year of hours).
struct Crossover {
  /// For a gradient, of which the tangent-linear model also gives the Gauss-Newton block: 6.0
  /// to 6.6 where tangents run in modes, 3.6 to 4.1 where they go row by row as well.
  std::size_t gradient;
  /// For a Newton method, which needs products with the Hessian or all of it: where the whole
  /// search takes as long either way.
  std::size_t products;
};
Crossover adjoint_crossover(const ColumnProblem& problem);

/// Cost and gradient as run_columns() has them, by the adjoint: one run there and one back, however
/// many values there are. The gradient is with respect to all values of a column [run][n_value]
/// (n_direction of them), zero for the slot of a parameter that varies in time; there is no
/// Gauss-Newton block. As many steps are kept at a time as fit into `bytes`, and when these are not
/// all, the model runs there twice; the result is the same to the last bit. The gradient of a run
/// whose model fails means nothing. Not collective.
Evaluation run_columns_adjoint(const ColumnProblem& problem, std::span<const std::size_t> columns,
                               const DenseMatrix& values, double bytes = adjoint_bytes);

/// G v for the Gauss-Newton block G = S^T W S of every run at `values` [run][n_value], v and result
/// [run][n_value], by one tangent and the adjoint; W are the weights of the misfits there. Zero for
/// a run whose model fails. Not collective.
DenseMatrix gauss_newton_product(const ColumnProblem& problem, std::span<const std::size_t> columns,
                                 const DenseMatrix& values, const DenseMatrix& v,
                                 double bytes = adjoint_bytes);

} // namespace glebe
