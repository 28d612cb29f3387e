// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

namespace glebe {

/// Writes the result file of an estimate. Columns that were left out are missing
/// in it, but for their status. Collective. Throws InputError or RunError.
void write_estimate(const Case& inputs, const ColumnProblem& problem, const Objective& objective,
                    const Minimisation& minimum, const std::vector<double>& estimate,
                    const Analysis& analysis, const Fit& fit);

} // namespace glebe
