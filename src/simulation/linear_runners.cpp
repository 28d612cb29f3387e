// SPDX-License-Identifier: BSD-3-Clause
// The runners of linear columns: where the compiler meets the kernel.
#include "linear_runners.hpp"

#include "glebe/physics/columns/linear_column_ad.hpp"
#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/columns/modal_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"

#include "column_adjoint_runner.hpp"
#include "column_block_runner.hpp"

namespace glebe {

template <class Real>
std::unique_ptr<BlockRunner<Real>> make_linear_runner(const ColumnProblem& problem,
                                                      std::span<const Direction> directions) {
  if (runs_in_modes(problem))
    return std::make_unique<ColumnBlockRunner<ModalColumn<ConstantSoil<Real>>>>(problem,
                                                                                directions);
  return std::make_unique<ColumnBlockRunner<LinearColumn<Real>>>(problem, directions);
}

template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_linear_adjoint_runner(const ColumnProblem& problem,
                                                                double bytes, bool with_change) {
  return std::make_unique<ColumnAdjointRunner<LinearColumn<Real>>>(problem, bytes, with_change);
}

template std::unique_ptr<BlockRunner<Complex>> make_linear_runner(const ColumnProblem&,
                                                                  std::span<const Direction>);
template std::unique_ptr<BlockRunner<Lanes>> make_linear_runner(const ColumnProblem&,
                                                                std::span<const Direction>);
template std::unique_ptr<AdjointRunner<Lanes>> make_linear_adjoint_runner(const ColumnProblem&,
                                                                          double, bool);

} // namespace glebe
