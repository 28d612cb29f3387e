// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/controls.hpp"

#include <vector>

namespace glebe {

/// B^-1 among the m values that a column varies, scaled, [k][k], but for what couples columns:
/// independent standard deviations, and a random walk between successive knots in time, whose step
/// has the standard deviation time_std over the mean gap between knots.
/// Source: Rue and Held (2005), Gaussian Markov Random Fields, section 3.3.1.
std::vector<double> precision_of_values(const Controls& controls);

/// The part of the prior (x - x_b)^T B^-1 (x - x_b) / 2 that a column has by itself, in the values
/// that are its own; x_b is the first guess. The rest is in Coupling.
class Prior {
public:
  explicit Prior(const Controls& controls);

  /// B^-1 of a column, [k][k], the same for all.
  const std::vector<double>& precision() const { return precision_; }
  /// Adds the prior of one column at x [k] to its cost, and to its gradient [k] and block [k][k]
  /// where these are given.
  void add(std::size_t column, const double* x, double& cost, double* gradient = nullptr,
           double* block = nullptr) const;

private:
  std::size_t m_;
  std::vector<double> mean_; ///< [column][k]
  std::vector<double> precision_;
};

} // namespace glebe
