// SPDX-License-Identifier: BSD-3-Clause
// The autocorrelation of residuals, on series whose own is known.
#include "glebe/base/random.hpp"
#include "glebe/estimation/uncertainty/residuals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace glebe {
namespace {

std::vector<double> autoregressive(std::uint64_t seed, std::size_t n, double rho) {
  std::vector<double> series;
  double value = random_normal(seed, 0, 0, 0);
  for (std::size_t k = 0; k < n; ++k) {
    series.push_back(value);
    value = rho * value + std::sqrt(1.0 - rho * rho) * random_normal(seed, 1, k, 0);
  }
  return series;
}

/// The time of an autoregressive series is (1 + rho) / (1 - rho). Its estimate from n values has a
/// relative standard deviation of about sqrt(2 (2 W + 1) / n) (Sokal 1997) with W some 5 times: 7 %
/// here.
TEST(Autocorrelation, TimeOfAnAutoregressiveSeries) {
  for (const double rho : {0.5, 0.8}) {
    const Autocorrelation found = autocorrelation_of(autoregressive(1, 40000, rho));
    EXPECT_NEAR(found.lag_one, rho, 0.02);
    EXPECT_NEAR(found.integrated_time / ((1.0 + rho) / (1.0 - rho)), 1.0, 0.2);
    EXPECT_NEAR(found.effective_sample_size * found.integrated_time, 40000.0, 1e-6);
  }
}

/// White noise: 2.3 % of series have a first coefficient beyond two standard deviations, give or
/// take 0.5 % in 1,000 series.
TEST(Autocorrelation, WhiteNoiseIsLeftAlone) {
  int noticed = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    noticed += autocorrelation_of(autoregressive(100 + seed, 200, 0.0)).integrated_time > 1.0;
  EXPECT_GT(noticed, 5);
  EXPECT_LT(noticed, 40);
}

TEST(Autocorrelation, GapsAndBias) {
  std::vector<double> series = autoregressive(7, 40000, 0.8);
  for (std::size_t k = 0; k < series.size(); k += 3) series[k] = std::nan("");
  const Autocorrelation with_gaps = autocorrelation_of(series);
  EXPECT_NEAR(with_gaps.lag_one, 0.8, 0.02);
  EXPECT_NEAR(with_gaps.effective_sample_size * with_gaps.integrated_time, 26666.0, 1e-6);
  // A common bias is an error that never changes.
  std::vector<double> biased = autoregressive(8, 1000, 0.0);
  for (double& r : biased) r += 3.0;
  EXPECT_LT(autocorrelation_of(biased).effective_sample_size, 20.0);
  EXPECT_EQ(autocorrelation_of(std::vector<double>(5, std::nan(""))).effective_sample_size, 0.0);
}

/// What is far below sigma costs no information, however dependent it is.
TEST(Autocorrelation, OfNegligibleResiduals) {
  std::vector<double> residual(200);
  for (std::size_t k = 0; k < residual.size(); ++k) residual[k] = k % 40 < 20 ? 1.0 : -1.0;
  const Autocorrelation large = autocorrelation_of(residual);
  ASSERT_GT(large.integrated_time, 4.0);
  EXPECT_DOUBLE_EQ(large.mean_square, 1.0);
  EXPECT_EQ(large.loss_of_information(1.0), large.integrated_time);
  const double limit = 1.0 / std::sqrt(large.integrated_time);
  for (const double size : {0.99 * limit, 1.01 * limit}) {
    std::vector<double> small = residual;
    for (double& r : small) r *= size;
    const Autocorrelation found = autocorrelation_of(small);
    EXPECT_NEAR(found.loss_of_information(1.0), size < limit ? 1.0 : large.integrated_time, 1e-9);
    EXPECT_EQ(found.loss_of_information(2.0), 1.0);
  }
}

} // namespace
} // namespace glebe
