// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"
#include "glebe/app/case/stages.hpp"

namespace glebe {

/// How the estimate of a column ended: flag values and flag meanings of the result file.
enum class ColumnStatus { converged, not_converged, no_observation, model_failed, inferred };
inline constexpr std::array column_status_names{"converged", "not_converged", "no_observation",
                                                "model_failed", "inferred"};
static_assert(column_status_names.size() == static_cast<std::size_t>(ColumnStatus::inferred) + 1);

/// Defines everything in the result of an estimate with a search of `n_iteration` iterations,
/// and of the parts of its window if `with_parts` and there are any, except the attributes that
/// tell its outcome. Collective. Throws InputError or RunError.
void define_estimate(OutputFile& file, const Case& inputs, const Controls& controls,
                     std::size_t n_iteration, bool with_parts);

/// Writes the result file of an estimate; `stages`: the records of all its stages, if there were
/// several. Columns that were left out have missing values except for their status. `keep`: as in
/// OutputSteps. Collective. Throws RunError.
void write_estimate(const Case& inputs, const Minimisation& minimum, const Analysis& analysis,
                    const std::vector<StageRecord>& stages,
                    const std::function<std::filesystem::path()>& keep);

} // namespace glebe
