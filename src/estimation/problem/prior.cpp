// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/prior.hpp"

namespace glebe {

namespace {

// 1 / std^2 of a scaled value; zero without a standard deviation.
double inverse_variance(double std, double scale) {
  return std > 0.0 ? scale * scale / (std * std) : 0.0;
}

} // namespace

std::vector<double> precision_of_values(const Controls& controls) {
  const std::size_t m = controls.per_column();
  std::vector<double> precision(m * m, 0.0);
  for (std::size_t k = 0; k < m; ++k) {
    const Control& control = controls.controls()[k];
    if (control.correlation_length == 0.0)
      precision[k * m + k] += inverse_variance(control.prior_std, controls.scale(k));
    if (control.knot == 0) continue;
    const auto times = controls.knot_times(k);
    const double mean_gap = (times.back() - times.front()) / double(times.size() - 1);
    const double gap = times[control.knot] - times[control.knot - 1];
    const double weight = inverse_variance(control.time_std, controls.scale(k)) * mean_gap / gap;
    precision[k * m + k] += weight;
    precision[(k - 1) * m + k - 1] += weight;
    precision[k * m + k - 1] -= weight;
    precision[(k - 1) * m + k] -= weight;
  }
  return precision;
}

Prior::Prior(const Controls& controls)
    : m_(controls.per_column()), mean_(controls.first_guess_of_columns()),
      precision_(precision_of_values(controls)) {
  for (std::size_t k = 0; k < m_; ++k)
    for (std::size_t j = 0; j < m_; ++j)
      if (controls.shared(k) || controls.shared(j)) precision_[k * m_ + j] = 0.0;
}

void Prior::add(std::size_t column, const double* x, double& cost, double* gradient,
                double* block) const {
  const double* mean = mean_.data() + column * m_;
  for (std::size_t k = 0; k < m_; ++k) {
    double force = 0.0;
    for (std::size_t j = 0; j < m_; ++j) force += precision_[k * m_ + j] * (x[j] - mean[j]);
    cost += 0.5 * force * (x[k] - mean[k]);
    if (gradient) gradient[k] += force;
  }
  if (!block) return;
  for (std::size_t i = 0; i < m_ * m_; ++i) block[i] += precision_[i];
}

} // namespace glebe
