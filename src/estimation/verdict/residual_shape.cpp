// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/verdict/residual_shape.hpp"

#include "glebe/base/dense.hpp"
#include "glebe/physics/real.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <numbers>
#include <vector>

namespace glebe {

namespace {

constexpr double day = 86400.0;
constexpr std::size_t n_hour = 24;
constexpr std::size_t most_harmonics = 4;

/// A number for each coefficient of a fit: zero from their number on.
class Row {
public:
  static constexpr std::size_t most = 2 + 2 * most_harmonics;

  void set(std::size_t i, double value) { lanes_[i / Lanes::size()][i % Lanes::size()] = value; }
  double operator[](std::size_t i) const { return lanes_[i / Lanes::size()][i % Lanes::size()]; }
  void add(double factor, const Row& other) {
    for (std::size_t part = 0; part < n_part; ++part) lanes_[part] += factor * other.lanes_[part];
  }
  DenseVector first(Eigen::Index n) const {
    return DenseVector::NullaryExpr(n, [&](Eigen::Index i) { return (*this)[std::size_t(i)]; });
  }

private:
  static constexpr std::size_t n_part = (most + Lanes::size() - 1) / Lanes::size();
  std::array<Lanes, n_part> lanes_{};
};

double hour_of(double time) { return (time - day * std::floor(time / day)) * n_hour / day; }

// The longest time of the day without a value, from one to the next [h]; 24 where there is only
// one.
std::size_t longest_gap(const std::vector<char>& has_value) {
  std::size_t longest = 0, gap = 0;
  const auto first = std::ranges::find(has_value, char{1});
  if (first == has_value.end()) return n_hour;
  const auto start = static_cast<std::size_t>(first - has_value.begin());
  for (std::size_t i = 1; i <= n_hour; ++i) {
    ++gap;
    if (!has_value[(start + i) % n_hour]) continue;
    longest = std::max(longest, gap);
    gap = 0;
  }
  return longest;
}

// The mean day in harmonics: c_1, s_1, c_2, s_2, ... of the cosines and sines.
using MeanDay = DenseVector;

// Calls action(n, cosine, sine) for the harmonics of an angle, which are made of one another.
template <class Action>
void for_each_harmonic(double angle, std::size_t n_harmonic, Action action) {
  const double c = std::cos(angle), s = std::sin(angle);
  double cosine = 1.0, sine = 0.0;
  for (std::size_t n = 1; n <= n_harmonic; ++n) {
    const double next = cosine * c - sine * s;
    sine = sine * c + cosine * s;
    cosine = next;
    action(n, cosine, sine);
  }
}

// The least-squares fit of a constant, a line where `with_drift`, and a mean day to series that
// have the same times.
class DayFit {
public:
  explicit DayFit(const ResidualSeries& series) : time_(series.time.begin(), series.time.end()) {
    std::vector<char> has_value(n_hour, 0);
    double first = 0.0, last = 0.0;
    for (std::size_t k = 0; k < series.time.size(); ++k) {
      if (!std::isfinite(series.residual[k])) continue;
      if (used_.empty()) first = series.time[k];
      last = series.time[k];
      used_.push_back(k);
      mean_time_ += series.time[k];
      has_value[std::min(static_cast<std::size_t>(hour_of(last)), n_hour - 1)] = 1;
    }
    if (used_.empty()) return;
    mean_time_ /= static_cast<double>(used_.size());
    const double length = last - first;
    // Two or three days less one step.
    with_drift_ = length > 2.5 * day;
    const std::size_t gap = longest_gap(has_value);
    if (length > 1.5 * day) n_harmonic_ = std::min(most_harmonics, (n_hour / gap - 1) / 2);
    factorise();
  }

