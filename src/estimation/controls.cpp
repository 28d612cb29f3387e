// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/controls.hpp"

namespace glebe {

Controls::Controls(ParameterValues values)
    : values_(std::move(values)), n_column_(values_.first_guess.size() / values_.layout.size()) {}

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
  std::vector<double> parameters = values_.first_guess;
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k)
      parameters[c * layout().size() + slot(k)] =
          control(k).lower + scale(k) * x[c * per_column() + k];
  return parameters;
}

void Controls::add_gradient(const std::vector<double>& gradient, double* g) const {
  for (std::size_t c = 0; c < n_column_; ++c)
    for (std::size_t k = 0; k < per_column(); ++k)
      g[c * per_column() + k] += scale(k) * gradient[c * per_column() + k];
}

std::vector<double> Controls::scaled_block(const std::vector<double>& gauss_newton,
                                           std::size_t column) const {
  const std::size_t m = per_column();
  std::vector<double> block(m * m);
  for (std::size_t k = 0; k < m; ++k)
    for (std::size_t j = 0; j < m; ++j)
      block[k * m + j] = scale(k) * scale(j) * gauss_newton[(column * m + k) * m + j];
  return block;
}

} // namespace glebe
