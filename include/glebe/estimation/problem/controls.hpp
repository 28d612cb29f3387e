// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/parameter_values.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The controls x of the estimate and the map P from them to what every column varies: `m` values
/// (a parameter of a place, or one of its knots in time), the same ones in every column.
///
/// x holds first the values that each column has for itself, column by column on the rank of the
/// column; then, on the last rank, the values that columns share, one for each class of a map or
/// one for the domain. P takes the values of a column from there: x = 0 is a value's lower and
/// x = 1 its upper bound, so that all controls are of order one.
class Controls {
public:
  /// Collective. `ranks` must outlive the controls.
  Controls(const Ranks& ranks, ParameterValues values);

  /// The same controls for some columns alone, which may occur more than once, on `ranks`; none
  /// must be shared. Collective over `ranks`.
  Controls of_some(const Ranks& ranks, std::span<const std::size_t> columns) const;

  std::size_t n_column() const { return n_column_; }
  std::size_t per_column() const { return values_.controls.size(); } ///< m
  std::size_t n_own() const { return own_.size(); }                  ///< of these not shared
  std::size_t n_shared() const { return n_shared_; }                 ///< over all columns
  std::size_t n_local() const;                                       ///< of x on this rank
  /// Number in x of the first shared control.
  std::size_t first_shared() const { return first_shared_; }
  /// Number in x of the first control of this rank.
  std::size_t first() const { return first_; }
  /// Number of local column 0 among all columns.
  std::size_t first_column() const { return first_column_; }
  bool holds_shared() const { return ranks_->rank() + 1 == ranks_->size(); }

  /// What stands behind each of the m values.
  const std::vector<Control>& all() const { return values_.controls; }
  const Control& operator[](std::size_t k) const { return values_.controls[k]; }
  const ParameterSchedule& schedule() const { return values_.schedule; }
  const ParameterLayout& layout() const { return values_.schedule.layout; }
  const std::vector<RegionMap>& regions() const { return values_.regions; }
  /// What moves each of the m values, in their order.
  std::vector<Direction> directions() const;
  /// The values [column][n_value] of the first guess, in the units of the parameters.
  const DenseMatrix& first_guess() const { return values_.first_guess; }
  /// d(value k) / dx, in the unit of the parameter.
  double scale(std::size_t k) const {
    return values_.controls[k].upper - values_.controls[k].lower;
  }
  /// The scaled value x of k in the unit of the parameter.
  double in_unit(std::size_t k, double x) const { return values_.controls[k].lower + scale(k) * x; }
  /// Times of the knots [s since the start] that value k belongs to; empty where it is constant.
  std::span<const double> knot_times(std::size_t k) const;

  /// Value k is shared between columns.
  bool shared(std::size_t k) const { return values_.controls[k].space != Space::column; }
  /// Value k is a field: it has a prior that correlates neighbouring columns.
  bool is_field(std::size_t k) const { return values_.controls[k].correlation_length > 0.0; }
  /// The data of other columns inform value k of a column.
  bool is_coupled(std::size_t k) const { return shared(k) || is_field(k); }
  /// The values that a column has for itself, in the order of x.
  const std::vector<std::size_t>& own() const { return own_; }
  /// The number in x of value k of a local column.
  std::size_t number(std::size_t column, std::size_t k) const;
  /// The value k that a shared control stands for: number first_shared() + s in x.
  std::size_t value_of_shared(std::size_t s) const { return shared_value_[s]; }

  /// The first guess, as x in every column [column][k], and as a vector; the latter is collective.
  DenseMatrix first_guess_of_columns() const;
  Vector initial_x() const;
  Vector make_vector() const;
  Vector copy_of(Vec x) const;

  /// P: what x means in every column, scaled [column][k]. Collective.
  DenseMatrix of_columns(Vec x) const;
  /// The x that means this in every column, columns agreeing in what they share. Collective.
  Vector from_columns(const DenseMatrix& of_columns) const;
  /// P^T: adds what the columns give [column][k] to g. Collective.
  void add_transposed(const DenseMatrix& of_columns, Vec g) const;

  /// Values [run][n_value] of some columns, in the units of the parameters, for scaled [run][k].
  DenseMatrix values(std::span<const std::size_t> columns, const DenseMatrix& scaled) const;
  /// The same for all columns.
  DenseMatrix values(const DenseMatrix& of_columns) const;
  /// A Gauss-Newton block in x, from that in the units of the parameters.
  DenseMatrix scaled_block(const DenseMatrix& gauss_newton) const;

private:
  /// The varying slot of value k; none where it is constant.
  const VaryingSlot* varying(std::size_t k) const;
  void number_controls();

  const Ranks* ranks_;
  ParameterValues values_;
  std::size_t n_column_;
  std::vector<std::size_t> own_;   ///< the values that are not shared
  std::vector<std::size_t> index_; ///< of each value among the own ones, or among the shared ones
  std::vector<std::size_t> shared_value_;
  std::size_t n_shared_ = 0;
  std::size_t first_ = 0;
  std::size_t first_column_ = 0;
  std::size_t first_shared_ = 0;
};

} // namespace glebe
