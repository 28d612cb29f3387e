// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/levenberg_marquardt.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

constexpr double least_damping = 1e-12;   ///< keeps blocks definite that the data leave singular
constexpr double largest_damping = 1e12;  ///< beyond which no step can be told from none
constexpr double least_reduction = 1e-15; ///< of the cost, below which rounding decides

// Solves A s = b in place for the leading n x n part of a symmetric positive matrix, by Cholesky.
bool solve_positive(std::vector<double>& A, std::vector<double>& b, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = A[j * n + j];
    for (std::size_t k = 0; k < j; ++k) pivot -= A[j * n + k] * A[j * n + k];
    if (!(pivot > 0.0)) return false;
    A[j * n + j] = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < n; ++i) {
      double sum = A[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= A[i * n + k] * A[j * n + k];
      A[i * n + j] = sum / A[j * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= A[i * n + k] * b[k];
    b[i] /= A[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= A[k * n + i] * b[k];
    b[i] /= A[i * n + i];
  }
  return true;
}

} // namespace

void LevenbergMarquardt::tell(bool failed, double cost, std::span<const double> gradient,
                              std::span<const double> block, const Tolerances& tolerances) {
  if (!started_) {
    started_ = true;
    if (failed) {
      state_ = State::failed;
      return;
    }
    accept(cost, gradient, block);
    first_gradient_norm_ = gradient_norm_;
  } else {
    ++iterations_;
    const double ratio = failed ? -1.0 : (cost_ - cost) / predicted_;
    if (ratio > 0.0) {
      accept(cost, gradient, block);
      const double r = 2.0 * ratio - 1.0;
      damping_ = std::max(least_damping, damping_ * std::max(1.0 / 10.0, 1.0 - r * r * r));
      growth_ = first_growth;
    } else {
      reject();
    }
  }
  judge(tolerances);
  if (active()) propose();
}

void LevenbergMarquardt::accept(double cost, std::span<const double> gradient,
                                std::span<const double> block) {
  x_ = trial_;
  cost_ = cost;
  gradient_.assign(gradient.begin(), gradient.end());
  block_.assign(block.begin(), block.end());
  gradient_norm_ = projected_gradient_norm();
}

void LevenbergMarquardt::reject() {
  damping_ *= growth_;
  growth_ *= 2.0;
}

void LevenbergMarquardt::judge(const Tolerances& tolerances) {
  if (gradient_norm_ <= tolerances.gradient_absolute ||
      gradient_norm_ <= tolerances.gradient_relative * first_gradient_norm_)
    state_ = State::converged;
  else if (iterations_ >= tolerances.max_iterations || damping_ > largest_damping)
    state_ = State::stalled;
}

void LevenbergMarquardt::propose() {
  const std::size_t m = x_.size();
  for (;;) {
    const std::vector<double> step = bounded_step();
    predicted_ = 0.0;
    for (std::size_t i = 0; i < m; ++i) {
      predicted_ -= gradient_[i] * step[i];
      for (std::size_t j = 0; j < m; ++j) predicted_ -= 0.5 * step[i] * block_[i * m + j] * step[j];
      trial_[i] = std::clamp(x_[i] + step[i], 0.0, 1.0);
    }
    if (predicted_ > least_reduction * cost_) return;
    // A step that bounds cut short may promise nothing although there is much to gain; with more
    // damping fewer of them are in its way.
    const bool cut =
        std::any_of(trial_.begin(), trial_.end(), [](double x) { return x == 0.0 || x == 1.0; });
    if (!cut || damping_ > largest_damping) break;
    damping_ *= 10.0;
  }
  // Nothing left to gain that rounding would not hide: as good as the arithmetic allows.
  state_ = State::converged;
}

// The minimiser of the damped quadratic model within the bounds: controls that it carries over a
// bound are held there, and the rest is solved for again.
std::vector<double> LevenbergMarquardt::bounded_step() const {
  const std::size_t m = x_.size();
  std::vector<double> step(m, 0.0);
  std::vector<char> held(m);
  for (std::size_t i = 0; i < m; ++i)
    held[i] = (x_[i] <= 0.0 && gradient_[i] >= 0.0) || (x_[i] >= 1.0 && gradient_[i] <= 0.0);

  for (std::size_t round = 0; round <= m; ++round) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < m; ++i)
      if (!held[i]) open.push_back(i);
    const std::size_t n = open.size();
    std::vector<double> A(n * n), b(n);
    for (std::size_t i = 0; i < n; ++i) {
      b[i] = -gradient_[open[i]];
      for (std::size_t j = 0; j < m; ++j)
        if (held[j]) b[i] -= block_[open[i] * m + j] * step[j];
      for (std::size_t j = 0; j < n; ++j) A[i * n + j] = block_[open[i] * m + open[j]];
      const double diagonal = A[i * n + i];
      A[i * n + i] += damping_ * (diagonal > 0.0 ? diagonal : 1.0);
    }
    if (!solve_positive(A, b, n)) {
      // Numerically singular in spite of the damping: fall back to the scaled gradient.
      for (std::size_t i = 0; i < n; ++i) {
        const double diagonal = block_[open[i] * m + open[i]];
        b[i] = -gradient_[open[i]] / (diagonal > 0.0 ? diagonal * (1.0 + damping_) : 1.0);
      }
    }
    bool crossed = false;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t k = open[i];
      const double bounded = std::clamp(b[i], -x_[k], 1.0 - x_[k]);
      step[k] = bounded;
      if (bounded != b[i]) held[k] = crossed = true;
    }
    if (!crossed) break;
  }
  return step;
}

double LevenbergMarquardt::projected_gradient_norm() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const bool held =
        (x_[i] <= 0.0 && gradient_[i] >= 0.0) || (x_[i] >= 1.0 && gradient_[i] <= 0.0);
    if (!held) sum += gradient_[i] * gradient_[i];
  }
  return std::sqrt(sum);
}

} // namespace glebe
