// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/closure.hpp"

namespace glebe {

/// Logs a measured energy balance by hour, by night and by day. Not collective.
void log_closure(const Log& log, const Closure& closure);

} // namespace glebe
