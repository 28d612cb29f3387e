// SPDX-License-Identifier: BSD-3-Clause
// The runners of columns of soil that freezes.
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/laws/freezing_soil.hpp"

#include "column_adjoint_runner.hpp"
#include "column_block_runner.hpp"
#include "general_runners.hpp"

namespace glebe {

template <class Real>
std::unique_ptr<BlockRunner<Real>> make_freezing_runner(const ColumnProblem& problem,
                                                        std::span<const Direction> directions) {
  return std::make_unique<ColumnBlockRunner<GeneralColumn<FreezingSoil<Real>>>>(problem,
                                                                                directions);
}

template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_freezing_adjoint_runner(const ColumnProblem& problem,
                                                                  double bytes, bool with_change) {
  return std::make_unique<ColumnAdjointRunner<GeneralColumn<FreezingSoil<Real>>>>(problem, bytes,
                                                                                  with_change);
}

template std::unique_ptr<BlockRunner<Complex>> make_freezing_runner(const ColumnProblem&,
                                                                    std::span<const Direction>);
template std::unique_ptr<BlockRunner<Lanes>> make_freezing_runner(const ColumnProblem&,
                                                                  std::span<const Direction>);
template std::unique_ptr<AdjointRunner<Lanes>> make_freezing_adjoint_runner(const ColumnProblem&,
                                                                            double, bool);

} // namespace glebe
