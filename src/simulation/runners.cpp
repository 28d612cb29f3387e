// SPDX-License-Identifier: BSD-3-Clause
// The kind of column that a problem needs: there is one so far.
#include "glebe/simulation/runners.hpp"

#include "linear_runners.hpp"

namespace glebe {

template <class Real>
std::unique_ptr<BlockRunner<Real>> make_block_runner(const ColumnProblem& problem,
                                                     std::span<const Direction> directions) {
  return make_linear_runner<Real>(problem, directions);
}

template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_adjoint_runner(const ColumnProblem& problem, double bytes,
                                                         bool with_change) {
  return make_linear_adjoint_runner<Real>(problem, bytes, with_change);
}

template std::unique_ptr<BlockRunner<double>> make_block_runner(const ColumnProblem&,
                                                                std::span<const Direction>);
template std::unique_ptr<BlockRunner<Complex>> make_block_runner(const ColumnProblem&,
                                                                 std::span<const Direction>);
template std::unique_ptr<BlockRunner<Lanes>> make_block_runner(const ColumnProblem&,
                                                               std::span<const Direction>);
template std::unique_ptr<AdjointRunner<Lanes>> make_adjoint_runner(const ColumnProblem&, double,
                                                                   bool);

} // namespace glebe
