// SPDX-License-Identifier: BSD-3-Clause
// Phrases of the verdict that say how uncertain an estimate is, and why.
#pragma once

#include "glebe/estimation/verdict/verdict.hpp"

namespace glebe {

/// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& names);

/// "0.7970 +- 0.0088" or "(1.968 +- 0.020)e+06": two digits of the error, the estimate to match.
std::string with_error(double estimate, double std);

/// "; bootstrap: 2.3 times this standard deviation": what disagrees with the linearised model.
std::string disagreement(const ColumnEvidence& evidence, std::size_t k);

/// "; 68 % from 0.21 to 0.3 within the bounds", where these change the interval of a standard
/// deviation by a tenth of it, and how much the data contradict them; empty elsewhere.
std::string within_bounds(const ColumnEvidence& evidence, std::size_t k, double std);

/// "; 80 % of the variance from albedo, held at 0.2 +- 0.02": the considered parameters that
/// matter.
std::string considered_in_words(const VerdictContext& context, const ColumnEvidence& evidence,
                                std::size_t k);

/// What helps where most of the variance comes from considered parameters; empty elsewhere.
std::string advice_on_considered(const VerdictContext& context, const ColumnEvidence& evidence,
                                 std::size_t k);

} // namespace glebe
