// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

namespace glebe {

/// The slot that stands for a parameter in outputs: that of its stream, where it has one, or the
/// first.
inline ParameterSlot output_slot(const ParameterSlot& slot) {
  return {slot.parameter, info(slot.parameter).place == Place::stream ? slot.index : 0};
}

/// The variables of parameters in an output: on the grid, under their namelist names. If a
/// parameter has several knots in time, horizons or knots in depth, these are dimensions before the
/// grid. If horizons of one parameter have different knots in time, all have a value at every knot.
/// A parameter of a sensor has a variable for each stream: a slot stands for its parameter in all
/// its places, but for that of its stream.
class ParameterOutput {
public:
  explicit ParameterOutput(const Case& inputs);

  /// The parameters that the run uses, each once, in the order of the table.
  const std::vector<ParameterSlot>& parameters() const { return parameters_; }
  /// The name of a parameter's variable, and of that of a result for it.
  std::string name(const ParameterSlot& parameter) const;
  std::string name(const ParameterSlot& parameter, ParameterResult result) const;

  /// Defines and writes the axes. Collective.
  void define_axes(OutputFile& file) const;
  void write_axes(OutputFile& file) const;
  GridVariable variable(const ParameterSlot& parameter) const;
  /// The variable of a result for the parameter, in its unit.
  GridVariable variable(const ParameterSlot& parameter, ParameterResult result) const;

  /// The output of a parameter [time][place][column] from the values [column][n_value].
  DenseMatrix values(const ParameterSlot& parameter, const DenseMatrix& of_columns) const;
  /// The output of numbers of the controls [column][k]; NaN for elements that are not controls.
  DenseMatrix of_controls(const ParameterSlot& parameter, const std::vector<Control>& controls,
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

  Layout layout(const ParameterSlot& parameter) const;
  const Layout& of(const ParameterSlot& parameter) const;
  std::string time_axis(const ParameterSlot& parameter) const;

  const Case& inputs_;
  std::vector<ParameterSlot> parameters_;
  std::vector<Layout> layouts_; ///< of these
};

} // namespace glebe
