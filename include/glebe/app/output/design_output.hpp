// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/design/design.hpp"

namespace glebe {

/// Defines everything in the result of a design run; of `designs`, the list and the rule must be
/// known. Collective. Throws InputError or RunError.
void define_designs(OutputFile& file, const Case& inputs, const Controls& controls,
                    const RankedDesigns& designs);

/// Writes the result file of a design run. Collective. Throws RunError.
void write_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs);

} // namespace glebe
