// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/runners.hpp"

namespace glebe {

/// The runners of general columns, one set for each law of the soil: see make_block_runner().
template <class Real>
std::unique_ptr<BlockRunner<Real>> make_constant_runner(const ColumnProblem& problem,
                                                        std::span<const Direction> directions);
template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_constant_adjoint_runner(const ColumnProblem& problem,
                                                                  double bytes, bool with_change);
template <class Real>
std::unique_ptr<BlockRunner<Real>> make_moist_runner(const ColumnProblem& problem,
                                                     std::span<const Direction> directions);
template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_moist_adjoint_runner(const ColumnProblem& problem,
                                                               double bytes, bool with_change);
template <class Real>
std::unique_ptr<BlockRunner<Real>> make_freezing_runner(const ColumnProblem& problem,
                                                        std::span<const Direction> directions);
template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_freezing_adjoint_runner(const ColumnProblem& problem,
                                                                  double bytes, bool with_change);

} // namespace glebe
