// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/problem/controls.hpp"

#include <optional>

namespace glebe {

/// The slot that stands for a parameter in outputs: that of its stream, where it has one, or the
/// first.
inline ParameterSlot output_slot(const ParameterSlot& slot) {
  return {slot.parameter, info(slot.parameter).place == Place::stream ? slot.index : 0};
}

/// What a variable of an output is about: a parameter, by its output_slot(), or its ratio to the
/// one that it follows.
struct Quantity {
  // Wherever a parameter is meant, it stands for itself.
  Quantity(const ParameterSlot& of, bool ratio = false) : slot(of), is_ratio(ratio) {}
  /// What a control estimates.
  static Quantity of(const Control& control) {
    return {output_slot(control.slot), control.is_ratio()};
  }

  ParameterSlot slot;
  bool is_ratio;

  bool operator==(const Quantity&) const = default;
  Parameter parameter() const { return slot.parameter; }
};

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
  /// The ratios of parameters to others that they follow, each once.
  std::vector<Quantity> ratios() const;
  /// What the controls are, each once.
  static std::vector<Quantity> controlled(const Controls& controls);
  /// The same, and the parameters that follow it; each once.
  std::vector<Quantity> estimated(const Controls& controls) const;
  /// Whom a parameter follows: "thermal_conductivity(upper)", for several horizons a list with
  /// their names; empty where none does.
  std::string whom_follows(Parameter parameter) const;
  /// The name of a quantity's variable, and of that of a result for it.
  std::string name(const Quantity& quantity) const;
  std::string name(const Quantity& quantity, ParameterResult result) const;

  /// Defines and writes the axes. Collective.
  void define_axes(OutputFile& file) const;
  void write_axes(OutputFile& file) const;
  GridVariable variable(const Quantity& quantity) const;
  /// The variable of a result for a quantity, in its unit.
  GridVariable variable(const Quantity& quantity, ParameterResult result) const;

  /// The output of a quantity [time][place][column] from what is given for the columns
  /// [column][n_value]; NaN for elements of a ratio where there is none.
  DenseMatrix values(const Quantity& quantity, const DenseMatrix& given) const;
  /// The output of numbers of the controls [column][k]. A parameter that is the same as another one
  /// has its numbers; NaN for elements that are not controls.
  DenseMatrix of_controls(const Quantity& quantity, const std::vector<Control>& controls,
                          const DenseMatrix& of_columns) const;
  /// The same, and where an element follows others, the number in `of_values` [column][n_value].
  DenseMatrix with_followers(const Quantity& quantity, const std::vector<Control>& controls,
                             const DenseMatrix& of_columns, const DenseMatrix& of_values) const;
  /// The output of 1 where one of the controls on which an element depends is marked by 1 in
  /// `marks` [column][k], otherwise 0.
  DenseMatrix marked(const Quantity& quantity, const std::vector<Control>& controls,
                     const DenseMatrix& marks) const;

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
  bool depends_on_any(const ParameterSlot& parameter, const Controls& controls) const;
  /// The number of the control of an element; nothing where it is not one.
  std::optional<std::size_t> control_of(const Element& element, const Quantity& quantity,
                                        const std::vector<Control>& controls) const;
  /// Where the ratio of an element stands among what is given; Tie::same where there is none.
  Element ratio_of(const Element& element) const;

  const Case& inputs_;
  std::vector<ParameterSlot> parameters_;
  std::vector<Layout> layouts_; ///< of these
};

} // namespace glebe
