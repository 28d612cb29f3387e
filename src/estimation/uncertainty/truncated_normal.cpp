// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/truncated_normal.hpp"

#include "glebe/base/normal_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace glebe {

namespace {

// Of a pivot of the Cholesky factor relative to the variance: below it is rounding.
constexpr double smallest_pivot = 1e-14;

// The Cholesky factor of the covariance of some controls, one row after the other.
class ConditionalGaussian {
public:
  ConditionalGaussian(const DenseVector& mean, const DenseMatrix& covariance, std::size_t size)
      : mean_(mean), covariance_(covariance), factor_(DenseMatrix::Zero(size, size)) {}

  /// The row of the factor that a further control would have; its last element is the standard
  /// deviation of the control given those before it.
  DenseVector row_of(std::size_t k) const {
    const std::size_t n = controls_.size();
    DenseVector row(n + 1);
    double variance = covariance_(k, k);
    for (std::size_t i = 0; i < n; ++i) {
      double sum = covariance_(k, controls_[i]);
      for (std::size_t j = 0; j < i; ++j) sum -= row[j] * factor_(i, j);
      row[i] = sum / factor_(i, i);
      variance -= row[i] * row[i];
    }
    row[n] = std::sqrt(std::max(variance, smallest_pivot * covariance_(k, k)));
    return row;
  }
  void append(std::size_t k) {
    const DenseVector row = row_of(k);
    factor_.row(Eigen::Index(controls_.size())).head(row.size()) = row.transpose();
    controls_.push_back(k);
  }
  /// The limits of the standard normal variable of control k, whose row is given, for the variables
  /// z of those before it.
  Interval limits(std::size_t k, const DenseVector& row, const std::vector<double>& z) const {
    const Eigen::Index n = row.size() - 1;
    double centre = mean_[k];
    for (Eigen::Index j = 0; j < n; ++j) centre += row[j] * z[std::size_t(j)];
    return {-centre / row[n], (1.0 - centre) / row[n]};
  }
  Interval limits(std::size_t i, const std::vector<double>& z) const {
    double centre = mean_[controls_[i]];
    for (std::size_t j = 0; j < i; ++j) centre += factor_(i, j) * z[j];
    return {-centre / factor_(i, i), (1.0 - centre) / factor_(i, i)};
  }

private:
  const DenseVector& mean_;
  const DenseMatrix& covariance_;
  std::vector<std::size_t> controls_;
  DenseMatrix factor_;
};

// Appends the other controls in the order in which they are drawn: first those whose bounds cut off
// most, given the medians of those before.
void append_in_order(ConditionalGaussian& gaussian, std::vector<double> z,
                     std::vector<std::size_t> controls) {
  while (!controls.empty()) {
    const auto probability = [&](std::size_t k) {
      const Interval cut = gaussian.limits(k, gaussian.row_of(k), z);
      return log_probability_between(cut.lower, cut.upper);
    };
    const auto next = std::ranges::min_element(controls, {}, probability);
    const Interval cut = gaussian.limits(*next, gaussian.row_of(*next), z);
    z.push_back(quantile_between(cut.lower, cut.upper, 0.5));
    gaussian.append(*next);
    controls.erase(next);
  }
}

// Coordinate `dimension` of point i of n, evenly spread in (0, 1): the points of Hammersley's kind
// with the square roots of primes (Richtmyer).
double spread_point(std::size_t i, std::size_t n, std::size_t dimension) {
  if (dimension == 0) return (double(i) + 0.5) / double(n);
  std::size_t prime = 1;
  for (std::size_t found = 0; found < dimension;) {
    ++prime;
    bool divided = false;
    for (std::size_t d = 2; d * d <= prime; ++d) divided = divided || prime % d == 0;
    found += !divided;
  }
  const double part = (double(i) + 0.5) * std::sqrt(double(prime));
  return std::clamp(part - std::floor(part), 1e-12, 1.0 - 1e-12);
}

// The density of one control, up to a factor: its Gaussian times the probability that the others
// are within their bounds, given its value.
class Marginal {
public:
  Marginal(const DenseVector& mean, const DenseMatrix& covariance, std::size_t k,
           const std::vector<std::size_t>& others)
      : mean_(mean[Eigen::Index(k)]), std_(std::sqrt(covariance(Eigen::Index(k), Eigen::Index(k)))),
        n_other_(others.size()), gaussian_(mean, covariance, others.size() + 1) {
    gaussian_.append(k);
    append_in_order(gaussian_, {(std::clamp(mean_, 0.0, 1.0) - mean_) / std_}, others);
  }

  double log_density(double x) const {
    const double z = (x - mean_) / std_;
    return -0.5 * z * z + log_probability_of_others(z);
  }

private:
  double log_probability_of_others(double z_own) const {
    // The last of them needs no value, so that a single one takes no average.
    if (n_other_ == 0) return 0.0;
    constexpr std::size_t several = 64;
    const std::size_t n = n_other_ == 1 ? 1 : several;
    std::vector<double> z(n_other_ + 1), logarithm(n);
    z[0] = z_own;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 1; j <= n_other_; ++j) {
        const Interval cut = gaussian_.limits(j, z);
        logarithm[i] += log_probability_between(cut.lower, cut.upper);
        if (j < n_other_) z[j] = quantile_between(cut.lower, cut.upper, spread_point(i, n, j - 1));
      }
    const double largest = *std::ranges::max_element(logarithm);
    double sum = 0.0;
    for (const double one : logarithm) sum += std::exp(one - largest);
    return largest + std::log(sum / double(n));
  }

