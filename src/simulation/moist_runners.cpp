// SPDX-License-Identifier: BSD-3-Clause
// The runners of columns of moist soil.
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/columns/modal_column_tl.hpp"
#include "glebe/physics/laws/moist_soil.hpp"

#include "column_adjoint_runner.hpp"
#include "column_block_runner.hpp"
#include "general_runners.hpp"

namespace glebe {

template <class Real>
std::unique_ptr<BlockRunner<Real>> make_moist_runner(const ColumnProblem& problem,
                                                     std::span<const Direction> directions) {
  if (runs_in_modes(problem))
    return std::make_unique<ColumnBlockRunner<ModalColumn<MoistSoil<Real>>>>(problem, directions);
  return std::make_unique<ColumnBlockRunner<GeneralColumn<MoistSoil<Real>>>>(problem, directions);
}

template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_moist_adjoint_runner(const ColumnProblem& problem,
                                                               double bytes, bool with_change) {
  return std::make_unique<ColumnAdjointRunner<GeneralColumn<MoistSoil<Real>>>>(problem, bytes,
                                                                               with_change);
}

template std::unique_ptr<BlockRunner<Complex>> make_moist_runner(const ColumnProblem&,
                                                                 std::span<const Direction>);
template std::unique_ptr<BlockRunner<Lanes>> make_moist_runner(const ColumnProblem&,
                                                               std::span<const Direction>);
template std::unique_ptr<AdjointRunner<Lanes>> make_moist_adjoint_runner(const ColumnProblem&,
                                                                         double, bool);

} // namespace glebe
