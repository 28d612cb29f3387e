// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/parameter_values.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The controls x of the estimate, and the linear map P from x to the `m` estimated values of every
/// column. A value is a parameter in one place, or one of its knots in time; all columns have the
/// same list of values.
///
/// x holds first the own values of each column, column by column on the rank of the column; then,
/// on the last rank, the values that columns share: one for each class of a map, or one for the
/// domain. Values are scaled: x = 0 is the lower and x = 1 the upper bound, so that all controls
/// are of order one.
class Controls {
public:
  /// Collective. `ranks` must outlive the controls.
  Controls(const Ranks& ranks, ParameterValues values);

  /// The same controls for a selection of columns, which may be repeated, on `ranks`. No value may
  /// be shared. Collective over `ranks`.
  Controls of_some(const Ranks& ranks, std::span<const std::size_t> columns) const;

  /// The same controls with other values of all parameters [column][n_value]. Collective.
  Controls with_first_guess(DenseMatrix values) const;
  /// The values that are considered instead of estimated, as if they were controls: x = 0 and x = 1
  /// are a standard deviation apart. Collective.
  Controls considered() const;

  std::size_t n_column() const { return n_column_; }
  std::size_t per_column() const { return values_.controls.size(); } ///< m
  std::size_t n_own() const { return own_.size(); }                  ///< values not shared
  std::size_t n_shared() const { return n_shared_; }                 ///< shared controls in x
  std::size_t n_local() const;                                       ///< controls of this rank
  /// Number in x of the first shared control.
  std::size_t first_shared() const { return first_shared_; }
  /// Number in x of the first control of this rank.
  std::size_t first() const { return first_; }
  /// Number of local column 0 among all columns.
  std::size_t first_column() const { return first_column_; }
  /// The cell of a local column in the whole grid: what its random numbers belong to, so that they
  /// do not change with a mask of other cells, the packing into lanes or the number of ranks.
  std::size_t cell(std::size_t column) const { return values_.cells[column]; }
  bool holds_shared() const { return ranks_->rank() + 1 == ranks_->size(); }

  /// The settings of the m values.
  const std::vector<Control>& all() const { return values_.controls; }
  const Control& operator[](std::size_t k) const { return values_.controls[k]; }
  const ParameterSchedule& schedule() const { return values_.schedule; }
  const ParameterLayout& layout() const { return values_.schedule.layout; }
  const std::vector<RegionMap>& regions() const { return values_.regions; }
  /// The parameters that follow others.
  const std::vector<Follower>& followers() const { return values_.followers; }
  /// The tangent-linear directions of the m values, in their order.
  std::vector<Direction> directions() const;
  /// The values [column][n_value] of the first guess, in the units of the parameters, as they are
  /// given: where a parameter is tied to another, its ratio.
  const DenseMatrix& first_guess() const { return values_.first_guess; }
  /// d(value k) / dx, in the unit of the parameter.
  double scale(std::size_t k) const {
    return values_.controls[k].upper - values_.controls[k].lower;
  }
  /// The scaled value x of k in the unit of the parameter.
  double in_unit(std::size_t k, double x) const { return values_.controls[k].lower + scale(k) * x; }
  /// Times of the knots of the parameter of value k [s since the start]; empty if it is constant.
  std::span<const double> knot_times(std::size_t k) const;

  /// Value k is shared between columns.
  bool shared(std::size_t k) const { return values_.controls[k].space != Space::column; }
  /// Value k is a field: it has a prior that correlates neighbouring columns.
  bool is_field(std::size_t k) const { return values_.controls[k].correlation_length > 0.0; }
  /// The data of other columns inform value k of a column.
  bool is_coupled(std::size_t k) const { return shared(k) || is_field(k); }
  /// The values that are not shared, in the order of x.
  const std::vector<std::size_t>& own() const { return own_; }
  /// The number in x of value k of a local column.
  std::size_t number(std::size_t column, std::size_t k) const;
  /// The value k of shared control s, which has the number first_shared() + s in x.
  std::size_t value_of_shared(std::size_t s) const { return shared_value_[s]; }

  /// The first guess, scaled, for every column [column][k].
  DenseMatrix first_guess_of_columns() const;
  /// The first guess as x; a vector of zeros; a copy of x. Collective.
  Vector initial_x() const;
  Vector make_vector() const;
  Vector copy_of(Vec x) const;

  /// P x: the scaled values of every column [column][k]. Collective.
  DenseMatrix of_columns(Vec x) const;
  /// The x with P x = of_columns, where columns must have equal shared values. Collective.
  Vector from_columns(const DenseMatrix& of_columns) const;
  /// Adds P^T times the contributions of the columns [column][k] to g. Collective.
  void add_transposed(const DenseMatrix& of_columns, Vec g) const;

  /// What is given for some columns [run][n_value], in the units of the parameters, from the scaled
  /// estimated values [run][k]: the input of their runs, with ratios in the place of parameters
  /// that are tied to others.
  DenseMatrix values(std::span<const std::size_t> columns, const DenseMatrix& scaled) const;
  /// The same for all columns.
  DenseMatrix values(const DenseMatrix& of_columns) const;
  /// Converts a Gauss-Newton block from the units of the parameters to scaled values.
  DenseMatrix scaled_block(const DenseMatrix& gauss_newton) const;

private:
  /// The varying slot of value k; null if it is constant.
  const VaryingSlot* varying(std::size_t k) const;
  void number_controls();

  const Ranks* ranks_;
  ParameterValues values_;
  std::size_t n_column_;
  std::vector<std::size_t> own_;   ///< the values that are not shared
  std::vector<std::size_t> index_; ///< [k] among the own values, or of the first shared control
  std::vector<std::size_t> shared_value_;
  std::size_t n_shared_ = 0;
  std::size_t first_ = 0;
  std::size_t first_column_ = 0;
  std::size_t first_shared_ = 0;
};

} // namespace glebe
