// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/split.hpp"

namespace glebe {

/// Logs the parts of a split window: their estimates with z-scores between them, and how each is
/// predicted from the others; medians where there are several columns. Collective.
void log_split(const Case& inputs, const Controls& controls, const Split& split);

} // namespace glebe
