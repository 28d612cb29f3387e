// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"
#include "glebe/app/output/parameter_output.hpp"

namespace glebe {

/// Defines and writes what the analysis adds to a result beside the estimates and their standard
/// deviations. Collective.
void define_analysis(OutputFile& file, const ParameterOutput& parameters, const Analysis& analysis);
void write_analysis(OutputFile& file, const ParameterOutput& parameters, const Analysis& analysis);

/// The parameters that are estimated, each once. Not collective.
std::vector<Parameter> estimated_parameters(const Controls& controls);

/// The names of the controls, without blanks, separated by blanks. Not collective.
std::string names_of_controls(const Case& inputs, const Controls& controls);

/// Blocks [first][column](k, j) in the order of an output, [first][k][j][column].
std::vector<double> by_pair(const std::vector<DenseBlocks>& blocks);

} // namespace glebe
