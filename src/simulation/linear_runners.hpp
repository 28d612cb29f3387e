// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/simulation/runners.hpp"

namespace glebe {

/// The runners of columns whose soil is LinearColumn: see make_block_runner().
template <class Real>
std::unique_ptr<BlockRunner<Real>> make_linear_runner(const ColumnProblem& problem,
                                                      std::span<const Direction> directions);
template <class Real>
std::unique_ptr<AdjointRunner<Real>> make_linear_adjoint_runner(const ColumnProblem& problem,
                                                                double bytes, bool with_change);

} // namespace glebe
