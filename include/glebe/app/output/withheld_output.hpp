// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/withheld.hpp"

namespace glebe {

/// Defines how the withheld streams of an estimate are predicted; the regressions that the inputs
/// allow. Collective.
void define_withheld(OutputFile& file, const Case& inputs);
/// Adds the verdicts to these definitions. Collective.
void describe_withheld(OutputFile& file, const Case& inputs,
                       const std::vector<JudgedStream>& judged);
/// Writes the values. Collective. Throws RunError.
void write_withheld(OutputFile& file, const Case& inputs, const std::vector<JudgedStream>& judged);

} // namespace glebe
