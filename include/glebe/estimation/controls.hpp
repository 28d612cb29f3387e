// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"
#include "glebe/data/parameter_values.hpp"
#include "glebe/estimation/fit.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The controls x of the estimate and the map P from them to the parameters of every column. Here
/// each control is one parameter of one column; x = 0 at its lower and 1 at its upper bound, so
/// that all controls are of order one. Controls of one column are neighbours in x, and belong to
/// the rank of the column.
class Controls {
public:
  explicit Controls(ParameterValues values);

  std::size_t n_column() const { return n_column_; }
  std::size_t per_column() const { return values_.controls.size(); }
  std::size_t n_local() const { return n_column_ * per_column(); }
  const std::vector<Control>& controls() const { return values_.controls; }
  const ParameterLayout& layout() const { return values_.schedule.layout; }
  /// The parameters that the controls move, in the order of the layout.
  std::vector<ParameterSlot> slots() const;
  /// Parameters [column][slot] of the first guess.
  const std::vector<double>& first_guess() const { return values_.first_guess; }
  /// dp/dx of control k, in the unit of the parameter.
  double scale(std::size_t k) const { return control(k).upper - control(k).lower; }

  /// The first guess as controls, x [n_local].
  std::vector<double> initial_x() const;
  /// P: parameters [column][slot] for controls x [n_local].
  std::vector<double> parameters(const double* x) const;
  /// P for some columns: parameters [run][slot] for controls x [run][k].
  std::vector<double> parameters(std::span<const std::size_t> columns, const double* x) const;
  /// P^T: adds the gradient in physical units [column][k] to g [n_local].
  void add_gradient(const std::vector<double>& gradient, double* g) const;
  /// P^T G P for one column: its block in x [k][k], from run `run` in physical units.
  std::vector<double> scaled_block(const std::vector<double>& gauss_newton, std::size_t run) const;

private:
  const Control& control(std::size_t k) const { return values_.controls[k]; }
  std::size_t slot(std::size_t k) const {
    return values_.schedule.layout.slot(control(k).slot.parameter, control(k).slot.index);
  }

  ParameterValues values_;
  std::size_t n_column_;
};

} // namespace glebe
