// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/controls.hpp"

#include <vector>

namespace glebe {

/// The prior term (x - x_b)^T B^-1 (x - x_b) / 2 with independent standard deviations; x_b is the
/// first guess, and a control without a prior_std has none. In the scaled controls x.
class Prior {
public:
  explicit Prior(const Controls& controls);

  /// The diagonal of B^-1 in x [n_local].
  const std::vector<double>& inverse_variance() const { return inverse_variance_; }
  /// Its cost in each column [column].
  std::vector<double> cost(const double* x) const;
  /// Adds the prior of one column at x [k] to its cost, gradient [k] and block [k][k].
  void add(std::size_t column, const double* x, double& cost, double* gradient,
           double* block) const;
  /// Adds B^-1 (x - x_b) to g [n_local].
  void add_gradient(const double* x, double* g) const;

private:
  std::size_t per_column_;
  std::vector<double> mean_;
  std::vector<double> inverse_variance_;
};

} // namespace glebe
