// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/controls.hpp"

#include "glebe/simulation/column_runs.hpp"

#include <algorithm>

namespace glebe {

Controls::Controls(const Ranks& ranks, ParameterValues values)
    : ranks_(&ranks), values_(std::move(values)),
      n_column_(values_.first_guess.size() / values_.schedule.n_value()) {
  number_controls();
}

void Controls::number_controls() {
  for (std::size_t k = 0; k < per_column(); ++k) {
    if (!shared(k)) {
      place_.push_back(own_.size());
      own_.push_back(k);
      continue;
    }
    const int region = control(k).region;
    const std::size_t n_class =
        region < 0 ? 1 : values_.regions[static_cast<std::size_t>(region)].value.size();
    place_.push_back(n_shared_);
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

const VaryingSlot* Controls::varying(std::size_t k) const {
  for (const VaryingSlot& candidate : schedule().varying)
    if (control(k).value >= candidate.first &&
        control(k).value < candidate.first + candidate.n_knot)
      return &candidate;
  return nullptr;
}

std::span<const double> Controls::knot_times(std::size_t k) const {
  const VaryingSlot* slot = varying(k);
  if (!slot) return {};
  return values_.knot_time[static_cast<std::size_t>(slot - schedule().varying.data())];
}

std::vector<Direction> Controls::directions() const {
  std::vector<Direction> directions;
  for (std::size_t k = 0; k < per_column(); ++k)
    directions.push_back({control(k).slot, varying(k), control(k).knot});
  return directions;
}

std::size_t Controls::number(std::size_t column, std::size_t k) const {
  if (!shared(k)) return first_ + column * own_.size() + place_[k];
  const int region = control(k).region;
  const std::int32_t of_class =
      region < 0 ? 0 : values_.regions[static_cast<std::size_t>(region)].of_column[column];
  return first_shared_ + place_[k] + static_cast<std::size_t>(of_class);
}

std::vector<double> Controls::first_guess_of_columns() const {
  const std::size_t m = per_column(), n_value = schedule().n_value();
  std::vector<double> x(n_column_ * m);
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < m; ++k)
      x[c * m + k] =
          (values_.first_guess[c * n_value + control(k).value] - control(k).lower) / scale(k);
  return x;
}

Vector Controls::make_vector() const {
  return glebe::make_vector(ranks_->comm(), static_cast<PetscInt>(n_local()));
}

// A shared control starts from the mean over its columns, whose first guesses are the same.
Vector Controls::initial_x() const {
  Vector x = make_vector(), count = make_vector();
  const std::vector<double> first = first_guess_of_columns();
  add_transposed(first, x.handle());
  add_transposed(std::vector<double>(first.size(), 1.0), count.handle());
  GLEBE_PETSC(VecPointwiseDivide(x.handle(), x.handle(), count.handle()));
  return x;
}

std::vector<double> Controls::of_columns(Vec x) const {
  const ReadArray local(x);
  const std::size_t n_own_here = n_column_ * own_.size();
  std::vector<double> shared_values;
  if (n_shared_ > 0) {
    if (holds_shared())
      shared_values.assign(local.data() + n_own_here, local.data() + n_own_here + n_shared_);
    shared_values = ranks_->all_gather(shared_values);
  }
  const std::size_t m = per_column();
  std::vector<double> result(n_column_ * m);
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < m; ++k) {
      const std::size_t i = number(c, k);
      result[c * m + k] = shared(k) ? shared_values[i - first_shared_] : local[i - first_];
    }
  return result;
}

void Controls::add_transposed(const std::vector<double>& of_columns, Vec g) const {
  WriteArray local(g);
  const std::size_t m = per_column();
  std::vector<double> sums(n_shared_, 0.0);
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < m; ++k) {
      const std::size_t i = number(c, k);
      (shared(k) ? sums[i - first_shared_] : local[i - first_]) += of_columns[c * m + k];
    }
  if (n_shared_ == 0) return;
  sums = ranks_->sum(std::move(sums));
  for (std::size_t s = 0; holds_shared() && s < n_shared_; ++s)
    local[n_column_ * own_.size() + s] += sums[s];
}

std::vector<double> Controls::values(std::span<const std::size_t> columns,
                                     const double* scaled) const {
  const std::size_t n_value = schedule().n_value(), m = per_column();
  std::vector<double> result(columns.size() * n_value);
  for (std::size_t run = 0; run < columns.size(); ++run) {
    std::copy_n(values_.first_guess.data() + columns[run] * n_value, n_value,
                result.data() + run * n_value);
    for (std::size_t k = 0; k < m; ++k)
      result[run * n_value + control(k).value] = control(k).lower + scale(k) * scaled[run * m + k];
  }
  return result;
}

std::vector<double> Controls::values(const std::vector<double>& of_columns) const {
  return values(all_columns(n_column_), of_columns.data());
}

std::vector<double> Controls::scaled_block(const std::vector<double>& gauss_newton,
                                           std::size_t run) const {
  const std::size_t m = per_column();
  std::vector<double> block(m * m);
  for (std::size_t k = 0; k < m; ++k)
    for (std::size_t j = 0; j < m; ++j)
      block[k * m + j] = scale(k) * scale(j) * gauss_newton[(run * m + k) * m + j];
  return block;
}

} // namespace glebe
