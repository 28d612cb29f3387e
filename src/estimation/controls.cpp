// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/controls.hpp"

#include "glebe/estimation/column_runs.hpp"

#include <algorithm>

namespace glebe {

Controls::Controls(ParameterValues values)
    : values_(std::move(values)),
      n_column_(values_.first_guess.size() / values_.schedule.n_value()) {}

std::vector<ParameterSlot> Controls::slots() const {
  std::vector<ParameterSlot> slots;
  for (const Control& control : controls()) slots.push_back(control.slot);
  return slots;
}

std::vector<double> Controls::initial_x() const {
  std::vector<double> x(n_local());
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k)
      x[c * per_column() + k] =
          (values_.first_guess[c * layout().size() + slot(k)] - control(k).lower) / scale(k);
  return x;
}

std::vector<double> Controls::parameters(const double* x) const {
  return parameters(all_columns(n_column_), x);
}

std::vector<double> Controls::parameters(std::span<const std::size_t> columns,
                                         const double* x) const {
  const std::size_t n_slot = layout().size();
  std::vector<double> parameters(columns.size() * n_slot);
  for (std::size_t run = 0; run < columns.size(); ++run) {
    std::copy_n(values_.first_guess.data() + columns[run] * n_slot, n_slot,
                parameters.data() + run * n_slot);
    for (std::size_t k = 0; k < per_column(); ++k)
      parameters[run * n_slot + slot(k)] = control(k).lower + scale(k) * x[run * per_column() + k];
  }
  return parameters;
}

void Controls::add_gradient(const std::vector<double>& gradient, double* g) const {
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k)
      g[c * per_column() + k] += scale(k) * gradient[c * per_column() + k];
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
