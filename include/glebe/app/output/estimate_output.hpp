// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

namespace glebe {

/// How the estimate of a column has ended. The numbers are those of the result file.
enum class ColumnStatus { converged, not_converged, no_observation, model_failed, inferred };
inline constexpr std::array column_status_names{"converged", "not_converged", "no_observation",
                                                "model_failed", "inferred"};

/// Writes the result file of an estimate. Columns that were left out are missing in it, but for
/// their status. Collective. Throws InputError or RunError.
void write_estimate(const Case& inputs, const Minimisation& minimum, const Analysis& analysis);

} // namespace glebe
