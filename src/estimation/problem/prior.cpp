// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/prior.hpp"

namespace glebe {

namespace {

// 1 / std^2 of a scaled value; zero without a standard deviation.
double inverse_variance(double std, double scale) {
  return std > 0.0 ? scale * scale / (std * std) : 0.0;
}

} // namespace

DenseMatrix precision_of_values(const Controls& controls) {
  const std::size_t m = controls.per_column();
  DenseMatrix precision = DenseMatrix::Zero(m, m);
  for (std::size_t k = 0; k < m; ++k) {
    const Control& control = controls[k];
    if (!controls.is_field(k))
      precision(k, k) += inverse_variance(control.prior_std, controls.scale(k));
    if (control.knot == 0) continue;
    const auto times = controls.knot_times(k);
    const double mean_gap = (times.back() - times.front()) / double(times.size() - 1);
    const double gap = times[control.knot] - times[control.knot - 1];
    const double weight = inverse_variance(control.time_std, controls.scale(k)) * mean_gap / gap;
    precision(k, k) += weight;
    precision(k - 1, k - 1) += weight;
    precision(k, k - 1) -= weight;
    precision(k - 1, k) -= weight;
  }
  return precision;
}

Prior::Prior(const Controls& controls)
    : mean_(controls.first_guess_of_columns()), precision_(precision_of_values(controls)) {
  for (std::size_t k = 0; k < controls.per_column(); ++k)
    if (controls.shared(k)) {
      precision_.row(Eigen::Index(k)).setZero();
      precision_.col(Eigen::Index(k)).setZero();
    }
}

double Prior::cost(std::size_t column, const DenseRow& x) const {
  return 0.5 * gradient(column, x).dot(x - mean_.row(Eigen::Index(column)));
}

Eigen::RowVectorXd Prior::gradient(std::size_t column, const DenseRow& x) const {
  return (x - mean_.row(Eigen::Index(column))) * precision_;
}

} // namespace glebe
