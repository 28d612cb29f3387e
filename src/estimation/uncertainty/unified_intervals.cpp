// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/unified_intervals.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace glebe {

namespace {

// Of a variance given others relative to the variance: below it is rounding.
constexpr double smallest_part = 1e-14;

double normal_probability(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

// ---- The best point within bounds ---------------------------------------------------------------

struct BestPoint {
  DenseVector x;
  double misfit = 0.0;        ///< (x - mean)^T P^-1 (x - mean)
  std::size_t n_at_bound = 0; ///< controls that bounds hold
};

// The point of the unit cube where a Gaussian has its largest density. With x = mean + P lambda,
// lambda is zero but for controls at a bound, and positive at a lower one, negative at an upper
// one: the method of active sets of Lawson and Hanson (1974, chapter 23) for lambda.
class BestPointSearch {
public:
  BestPointSearch(const DenseVector& mean, const DenseMatrix& P)
      : mean_(mean), P_(P), lambda_(DenseVector::Zero(mean.size())) {}

  BestPoint find() {
    const Eigen::Index rounds = 4 * mean_.size() + 8; // against cycles by rounding
    for (Eigen::Index round = 0; round < rounds && activate_worst(); ++round)
      while (!solve()) {
      }
    DenseVector x = mean_ + P_ * lambda_;
    double misfit = 0.0;
    for (const Active& one : active_) {
      x[one.k] = one.bound;
      misfit += lambda_[one.k] * (one.bound - mean_[one.k]);
    }
    return {x.cwiseMax(0.0).cwiseMin(1.0), misfit, active_.size()};
  }

private:
  struct Active {
    Eigen::Index k;
    double bound;
  };

  // Whether a control is beyond its bounds; the one that is farthest is to be held at its bound.
  bool activate_worst() {
    constexpr double rounding = 1e-9;
    const DenseVector x = mean_ + P_ * lambda_;
    Active worst{-1, 0.0};
    double farthest = rounding;
    for (Eigen::Index k = 0; k < x.size(); ++k) {
      if (std::ranges::any_of(active_, [k](const Active& one) { return one.k == k; })) continue;
      const double bound = std::clamp(x[k], 0.0, 1.0);
      const double distance = std::abs(x[k] - bound) / std::sqrt(P_(k, k));
      if (distance <= farthest) continue;
      farthest = distance;
      worst = {k, bound};
    }
    if (worst.k >= 0) active_.push_back(worst);
    return worst.k >= 0;
  }

  // Moves lambda to where all active controls are at their bounds, or until the first changes its
  // sign, which is let free. Whether the former.
  bool solve() {
    const DenseVector to = lambda_at_bounds();
    double part = 1.0;
    auto first = active_.end();
    for (auto one = active_.begin(); one != active_.end(); ++one) {
      const double from = lambda_[one->k], end = to[one - active_.begin()];
      if (one->bound == 0.0 ? end >= 0.0 : end <= 0.0) continue;
      const double crossing = from / (from - end);
      if (first != active_.end() && crossing >= part) continue;
      part = crossing;
      first = one;
    }
    for (std::size_t i = 0; i < active_.size(); ++i) {
      double& lambda = lambda_[active_[i].k];
      lambda += part * (to[Eigen::Index(i)] - lambda);
    }
    if (first == active_.end()) return true;
    lambda_[first->k] = 0.0;
    active_.erase(first);
    return active_.empty();
  }

  DenseVector lambda_at_bounds() const {
    const auto n = static_cast<Eigen::Index>(active_.size());
    DenseMatrix A(n, n);
    DenseVector b(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const Active& one = active_[std::size_t(i)];
      b[i] = one.bound - mean_[one.k];
      for (Eigen::Index j = 0; j < n; ++j) A(i, j) = P_(one.k, active_[std::size_t(j)].k);
      A(i, i) *= 1.0 + smallest_part;
    }
    return A.ldlt().solve(b);
  }

  const DenseVector& mean_;
  const DenseMatrix& P_;
  DenseVector lambda_;
  std::vector<Active> active_;
};

// ---- One control --------------------------------------------------------------------------------

// How much worse a value of one control is than the best, the other controls taking their best
// values: the difference of misfits, which is the square of the distance in standard deviations
// where no bound is felt.
class Profile {
public:
  Profile(const DenseVector& mean, const DenseMatrix& P, std::size_t k,
          const std::vector<std::size_t>& others)
      : variance_(P(k, k)), slope_(P(others, std::vector{k}) / variance_),
        of_others_(P(others, others) - variance_ * slope_ * slope_.transpose()) {
    for (Eigen::Index i = 0; i < slope_.size(); ++i)
      of_others_(i, i) = std::max(of_others_(i, i), smallest_part * P(others[i], others[i]));
    std::vector<std::size_t> all{k};
    all.insert(all.end(), others.begin(), others.end());
    const DenseVector mean_of_all = mean(all);
    const DenseMatrix of_all = P(all, all);
    const BestPoint best = BestPointSearch(mean_of_all, of_all).find();
    take_mean(best, mean_of_all);
    best_ = best.x[0];
    misfit_of_others_ = misfit_of_others(best_);
  }

  double best() const { return best_; }
  double std() const { return std::sqrt(variance_); }
  double excess(double x) const {
    const double own = (x - best_) * (x + best_ - 2.0 * mean_) / variance_;
    return std::max(0.0, own + misfit_of_others(x) - misfit_of_others_);
  }

private:
  // Data that contradict the bounds by more than is likely are taken to contradict them by no more:
  // otherwise the interval would be the narrower the more wrong the bounds or the model are. Of
  // data that are right, 4 % are concerned. The best point stays where it is.
  void take_mean(const BestPoint& best, const DenseVector& mean) {
    constexpr double likely = 1.75; // [standard deviations] for each control that a bound holds
    const double most = likely * likely * static_cast<double>(best.n_at_bound);
    const double part = best.misfit > most ? std::sqrt(most / best.misfit) : 1.0;
    const DenseVector taken = best.x - part * (best.x - mean);
    mean_ = taken[0];
    mean_of_others_ = taken.tail(taken.size() - 1);
  }
  double misfit_of_others(double x) const {
    const DenseVector mean = mean_of_others_ + (x - mean_) * slope_;
    return mean.size() == 0 ? 0.0 : BestPointSearch(mean, of_others_).find().misfit;
  }

  double mean_;
  double variance_;
  DenseVector mean_of_others_;
  DenseVector slope_;     ///< of the means of the others with the value of the control
  DenseMatrix of_others_; ///< their covariance, given that value
  double best_ = 0.0;
  double misfit_of_others_ = 0.0;
};

// How far data may be from a true value on the side of a bound at this distance, all in standard
// deviations, until its excess is above `excess`.
double reach(double excess, double distance) {
  const double root = std::sqrt(excess);
  if (root <= distance) return root;
  return distance > 0.0 ? 0.5 * (distance + excess / distance)
                        : std::numeric_limits<double>::infinity();
}

// The probability of data for which a true value of a control by itself has at most this excess.
double probability_of_less(double excess, double to_lower, double to_upper) {
  return normal_probability(reach(excess, to_upper)) - normal_probability(-reach(excess, to_lower));
}

bool is_accepted(const Profile& profile, double x) {
  const double std = profile.std();
  return probability_of_less(profile.excess(x), x / std, (1.0 - x) / std) <= one_sigma;
}

// The last accepted value between the best one and a bound. Sought by the order of its distance,
// which may be tiny.
double end_towards(const Profile& profile, double bound) {
  constexpr double smallest_distance = 1e-13; // between numbers of order one
  constexpr int halvings = 30;                // of the logarithm: 3e-8 of the distance
  if (is_accepted(profile, bound)) return bound;
  double inside = smallest_distance, outside = std::abs(bound - profile.best());
  for (int i = 0; i < halvings; ++i) {
    const double middle = std::sqrt(inside * outside);
    const double x = profile.best() + std::copysign(middle, bound - profile.best());
    (is_accepted(profile, x) ? inside : outside) = middle;
  }
  return profile.best() + std::copysign(std::min(inside, outside), bound - profile.best());
}

// The controls with felt bounds that matter for control k: those most correlated with it, because
// the time grows with the cube of their number.
std::vector<std::size_t> others_of(const DenseMatrix& covariance, std::vector<std::size_t> felt,
                                   std::size_t k) {
  constexpr std::size_t most = 12;
  std::erase(felt, k);
  const auto by_correlation = [&](std::size_t j) {
    return -std::abs(covariance(k, j)) / std::sqrt(covariance(j, j));
  };
  std::ranges::stable_sort(felt, {}, by_correlation);
  if (felt.size() > most) felt.resize(most);
  return felt;
}

} // namespace

std::vector<std::size_t> felt_bounds(const DenseVector& mean, const DenseMatrix& covariance) {
  std::vector<std::size_t> felt;
  for (Eigen::Index k = 0; k < mean.size(); ++k) {
    const double reach = far_from_bound * std::sqrt(covariance(k, k));
    if (mean[k] < reach || mean[k] > 1.0 - reach) felt.push_back(static_cast<std::size_t>(k));
  }
  return felt;
}

std::vector<Interval> unified_intervals(const DenseVector& mean, const DenseMatrix& covariance) {
  const std::vector<std::size_t> felt = felt_bounds(mean, covariance);
  std::vector<Interval> intervals(static_cast<std::size_t>(mean.size()));
  for (std::size_t k = 0; k < intervals.size(); ++k) {
    const double std = std::sqrt(covariance(k, k));
    intervals[k] = {mean[k] - std, mean[k] + std};
    if (felt.empty()) continue;
    const Profile profile(mean, covariance, k, others_of(covariance, felt, k));
    intervals[k] = {end_towards(profile, 0.0), end_towards(profile, 1.0)};
  }
  return intervals;
}

} // namespace glebe
