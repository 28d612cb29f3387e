// SPDX-License-Identifier: BSD-3-Clause
// Combinations of parameters that the equations or the data do not separate.
#pragma once

#include "glebe/estimation/verdict/verdict.hpp"

namespace glebe {

/// Whether a parameter is always positive, so that it has a logarithm.
bool is_positive(Parameter parameter);

/// The exact combinations: the equations of the surface contain the controls only together, and at
/// the estimate the block vanishes along the direction in which the combination is constant.
std::vector<Combination> exact_combinations(const VerdictContext& context,
                                            const ColumnEvidence& evidence);

/// The combination of `k` with the control or controls with which it is correlated.
Combination correlated_combination(const VerdictContext& context, const ColumnEvidence& evidence,
                                   std::size_t k);

} // namespace glebe
