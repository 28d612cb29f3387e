// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

namespace glebe {

/// Logs the reduced chi-square, the autocorrelation of residuals where it matters, profiles and
/// bootstrap compared with the linear posterior, and the verdict. Collective.
void log_analysis(const Case& inputs, const Analysis& analysis);

} // namespace glebe
