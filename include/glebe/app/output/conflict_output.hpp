// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/conflicts.hpp"

namespace glebe {

/// Defines what the residuals of every stream with values look like. Collective.
void define_conflicts(OutputFile& file, const Case& inputs);
/// Adds the conflicts in words, one line each, as the attribute `conflicts`, and the measured
/// energy balance as `closure_ratio`, `closure_ratio_day` [1], `closure_missing_day` and
/// `closure_missing_night` [W m-2]. Collective.
void describe_conflicts(OutputFile& file, const Conflicts& conflicts);
/// Writes the values. Collective. Throws RunError.
void write_conflicts(OutputFile& file, const Case& inputs, const Conflicts& conflicts);

} // namespace glebe