  /// Whether this is the fit to such a series as well: only values and not their times differ.
  bool suits(const ResidualSeries& series) const {
    if (!std::ranges::equal(series.time, time_)) return false;
    std::size_t n = 0;
    for (std::size_t k = 0; k < series.residual.size(); ++k) {
      if (!std::isfinite(series.residual[k])) continue;
      if (n == used_.size() || used_[n] != k) return false;
      ++n;
    }
    return n == used_.size();
  }
  std::size_t count() const { return used_.size(); }
  std::size_t n_harmonic() const { return n_harmonic_; }
  bool with_drift() const { return with_drift_; }
  /// The mean square of the times about their mean [s2].
  double spread_of_times() const {
    double sum = 0.0;
    for (const std::size_t k : used_) sum += std::pow(time_[k] - mean_time_, 2);
    return sum / static_cast<double>(count());
  }
  double mean(std::span<const double> values) const {
    double sum = 0.0;
    for (const std::size_t k : used_) sum += values[k];
    return sum / static_cast<double>(count());
  }
  double mean_square(std::span<const double> values) const {
    double sum = 0.0;
    for (const std::size_t k : used_) sum += values[k] * values[k];
    return sum / static_cast<double>(count());
  }
  /// All coefficients: a constant, a slope per day (zero without drift), a mean day.
  DenseVector of(std::span<const double> values) const {
    Row right;
    for (std::size_t i = 0; i < used_.size(); ++i) right.add(values[used_[i]], basis_[i]);
    return factor_.solve(right.first(size()));
  }
  MeanDay mean_day(std::span<const double> values) const { return mean_day(of(values)); }
  MeanDay mean_day(const DenseVector& all) const { return all.tail(Eigen::Index(2 * n_harmonic_)); }

private:
  Eigen::Index size() const { return Eigen::Index(2 + 2 * n_harmonic_); }

  void factorise() {
    basis_.assign(used_.size(), {});
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const double time = time_[used_[i]];
      Row& row = basis_[i];
      row.set(0, 1.0);
      row.set(1, with_drift_ ? (time - mean_time_) / day : 0.0);
      const double angle = 2.0 * std::numbers::pi * hour_of(time) / n_hour;
      for_each_harmonic(angle, n_harmonic_, [&](std::size_t n, double cosine, double sine) {
        row.set(2 * n, cosine);
        row.set(2 * n + 1, sine);
      });
    }
    DenseMatrix normal = DenseMatrix::Zero(size(), size());
    for (const Row& row : basis_) {
      const DenseVector one = row.first(size());
      normal += one * one.transpose();
    }
    if (!with_drift_) normal(1, 1) = 1.0;
    factor_.compute(normal);
  }

  std::vector<double> time_;
  std::vector<std::size_t> used_; ///< values with a residual
  double mean_time_ = 0.0;
  bool with_drift_ = false;
  std::size_t n_harmonic_ = 0;
  std::vector<Row> basis_; ///< [used value]
  Eigen::LDLT<DenseMatrix> factor_;
};

// Multiplies the complex amplitude A_n = c_n - i s_n of every harmonic by (real + i imaginary) n^p.
MeanDay turned(const MeanDay& of, double real, double imaginary, double power) {
  MeanDay result(of.size());
  for (Eigen::Index i = 0; i < of.size(); i += 2) {
    const double factor = std::pow(double(i / 2 + 1), power);
    result[i] = factor * (real * of[i] + imaginary * of[i + 1]);
    result[i + 1] = factor * (real * of[i + 1] - imaginary * of[i]);
  }
  return result;
}

struct Candidate {
  Shape shape;
  MeanDay day;
};

// Takes the shapes by what they add to those already taken. A shape that is nearly one of these,
// to a tenth of its length, adds nothing that could be told apart.
void take_in_order(std::vector<Candidate> candidates, MeanDay left, double mean_square,
                   ResidualShape& result) {
  constexpr double nearly = 0.1;
  std::vector<double> length;
  for (const Candidate& one : candidates) length.push_back(one.day.norm());
  const auto explained = [&](std::size_t i) {
    const double norm = candidates[i].day.norm();
    if (!(norm > nearly * length[i])) return 0.0;
    const double along = left.dot(candidates[i].day) / norm;
    return 0.5 * along * along / mean_square;
  };
  for (std::size_t i = 0; i < candidates.size(); ++i)
    result.alone[candidates[i].shape] = explained(i);
  while (!candidates.empty()) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < candidates.size(); ++i)
      if (explained(i) > explained(best)) best = i;
    result.part[candidates[best].shape] = explained(best);
    const MeanDay taken = candidates[best].day.normalized();
    const bool empty = explained(best) == 0.0;
    const auto drop = [&](std::size_t i) {
      candidates.erase(candidates.begin() + std::ptrdiff_t(i));
      length.erase(length.begin() + std::ptrdiff_t(i));
    };
    drop(best);
    // Beside a lag or an amplitude, a depth is but the other of the two.
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (candidates[i].shape == Shape::depth) {
        result.part[Shape::depth] = 0.0;
        drop(i);
        break;
      }
    if (empty) continue;
    left -= left.dot(taken) * taken;
    for (Candidate& one : candidates) one.day -= one.day.dot(taken) * taken;
  }
}

