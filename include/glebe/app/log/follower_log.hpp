// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

namespace glebe {

/// Logs the values of the parameters that follow others; nothing where there are none. Collective.
void log_followers(const Case& inputs, const Analysis& analysis);

} // namespace glebe
