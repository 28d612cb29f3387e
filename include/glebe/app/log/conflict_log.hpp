// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/conflicts.hpp"

namespace glebe {

/// Logs the conflicts, a line each; nothing where there are none. Not collective.
void log_conflicts(const Log& log, const Conflicts& conflicts);

} // namespace glebe
