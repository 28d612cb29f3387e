// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

namespace glebe {

/// How the parameters stand in an output: on the grid, under their namelist names, with [time of
/// their knots] and [horizon] or [depth of their knots] before the grid where there are several.
/// Where horizons of one parameter have different knots in time, all have a value at every knot.
class ParameterOutput {
public:
  explicit ParameterOutput(const Case& inputs);

  /// The parameters that the run uses, each once, in the order of the table.
  const std::vector<Parameter>& parameters() const { return parameters_; }

  /// Defines and writes the axes. Collective.
  void define_axes(OutputFile& file) const;
  void write_axes(OutputFile& file) const;
  Field field(Parameter parameter) const;
  /// What stands beside it, in its unit.
  Field field(Parameter parameter, ParameterResult result) const;

  /// The field of a parameter [time][place][column] from the values [column][n_value].
  DenseMatrix values(Parameter parameter, const DenseMatrix& of_columns) const;
  /// The same from numbers that belong to the controls [column][k]; NaN where none does.
  DenseMatrix of_controls(Parameter parameter, const std::vector<Control>& controls,
                          const DenseMatrix& of_columns) const;

private:
  /// Where an element of a field [time][place] comes from: (1 - weight) v[first] + weight
  /// v[first + 1] of the values of a column.
  struct Element {
    std::size_t first;
    double weight;
  };
  struct Layout {
    std::vector<double> times; ///< of the knots of all places [s]; empty: constant
    std::vector<Element> elements;
  };

  Layout layout(Parameter parameter) const;
  const Layout& of(Parameter parameter) const {
    return layouts_[static_cast<std::size_t>(parameter)];
  }

  const Case& inputs_;
  std::vector<Parameter> parameters_;
  std::vector<Layout> layouts_; ///< [parameter]
};

} // namespace glebe