// At full and half hours of a clock that is ahead of that of the mean day.
void find_peak(const MeanDay& of, double ahead, ResidualShape& result) {
  constexpr int per_hour = 2;
  result.peak = 0.0;
  for (int i = 0; i < per_hour * int(n_hour); ++i) {
    const double angle = 2.0 * std::numbers::pi * (double(i) / (per_hour * n_hour) - ahead / day);
    double value = 0.0;
    for_each_harmonic(angle, std::size_t(of.size() / 2),
                      [&](std::size_t n, double cosine, double sine) {
                        const auto k = Eigen::Index(2 * (n - 1));
                        value += of[k] * cosine + of[k + 1] * sine;
                      });
    if (std::abs(value) <= std::abs(result.peak)) continue;
    result.peak = value;
    result.peak_hour = double(i) / per_hour;
  }
}

// Least squares of the residual's mean day on a lag and an amplitude together.
void find_lag_and_amplitude(const MeanDay& residual, const MeanDay& observed, const MeanDay& rate,
                            ResidualShape& result) {
  const double aa = observed.squaredNorm(), bb = rate.squaredNorm(), ab = observed.dot(rate);
  const double determinant = aa * bb - ab * ab;
  if (!(determinant > 0.0)) return;
  const double ra = residual.dot(observed), rb = residual.dot(rate);
  result.amplitude = 1.0 + (ra * bb - rb * ab) / determinant;
  result.lag = -(rb * aa - ra * ab) / determinant * day / (2.0 * std::numbers::pi);
}

void find_daily(const DayFit& fit, const ResidualSeries& series, const MeanDay& residual,
                ResidualShape& result) {
  const MeanDay observed = fit.mean_day(series.observed);
  const MeanDay rate = turned(observed, 0.0, 1.0, 1.0);
  const MeanDay deeper = turned(observed, 1.0, 1.0, 0.5);
  find_peak(residual, series.to_local, result);
  // Rounding has a mean day too.
  constexpr double rounding = 1e-9;
  std::vector<Candidate> candidates;
  if (observed.norm() > rounding * std::sqrt(fit.mean_square(series.observed))) {
    find_lag_and_amplitude(residual, observed, rate, result);
    candidates = {{Shape::lag, rate}, {Shape::amplitude, observed}};
    if (series.in_soil) {
      candidates.insert(candidates.begin(), {Shape::depth, deeper});
      result.depth = residual.dot(deeper) / deeper.squaredNorm();
    }
  }
  if (!series.exchange.empty())
    if (MeanDay exchange = fit.mean_day(series.exchange); exchange.norm() > 0.0)
      candidates.push_back({Shape::exchange, std::move(exchange)});
  take_in_order(std::move(candidates), residual, result.mean_square, result);
}

} // namespace

struct ShapeFinder::Kept {
  explicit Kept(const ResidualSeries& series) : fit(series) {}
  DayFit fit;
};

ShapeFinder::ShapeFinder() = default;
ShapeFinder::ShapeFinder(ShapeFinder&&) noexcept = default;
ShapeFinder::~ShapeFinder() = default;

ResidualShape ShapeFinder::of(const ResidualSeries& series) {
  if (!kept_ || !kept_->fit.suits(series)) kept_ = std::make_unique<Kept>(series);
  const DayFit& fit = kept_->fit;
  ResidualShape result;
  if (fit.count() == 0) return result;
  result.offset = fit.mean(series.residual);
  result.mean_square = fit.mean_square(series.residual);
  // As many values as coefficients say nothing.
  if (fit.count() < 2 * (2 + 2 * fit.n_harmonic()) || !(result.mean_square > 0.0)) return result;
  result.part[Shape::offset] = result.offset * result.offset / result.mean_square;
  const DenseVector all = fit.of(series.residual);
  if (fit.with_drift()) {
    result.drift = all[1];
    result.part[Shape::drift] =
        all[1] * all[1] * fit.spread_of_times() / (day * day) / result.mean_square;
  }
  if (fit.n_harmonic() > 0) find_daily(fit, series, fit.mean_day(all), result);
  return result;
}

} // namespace glebe
