// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

namespace glebe {

/// Logs what is remarkable: chi-square, autocorrelation, profiles and bootstrap beside the linear
/// answer, and the verdict. Collective.
void log_analysis(const Case& inputs, const Analysis& analysis);

} // namespace glebe
