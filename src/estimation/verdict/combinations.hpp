// SPDX-License-Identifier: BSD-3-Clause
// Combinations that enter the equations of the surface only together, and those that the data tie
// together.
#pragma once

#include "glebe/estimation/verdict/verdict.hpp"

namespace glebe {

/// Whether zero is no possible value of a parameter, so that its logarithm exists.
bool is_positive(Parameter parameter);

/// The combinations that the equations make exact: the block vanishes along the level set of the
/// quantity, at the estimate.
std::vector<Combination> exact_combinations(const VerdictContext& context,
                                            const ColumnEvidence& evidence);

/// Two or more controls that the data tie together, the first of which is `k`.
Combination correlated_combination(const VerdictContext& context, const ColumnEvidence& evidence,
                                   std::size_t k);

} // namespace glebe
