// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/normal_distribution.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace glebe {

namespace {

// Beyond it probabilities are no normal numbers; the tail is an exponential then, with an error of
// less than 1 / edge^2 in its rate.
constexpr double edge = 37.0;

double log_density(double z) { return -0.5 * z * z - 0.5 * std::log(2.0 * std::numbers::pi); }

// A rational function with the coefficients of the highest power first.
template <std::size_t N, std::size_t M>
double ratio(const std::array<double, N>& numerator, const std::array<double, M>& denominator,
             double x) {
  double above = 0.0, below = 0.0;
  for (const double c : numerator) above = above * x + c;
  for (const double c : denominator) below = below * x + c;
  return above / below;
}

// Acklam's rational approximations, for p <= 1/2, with a relative error of 1.2e-9.
double approximate_quantile(double p) {
  constexpr std::array tail_above{-7.784894002430293e-03, -3.223964580411365e-01,
                                  -2.400758277161838e+00, -2.549732539343734e+00,
                                  4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array tail_below{7.784695709041462e-03, 3.224671290700398e-01,
                                  2.445134137142996e+00, 3.754408661907416e+00, 1.0};
  constexpr std::array above{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                             1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array below{-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                             6.680131188771972e+01,  -1.328068155288572e+01, 1.0};
  constexpr double tail = 0.02425;
  if (p < tail) return ratio(tail_above, tail_below, std::sqrt(-2.0 * std::log(p)));
  const double q = p - 0.5;
  return q * ratio(above, below, q * q);
}

} // namespace

double normal_probability(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) {
  if (p > 0.5) return -normal_quantile(1.0 - p);
  const double z = approximate_quantile(p);
  // One step of Halley's method.
  const double step = (normal_probability(z) - p) * std::exp(-log_density(z));
  return z - step / (1.0 + 0.5 * z * step);
}

double log_probability_between(double a, double b) {
  if (a + b > 0.0) return log_probability_between(-b, -a);
  if (b > -edge) return std::log(normal_probability(b) - normal_probability(a));
  return log_density(b) - std::log(-b) + std::log(-std::expm1(-b * (a - b)));
}

double quantile_between(double a, double b, double u) {
  if (a + b > 0.0) return -quantile_between(-b, -a, 1.0 - u);
  double z = b;
  if (b > -edge) {
    const double below = normal_probability(a);
    z = normal_quantile(below + u * (normal_probability(b) - below));
  } else {
    const double least = std::exp(-b * (a - b));
    z = b - std::log(least + u * (1.0 - least)) / b;
  }
  return std::fmin(std::fmax(z, a), b);
}

} // namespace glebe
