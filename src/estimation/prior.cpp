// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/prior.hpp"

namespace glebe {

Prior::Prior(const Controls& controls)
    : per_column_(controls.per_column()), mean_(controls.initial_x()),
      inverse_variance_(controls.n_local(), 0.0) {
  for (std::size_t i = 0; i < inverse_variance_.size(); ++i) {
    const std::size_t k = i % per_column_;
    const double std = controls.controls()[k].prior_std / controls.scale(k);
    if (std > 0.0) inverse_variance_[i] = 1.0 / (std * std);
  }
}

std::vector<double> Prior::cost(const double* x) const {
  std::vector<double> cost(per_column_ > 0 ? mean_.size() / per_column_ : 0, 0.0);
  for (std::size_t i = 0; i < mean_.size(); ++i)
    cost[i / per_column_] += 0.5 * inverse_variance_[i] * (x[i] - mean_[i]) * (x[i] - mean_[i]);
  return cost;
}

void Prior::add(std::size_t column, const double* x, double& cost, double* gradient,
                double* block) const {
  for (std::size_t k = 0; k < per_column_; ++k) {
    const std::size_t i = column * per_column_ + k;
    const double distance = x[k] - mean_[i];
    cost += 0.5 * inverse_variance_[i] * distance * distance;
    gradient[k] += inverse_variance_[i] * distance;
    block[k * per_column_ + k] += inverse_variance_[i];
  }
}

void Prior::add_gradient(const double* x, double* g) const {
  for (std::size_t i = 0; i < mean_.size(); ++i) g[i] += inverse_variance_[i] * (x[i] - mean_[i]);
}

} // namespace glebe
