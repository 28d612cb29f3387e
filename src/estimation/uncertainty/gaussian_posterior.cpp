// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include "glebe/estimation/algebra/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

// Raises eigenvalues to what rounding leaves of them. The vectors of those raised are exact to
// about 1e-10 only, and their variance is enormous: what is that small in them is set to zero, so
// that it does not reach controls that have no part in them.
void raise_undetermined(EigenSystem& system) {
  constexpr double no_part = 1e-6;
  const std::size_t n = system.values.size();
  const double epsilon = std::numeric_limits<double>::epsilon();
  const double largest = system.values.back();
  for (std::size_t e = 0; e < n; ++e) {
    if (system.values[e] > 100.0 * epsilon * largest) continue;
    system.values[e] = std::max(system.values[e], epsilon * largest);
    for (std::size_t i = 0; i < n; ++i)
      if (std::abs(system.vectors[e * n + i]) < no_part) system.vectors[e * n + i] = 0.0;
  }
}

} // namespace

Knowledge knowledge(std::span<const double> G, std::span<const double> precision,
                    std::span<const std::size_t> free) {
  const std::size_t n = free.size();
  const auto m = static_cast<std::size_t>(std::lround(std::sqrt(double(precision.size()))));
  const double missing = std::nan("");
  Knowledge result{std::vector<double>(m * m, missing), std::vector<double>(m * m, missing)};
  if (n == 0) return result;
  std::vector<double> H(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      H[i * n + j] = G[free[i] * m + free[j]] + precision[free[i] * m + free[j]];
  EigenSystem system = eigen_system(std::move(H), n);
  if (!(system.values.back() > 0.0)) {
    result.degrees_of_freedom = result.condition_number = missing;
    return result;
  }
  raise_undetermined(system);
  result.condition_number = system.values.back() / system.values.front();

  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0.0;
      for (std::size_t e = 0; e < n; ++e)
        sum += system.vectors[e * n + i] * system.vectors[e * n + j] / system.values[e];
      result.covariance[free[i] * m + free[j]] = sum;
    }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0.0;
      for (std::size_t l = 0; l < n; ++l)
        sum += result.covariance[free[i] * m + free[l]] * G[free[l] * m + free[j]];
      result.averaging_kernel[free[i] * m + free[j]] = sum;
      if (i == j) result.degrees_of_freedom += sum;
    }
  return result;
}

namespace {

std::vector<std::size_t> free_in(std::span<const double> covariance, std::size_t m) {
  std::vector<std::size_t> free;
  for (std::size_t k = 0; k < m; ++k)
    if (!std::isnan(covariance[k * m + k])) free.push_back(k);
  return free;
}

} // namespace

Knowledge knowledge_of(std::span<const double> covariance, std::span<const double> G) {
  const auto m = static_cast<std::size_t>(std::lround(std::sqrt(double(G.size()))));
  const double missing = std::nan("");
  Knowledge result{{covariance.begin(), covariance.end()}, std::vector<double>(m * m, missing)};
  result.condition_number = missing;
  const std::vector<std::size_t> free = free_in(covariance, m);
  for (const std::size_t i : free)
    for (const std::size_t j : free) {
      double sum = 0.0;
      for (const std::size_t l : free) sum += covariance[i * m + l] * G[l * m + j];
      result.averaging_kernel[i * m + j] = sum;
      if (i == j) result.degrees_of_freedom += sum;
    }
  return result;
}

std::vector<double> precision_beside(std::span<const double> covariance,
                                     std::span<const double> G) {
  const auto m = static_cast<std::size_t>(std::lround(std::sqrt(double(G.size()))));
  const std::vector<std::size_t> free = free_in(covariance, m);
  const std::size_t n = free.size();
  std::vector<double> result(m * m, 0.0), C(n * n);
  if (n == 0) return result;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) C[i * n + j] = covariance[free[i] * m + free[j]];
  const EigenSystem system = eigen_system(std::move(C), n);
  const double least = std::numeric_limits<double>::epsilon() * system.values.back();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      double inverse = 0.0;
      for (std::size_t e = 0; e < n; ++e)
        inverse += system.vectors[e * n + i] * system.vectors[e * n + j] /
                   std::max(system.values[e], least);
      result[free[i] * m + free[j]] = inverse - G[free[i] * m + free[j]];
    }
  return result;
}

} // namespace glebe
