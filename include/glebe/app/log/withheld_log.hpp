// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/withheld.hpp"

namespace glebe {

/// Logs a line for every judged stream, medians where there are several columns, and then the
/// verdicts. Not collective.
void log_judged_streams(const Case& inputs, const std::vector<JudgedStream>& judged);

} // namespace glebe
