// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"
#include "glebe/app/output/parameter_output.hpp"

namespace glebe {

/// Defines and writes, for each estimated parameter, the interval within the bounds, where nothing
/// couples the columns, and the part of its variance that each considered parameter adds, where
/// there are any. Collective.
void define_intervals_and_shares(OutputFile& file, const ParameterOutput& parameters,
                                 const Case& inputs, const Controls& controls);
void write_intervals_and_shares(OutputFile& file, const ParameterOutput& parameters,
                                const Analysis& analysis);

} // namespace glebe
