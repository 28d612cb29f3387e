// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/split.hpp"
#include "glebe/app/output/parameter_output.hpp"

namespace glebe {

/// Defines what the parts of a split window give; nothing where it is not split. Collective.
void define_split(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                  const Controls& controls);
/// Writes it. Collective. Throws RunError.
void write_split(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                 const Controls& controls, const Split& split);

} // namespace glebe
