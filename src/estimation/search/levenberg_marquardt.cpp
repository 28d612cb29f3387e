// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/levenberg_marquardt.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr double min_damping = 1e-12;   ///< makes singular blocks positive definite
constexpr double max_damping = 1e12;    ///< larger damping makes the step negligible
constexpr double min_reduction = 1e-15; ///< relative reduction of the cost near rounding error

} // namespace

void LevenbergMarquardt::tell(bool failed, double cost, const DenseVector& gradient,
                              const DenseMatrix& block, const Tolerances& tolerances) {
  failed = failed || !gradient.allFinite() || !block.allFinite();
  if (!started_) {
    started_ = true;
    first_cost_ = cost;
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
      damping_ = std::max(min_damping, damping_ * std::max(1.0 / 10.0, 1.0 - r * r * r));
      growth_ = first_growth;
    } else {
      reject();
    }
  }
  check_convergence(tolerances);
  if (active()) propose();
}

void LevenbergMarquardt::accept(double cost, const DenseVector& gradient,
                                const DenseMatrix& block) {
  x_ = trial_;
  cost_ = cost;
  gradient_ = gradient;
  block_ = block;
  gradient_norm_ = projected_gradient_norm();
}

void LevenbergMarquardt::reject() {
  damping_ *= growth_;
  growth_ *= 2.0;
}

void LevenbergMarquardt::check_convergence(const Tolerances& tolerances) {
  if (gradient_norm_ <= tolerances.gradient_absolute ||
      gradient_norm_ <= tolerances.gradient_relative * first_gradient_norm_)
    state_ = State::converged;
  else if (iterations_ >= tolerances.max_iterations || damping_ > max_damping)
    state_ = State::stalled;
}

void LevenbergMarquardt::propose() {
  for (;;) {
    const DenseVector step = bounded_step();
    predicted_ = -step.dot(gradient_) - 0.5 * step.dot(block_ * step);
    trial_ = (x_ + step).cwiseMax(0.0).cwiseMin(1.0);
    if (predicted_ > min_reduction * cost_) return;
    // Where bounds cut the step short, the predicted reduction can be small far from the minimum.
    // With more damping the step is shorter and meets fewer bounds.
    const bool cut = (trial_.array() == 0.0 || trial_.array() == 1.0).any();
    if (!cut || damping_ > max_damping) break;
    damping_ *= 10.0;
  }
  // The predicted reduction is below rounding error: the minimum is reached.
  state_ = State::converged;
}

bool LevenbergMarquardt::at_bound(Eigen::Index i) const {
  return (x_[i] <= 0.0 && gradient_[i] >= 0.0) || (x_[i] >= 1.0 && gradient_[i] <= 0.0);
}

// The minimiser of the damped quadratic model within the bounds. Controls that would cross a bound
// are held at it, and the others are solved for again.
DenseVector LevenbergMarquardt::bounded_step() const {
  const Eigen::Index m = x_.size();
  DenseVector step = DenseVector::Zero(m);
  std::vector<char> held(static_cast<std::size_t>(m));
  for (Eigen::Index i = 0; i < m; ++i) held[static_cast<std::size_t>(i)] = at_bound(i);
  for (Eigen::Index round = 0; round <= m; ++round) {
    std::vector<Eigen::Index> free;
    for (Eigen::Index i = 0; i < m; ++i)
      if (!held[static_cast<std::size_t>(i)]) free.push_back(i);
    const DenseVector wanted = newton_step(free, step);
    bool crossed = false;
    for (std::size_t i = 0; i < free.size(); ++i) {
      const Eigen::Index k = free[i];
      step[k] = std::clamp(wanted[i], -x_[k], 1.0 - x_[k]);
      if (step[k] != wanted[i]) held[static_cast<std::size_t>(k)] = crossed = true;
    }
    if (!crossed) break;
  }
  return step;
}

// The damped step of the `free` controls when the other controls take theirs from `step`.
DenseVector LevenbergMarquardt::newton_step(const std::vector<Eigen::Index>& free,
                                            const DenseVector& step) const {
  DenseVector others = step;
  for (const Eigen::Index k : free) others[k] = 0.0;
  const DenseVector b = -(gradient_ + block_ * others)(free);
  DenseMatrix A = block_(free, free);
  // Without curvature, the damping of a control is relative to its range, which is one.
  const DenseVector metric = (A.diagonal().array() > 0.0).select(A.diagonal(), 1.0);
  A.diagonal() += damping_ * metric;
  const Eigen::LLT<DenseMatrix> factor(A);
  if (factor.info() == Eigen::Success) return factor.solve(b);
  // The matrix is numerically singular in spite of the damping: use the scaled gradient.
  const DenseVector curvature = (block_.diagonal()(free).array() > 0.0)
                                    .select(block_.diagonal()(free) * (1.0 + damping_), 1.0);
  return b.cwiseQuotient(curvature);
}

double LevenbergMarquardt::projected_gradient_norm() const {
  double sum = 0.0;
  for (Eigen::Index i = 0; i < x_.size(); ++i)
    if (!at_bound(i)) sum += gradient_[i] * gradient_[i];
  return std::sqrt(sum);
}

} // namespace glebe
