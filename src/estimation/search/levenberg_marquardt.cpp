// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/levenberg_marquardt.hpp"

#include "glebe/base/error.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

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
    const bool begun = first_gradient_norm_ > 0.0;
    if (!begun) first_cost_ = cost;
    if (failed) {
      state_ = State::failed;
      return;
    }
    accept(cost, gradient, block);
    if (!begun) first_gradient_norm_ = gradient_norm_;
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

// ---- Its state as numbers -----------------------------------------------------------------------

namespace {

// The numbers that stand before the others in a record.
enum Head { state_number, iterations_number, started_number, n_head };

void check_record(bool good, const char* what) {
  if (!good) throw InputError(fmt::format("a search in it cannot be gone on with: {}", what));
}

bool within_bounds(const DenseVector& x) {
  return x.allFinite() && (x.array() >= 0.0).all() && (x.array() <= 1.0).all();
}

struct Copy {
  double*& to;
  void operator()(double number) const { *to++ = number; }
  template <class Numbers>
  void operator()(const Numbers& numbers) const {
    to = std::copy(numbers.data(), numbers.data() + numbers.size(), to);
  }
};

struct Take {
  const double*& from;
  void operator()(double& number) const { number = *from++; }
  template <class Numbers>
  void operator()(Numbers& numbers) const {
    std::copy(from, from + numbers.size(), numbers.data());
    from += numbers.size();
  }
};

} // namespace

std::size_t LevenbergMarquardt::record_size(std::size_t m) {
  const std::size_t n_scalar = 7;
  return n_head + n_scalar + 3 * m + m * m;
}

void LevenbergMarquardt::save(std::span<double> record) const {
  LevenbergMarquardt whole = *this;
  // A search whose model has failed at its start has no derivatives.
  if (whole.gradient_.size() == 0) {
    whole.gradient_ = DenseVector::Zero(x_.size());
    whole.block_ = DenseMatrix::Zero(x_.size(), x_.size());
  }
  record[state_number] = static_cast<double>(state_);
  record[iterations_number] = iterations_;
  record[started_number] = started_;
  double* to = record.data() + n_head;
  for_each_number(std::as_const(whole), Copy{to});
}

LevenbergMarquardt LevenbergMarquardt::restored(std::span<const double> record, std::size_t m) {
  const double state = record[state_number], iterations = record[iterations_number];
  check_record(state == 0.0 || state == 1.0 || state == 2.0 || state == 3.0, "its state");
  check_record(iterations >= 0.0 && iterations <= 1e9 && iterations == std::floor(iterations),
               "its number of iterations");
  LevenbergMarquardt search{DenseVector(m)};
  search.gradient_.resize(Eigen::Index(m));
  search.block_.resize(Eigen::Index(m), Eigen::Index(m));
  const double* from = record.data() + n_head;
  for_each_number(search, Take{from});
  search.state_ = static_cast<State>(static_cast<int>(state));
  search.iterations_ = static_cast<int>(iterations);
  search.started_ = record[started_number] != 0.0;
  check_record(within_bounds(search.x_) && within_bounds(search.trial_),
               "its controls are not within their bounds");
  if (search.state_ == State::failed || !search.started_) return search;
  check_record(std::all_of(record.begin(), record.end(), [](double v) { return std::isfinite(v); }),
               "its numbers are not finite");
  check_record(search.damping_ > 0.0 && search.growth_ > 0.0, "its damping");
  return search;
}

void LevenbergMarquardt::extend(const Tolerances& tolerances) {
  if (state_ != State::stalled || iterations_ >= tolerances.max_iterations ||
      damping_ > max_damping)
    return;
  state_ = State::active;
  propose();
}

// ---- Its steps ----------------------------------------------------------------------------------

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
