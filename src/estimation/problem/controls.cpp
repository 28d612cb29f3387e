// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/controls.hpp"

#include "glebe/simulation/column_problem.hpp"

#include <algorithm>
#include <utility>

namespace glebe {

Controls::Controls(const Ranks& ranks, ParameterValues values)
    : ranks_(&ranks), values_(std::move(values)),
      n_column_(static_cast<std::size_t>(values_.first_guess.rows())) {
  number_controls();
}

Controls Controls::of_some(const Ranks& ranks, std::span<const std::size_t> columns) const {
  ParameterValues values = values_;
  values.first_guess = values_.first_guess(columns, Eigen::all);
  values.cells.clear();
  for (const std::size_t column : columns) values.cells.push_back(cell(column));
  return {ranks, std::move(values)};
}

Controls Controls::with_first_guess(DenseMatrix first_guess) const {
  ParameterValues values = values_;
  values.first_guess = std::move(first_guess);
  return {*ranks_, std::move(values)};
}

Controls Controls::considered() const {
  ParameterValues values = values_;
  values.controls = std::exchange(values.considered, {});
  return {*ranks_, std::move(values)};
}

void Controls::number_controls() {
  for (std::size_t k = 0; k < per_column(); ++k) {
    if (!shared(k)) {
      index_.push_back(own_.size());
      own_.push_back(k);
      continue;
    }
    const int region = (*this)[k].region;
    const std::size_t n_class =
        region < 0 ? 1 : values_.regions[static_cast<std::size_t>(region)].value.size();
    index_.push_back(n_shared_);
    shared_value_.insert(shared_value_.end(), n_class, k);
    n_shared_ += n_class;
  }
  first_column_ =
      static_cast<std::size_t>(ranks_->exclusive_sum(static_cast<std::int64_t>(n_column_)));
  const auto own_here = static_cast<std::int64_t>(n_column_ * own_.size());
  first_ = static_cast<std::size_t>(ranks_->exclusive_sum(own_here));
  first_shared_ = static_cast<std::size_t>(ranks_->sum(own_here));
}

std::size_t Controls::n_local() const {
  return n_column_ * own_.size() + (holds_shared() ? n_shared_ : 0);
}

// A constant ratio to a parameter that varies has the slot, and no knot.
const VaryingSlot* Controls::varying(std::size_t k) const {
  return (*this)[k].value < layout().size() ? nullptr : schedule().find((*this)[k].slot);
}

std::span<const double> Controls::knot_times(std::size_t k) const {
  const VaryingSlot* slot = varying(k);
  if (!slot) return {};
  return values_.knot_time[static_cast<std::size_t>(slot - schedule().varying.data())];
}

std::vector<Direction> Controls::directions() const {
  std::vector<Direction> directions;
  for (std::size_t k = 0; k < per_column(); ++k)
    directions.push_back({(*this)[k].slot, varying(k), (*this)[k].knot});
  return directions;
}

std::size_t Controls::number(std::size_t column, std::size_t k) const {
  if (!shared(k)) return first_ + column * own_.size() + index_[k];
  const int region = (*this)[k].region;
  const std::int32_t of_class =
      region < 0 ? 0 : values_.regions[static_cast<std::size_t>(region)].of_column[column];
  return first_shared_ + index_[k] + static_cast<std::size_t>(of_class);
}

DenseMatrix Controls::first_guess_of_columns() const {
  DenseMatrix x(n_column_, per_column());
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k)
      x(c, k) = (values_.first_guess(c, (*this)[k].value) - (*this)[k].lower) / scale(k);
  return x;
}

Vector Controls::make_vector() const {
  return glebe::make_vector(ranks_->comm(), static_cast<PetscInt>(n_local()));
}

Vector Controls::copy_of(Vec x) const {
  Vector copy = make_vector();
  GLEBE_PETSC(VecCopy(x, copy.handle()));
  return copy;
}

// A shared control starts from the mean over its columns, which have the same first guess.
Vector Controls::initial_x() const {
  Vector x = make_vector(), count = make_vector();
  const DenseMatrix first = first_guess_of_columns();
  add_transposed(first, x.handle());
  add_transposed(DenseMatrix::Ones(first.rows(), first.cols()), count.handle());
  GLEBE_PETSC(VecPointwiseDivide(x.handle(), x.handle(), count.handle()));
  return x;
}

DenseMatrix Controls::of_columns(Vec x) const {
  const ReadArray local(x);
  const std::size_t n_own_here = n_column_ * own_.size();
  std::vector<double> shared_values;
  if (n_shared_ > 0) {
    if (holds_shared())
      shared_values.assign(local.data() + n_own_here, local.data() + n_own_here + n_shared_);
    shared_values = ranks_->all_gather(shared_values);
  }
  DenseMatrix result(n_column_, per_column());
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k) {
      const std::size_t i = number(c, k);
      result(c, k) = shared(k) ? shared_values[i - first_shared_] : local[i - first_];
    }
  return result;
}

Vector Controls::from_columns(const DenseMatrix& of_columns) const {
  Vector x = make_vector();
  WriteArray local(x.handle());
  constexpr double below_all = -1.0;
  std::vector<double> shared_values(n_shared_, below_all);
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k) {
      const std::size_t i = number(c, k);
      (shared(k) ? shared_values[i - first_shared_] : local[i - first_]) = of_columns(c, k);
    }
  for (std::size_t s = 0; s < n_shared_; ++s) {
    const double value = ranks_->max(shared_values[s]);
    if (holds_shared()) local[n_column_ * own_.size() + s] = std::max(value, 0.0);
  }
  return x;
}

void Controls::add_transposed(const DenseMatrix& of_columns, Vec g) const {
  WriteArray local(g);
  std::vector<double> sums(n_shared_, 0.0);
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k) {
      const std::size_t i = number(c, k);
      (shared(k) ? sums[i - first_shared_] : local[i - first_]) += of_columns(c, k);
    }
  if (n_shared_ == 0) return;
  sums = ranks_->sum(std::move(sums));
  for (std::size_t s = 0; holds_shared() && s < n_shared_; ++s)
    local[n_column_ * own_.size() + s] += sums[s];
}

DenseMatrix Controls::values(std::span<const std::size_t> columns,
                             const DenseMatrix& scaled) const {
  DenseMatrix result = values_.first_guess(columns, Eigen::all);
  for (Eigen::Index run = 0; run < result.rows(); ++run)
    for (std::size_t k = 0; k < per_column(); ++k)
      result(run, (*this)[k].value) = in_unit(k, scaled(run, k));
  return result;
}

DenseMatrix Controls::values(const DenseMatrix& of_columns) const {
  return values(all_columns(n_column_), of_columns);
}

DenseMatrix Controls::scaled_block(const DenseMatrix& gauss_newton) const {
  DenseVector scales(per_column());
  for (std::size_t k = 0; k < per_column(); ++k) scales[k] = scale(k);
  return (scales * scales.transpose()).cwiseProduct(gauss_newton);
}

} // namespace glebe
