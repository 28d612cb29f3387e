// SPDX-License-Identifier: BSD-3-Clause
// Errors with a memory: drawn, whitened, and their likelihood.
#include "glebe/base/random.hpp"
#include "glebe/estimation/uncertainty/memory_of_residuals.hpp"
#include "glebe/simulation/error_memory.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>
#include <vector>

namespace glebe {
namespace {

// Half-hourly times [s] of which some are missing, as are whole days.
std::vector<double> times_with_gaps(std::size_t n, std::uint64_t seed = 1) {
  std::vector<double> times;
  for (std::size_t k = 0; times.size() < n; ++k)
    if (random_uniform({seed, k}) > 0.2 && k / 48 % 7 != 3)
      times.push_back(1800.0 * static_cast<double>(k));
  return times;
}

std::vector<double> lasting(const std::vector<double>& times, double memory, std::uint64_t seed) {
  LastingNoise noise(memory);
  std::vector<double> series;
  for (std::size_t k = 0; k < times.size(); ++k)
    series.push_back(noise.next(times[k], random_normal(seed, 1, k, 0)));
  return series;
}

DenseMatrix correlation(const std::vector<double>& times, double memory) {
  const auto n = Eigen::Index(times.size());
  DenseMatrix R(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      R(i, j) = std::exp(-std::abs(times[std::size_t(i)] - times[std::size_t(j)]) / memory);
  return R;
}

/// Drawing is the inverse of whitening, to the rounding that 1 / sqrt(1 - phi^2) = 10 multiplies.
TEST(ErrorMemory, WhiteningGivesBackTheNumbersDrawn) {
  constexpr double memory = 50 * 3600.0;
  const std::vector<double> times = times_with_gaps(200), series = lasting(times, memory, 3);
  Whitening<double> whitening(memory, 0);
  for (std::size_t k = 0; k < times.size(); ++k)
    EXPECT_NEAR(whitening.take(times[k], false, 1.0, series[k], {})[0], random_normal(3, 1, k, 0),
                1e-13);
}

/// Linear in what is drawn: the covariance of the series is L L^T with the columns of L its answers
/// to single numbers.
TEST(ErrorMemory, DrawnErrorsHaveTheCovariance) {
  constexpr double memory = 6 * 3600.0;
  const std::vector<double> times = times_with_gaps(40);
  const auto n = Eigen::Index(times.size());
  DenseMatrix L(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    LastingNoise noise(memory);
    for (Eigen::Index i = 0; i < n; ++i) L(i, j) = noise.next(times[std::size_t(i)], i == j);
  }
  EXPECT_LT((L * L.transpose() - correlation(times, memory)).cwiseAbs().maxCoeff(), 1e-14);
}

/// Lanes have gaps of their own, and are whitened as if each were alone.
TEST(ErrorMemory, LanesAreWhitenedByThemselves) {
  constexpr double memory = 5 * 3600.0;
  Whitening<Lanes> together(memory, 1);
  std::vector<Whitening<double>> alone(Lanes::size(), Whitening<double>(memory, 1));
  for (std::size_t k = 0; k < 60; ++k) {
    const double time = 1800.0 * static_cast<double>(k);
    const auto number = [&](std::size_t i, std::uint64_t what) {
      return random_normal(5, what, i, k);
    };
    const Lanes present([&](auto i) { return random_uniform({9, i, k}) < 0.3 ? 0.0 : 2.0; });
    const auto missing = less_than(present, 1.0);
    const Lanes r([&](auto i) { return missing[i] ? 0.0 : number(i, 0); });
    const Lanes S([&](auto i) { return number(i, 1); });
    const std::span<const Lanes> white = together.take(time, missing, present, r, {&S, 1});
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      const bool absent = missing[i];
      if (absent) {
        EXPECT_EQ(white[0][i], 0.0);
        EXPECT_EQ(white[1][i], 0.0);
        continue;
      }
      const double tangent = S[i];
      const auto own = alone[i].take(time, false, 2.0, r[i], {&tangent, 1});
      EXPECT_EQ(white[0][i], own[0]);
      EXPECT_EQ(white[1][i], own[1]);
    }
  }
}

/// -2 log L by sums over gaps is that of the normal density with the whole covariance matrix.
TEST(MemoryOfResiduals, LikelihoodIsThatOfTheNormalDensity) {
  std::vector<double> times = times_with_gaps(150), series = lasting(times, 8 * 3600.0, 11);
  MemoryLikelihood likelihood;
  std::vector<double> with_missing = series, all_times = times;
  with_missing.insert(with_missing.begin() + 20, std::nan(""));
  all_times.insert(all_times.begin() + 20, 0.5 * (times[19] + times[20]));
  likelihood.add(with_missing, all_times);
  likelihood.add(std::vector<double>(150, 0.0), times); // tells nothing
  const auto n = Eigen::Index(series.size());
  const DenseVector r = Eigen::Map<const DenseVector>(series.data(), n);
  for (const double hours : {1.0, 8.0, 100.0}) {
    const Eigen::LLT<DenseMatrix> factor(correlation(times, 3600.0 * hours));
    const double Q = r.dot(factor.solve(r));
    const double log_determinant =
        2.0 * DenseMatrix(factor.matrixL()).diagonal().array().log().sum();
    const std::vector<double> found = likelihood.deviance(3600.0 * hours);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(found[0], double(n) * std::log(Q / double(n)) + log_determinant, 1e-9);
  }
  EXPECT_NEAR(likelihood.deviance(0.0)[0], double(n) * std::log(r.squaredNorm() / double(n)),
              1e-10);
}

} // namespace
} // namespace glebe