  double mean_;
  double std_;
  std::size_t n_other_;
  ConditionalGaussian gaussian_;
};

// Between numbers of order one that are still told apart in a grid.
constexpr double smallest_distance = 1e-13;

// The most probable value: the density of a Gaussian within bounds has a single maximum.
double mode_of(const Marginal& marginal) {
  constexpr double golden = 0.6180339887498949;
  double a = 0.0, b = 1.0;
  double left = b - golden * (b - a), right = a + golden * (b - a);
  double f_left = marginal.log_density(left), f_right = marginal.log_density(right);
  for (int i = 0; i < 70; ++i) {
    if (f_left >= f_right) {
      b = std::exchange(right, left);
      f_right = f_left;
      left = b - golden * (b - a);
      f_left = marginal.log_density(left);
    } else {
      a = std::exchange(left, right);
      f_left = f_right;
      right = a + golden * (b - a);
      f_right = marginal.log_density(right);
    }
  }
  double best = 0.5 * (a + b);
  for (const double bound : {0.0, 1.0})
    if (marginal.log_density(bound) >= marginal.log_density(best)) best = bound;
  return best;
}

// Where the density has fallen to exp(-drop) of its maximum, between the mode and a bound; the
// bound if it does not fall so far. Sought by the order of its distance, which may be tiny.
double end_of(const Marginal& marginal, double mode, double bound, double drop) {
  const double level = marginal.log_density(mode) - drop;
  if (marginal.log_density(bound) >= level) return bound;
  double inside = smallest_distance, outside = std::abs(bound - mode);
  for (int i = 0; i < 25; ++i) {
    const double middle = std::sqrt(inside * outside);
    const double x = mode + std::copysign(middle, bound - mode);
    (marginal.log_density(x) >= level ? inside : outside) = middle;
  }
  return mode + std::copysign(inside, bound - mode);
}

// The density on a grid that has all of its probability but 1e-5, relative to its maximum.
struct GriddedDensity {
  double first, step;
  std::vector<double> value;

  /// Where the density is above `level`, and its probability there, by linear interpolation.
  Interval above(double level) const {
    std::size_t a = 0, b = value.size() - 1;
    while (value[a] < level) ++a;
    while (value[b] < level) --b;
    const auto crossing = [&](std::size_t out, std::size_t in) {
      return (value[in] - level) / (value[in] - value[out]);
    };
    double lower = double(a), upper = double(b);
    if (a > 0) lower -= crossing(a - 1, a);
    if (b + 1 < value.size()) upper += crossing(b + 1, b);
    return {first + step * lower, first + step * upper};
  }
  double at(double x) const {
    const double place = std::clamp((x - first) / step, 0.0, double(value.size() - 1));
    const auto i = std::min(static_cast<std::size_t>(place), value.size() - 2);
    const double w = place - double(i);
    return (1.0 - w) * value[i] + w * value[i + 1];
  }
  double probability(const Interval& range) const {
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < value.size(); ++i) {
      const double from = std::max(range.lower, first + step * double(i));
      const double to = std::min(range.upper, first + step * double(i + 1));
      if (from < to) sum += 0.5 * (at(from) + at(to)) * (to - from);
    }
    return sum;
  }
};

GriddedDensity on_grid(const Marginal& marginal) {
  constexpr double drop = 12.0;
  constexpr std::size_t n = 121;
  const double mode = mode_of(marginal), largest = marginal.log_density(mode);
  const double a = end_of(marginal, mode, 0.0, drop), b = end_of(marginal, mode, 1.0, drop);
  GriddedDensity grid{a, (b - a) / double(n - 1), {}};
  for (std::size_t i = 0; i < n; ++i)
    grid.value.push_back(std::exp(marginal.log_density(a + grid.step * double(i)) - largest));
  return grid;
}

// The controls with felt bounds that matter for control k: those most correlated with it, because
// the time grows with the square of their number.
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

Interval shortest_interval(const Marginal& marginal) {
  const GriddedDensity grid = on_grid(marginal);
  const double width = grid.step * double(grid.value.size() - 1);
  if (!(width > 10.0 * smallest_distance)) return {grid.first, grid.first + width};
  const double all = grid.probability({grid.first, grid.first + width});
  double low = 0.0, high = *std::ranges::max_element(grid.value);
  for (int i = 0; i < 50; ++i) {
    const double level = 0.5 * (low + high);
    (grid.probability(grid.above(level)) > one_sigma * all ? low : high) = level;
  }
  return grid.above(low);
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

std::vector<Interval> truncated_intervals(const DenseVector& mean, const DenseMatrix& covariance) {
  const std::vector<std::size_t> felt = felt_bounds(mean, covariance);
  std::vector<Interval> intervals(static_cast<std::size_t>(mean.size()));
  for (std::size_t k = 0; k < intervals.size(); ++k) {
    const double std = std::sqrt(covariance(k, k));
    intervals[k] = {mean[k] - std, mean[k] + std};
    if (felt.empty()) continue;
    intervals[k] = shortest_interval(Marginal(mean, covariance, k, others_of(covariance, felt, k)));
  }
  return intervals;
}

} // namespace glebe
