// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/design/design.hpp"

namespace glebe {

/// Logs the table of designs, the best first. Collective.
void log_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs);

} // namespace glebe
