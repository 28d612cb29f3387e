// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"
#include "glebe/app/output/parameter_output.hpp"

namespace glebe {

/// Defines and writes the results of the analysis in addition to the estimates and their standard
/// deviations. The definitions follow from the settings. Collective.
void define_analysis(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                     const Controls& controls);
void write_analysis(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                    const Analysis& analysis);

/// The names of the controls, without blanks, and the units of them or of considered parameters.
/// Not collective.
std::vector<std::string> names_of_controls(const Case& inputs, const Controls& controls);
std::vector<std::string> units_of(const Case& inputs, const std::vector<Control>& controls);

/// Gives an axis of controls the units of its elements, separated by "; ".
void describe_units(OutputFile& file, Result axis, const std::vector<std::string>& units);

/// Gives a result whose elements belong to controls their unit, if they have one in common.
void describe_common_unit(OutputFile& file, Result result, const std::vector<std::string>& units);

/// The numbers of flags (enumerators), as a result file has them.
template <class Flag>
DenseMatrix numbers_of(const Table<Flag>& flags) {
  DenseMatrix numbers(flags.n_row(), flags.n_column());
  for (std::size_t i = 0; i < flags.n_row(); ++i)
    for (std::size_t j = 0; j < flags.n_column(); ++j)
      numbers(i, j) = static_cast<double>(flags(i, j));
  return numbers;
}

/// Blocks [first][column](k, j) in the order of an output variable, [first][k][j][column].
std::vector<double> by_pair(const std::vector<DenseBlocks>& blocks);

} // namespace glebe
