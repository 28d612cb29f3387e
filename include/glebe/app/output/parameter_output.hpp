// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

namespace glebe {

/// The variables of parameters in an output: on the grid, under their namelist names. If a
/// parameter has several knots in time, horizons or knots in depth, these are dimensions before the
/// grid. If horizons of one parameter have different knots in time, all have a value at every knot.
class ParameterOutput {
public:
  explicit ParameterOutput(const Case& inputs);

  /// The parameters that the run uses, each once, in the order of the table.
  const std::vector<Parameter>& parameters() const { return parameters_; }

  /// Defines and writes the axes. Collective.
  void define_axes(OutputFile& file) const;
  void write_axes(OutputFile& file) const;
  GridVariable variable(Parameter parameter) const;
  /// The variable of a result for the parameter, in its unit.
  GridVariable variable(Parameter parameter, ParameterResult result) const;

  /// The output of a parameter [time][place][column] from the values [column][n_value].
  DenseMatrix values(Parameter parameter, const DenseMatrix& of_columns) const;
  /// The output of numbers of the controls [column][k]; NaN for elements that are not controls.
  DenseMatrix of_controls(Parameter parameter, const std::vector<Control>& controls,
                          const DenseMatrix& of_columns) const;

private:
  /// An element [time][place] of the output: (1 - weight) v[first] + weight v[first + 1] of the
  /// values v of a column.
  struct Element {
    std::size_t first;
    double weight;
  };
  struct Layout {
    std::vector<double> times; ///< knots in all places [s]; empty: constant
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
