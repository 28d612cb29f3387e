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

/// From how many values per column on a gradient costs less by the adjoint than by the
/// tangent-linear model: `glebe_bench adjoint` measures 3.6 to 4.1 (51 and 101 nodes, a year of
/// hours), because the gradient costs 2.6 to 2.9 forward runs, the first direction 0.8 and each of
/// the next 0.3 to 0.7. The tangent-linear model also gives the Gauss-Newton block, for which the
/// adjoint has products only, at 4 forward runs each.
inline constexpr std::size_t adjoint_crossover = 4;

/// The same for a Newton method, which needs products with the Hessian or all of it: the whole
/// search takes as long either way with some 150 values (`glebe_bench adjoint`).
inline constexpr std::size_t product_crossover = 150;

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
