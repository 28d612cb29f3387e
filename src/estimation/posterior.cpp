// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/posterior.hpp"

#include "glebe/base/error.hpp"
#include "glebe/estimation/coupled_covariance.hpp"

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

// Eigenvalues (ascending) and eigenvectors (row j of the result) of a symmetric matrix.
std::vector<double> eigen_decomposition(std::vector<double>& matrix, std::size_t n) {
  std::vector<double> values(n), work(std::max<std::size_t>(1, 3 * n));
  const auto order = static_cast<PetscBLASInt>(n);
  const auto work_size = static_cast<PetscBLASInt>(work.size());
  PetscBLASInt status = 0;
  LAPACKsyev_("V", "U", &order, matrix.data(), &order, values.data(), work.data(), &work_size,
              &status);
  if (status != 0) throw RunError(fmt::format("LAPACK syev failed with status {}", status));
  return values;
}

class ColumnPosterior {
public:
  ColumnPosterior(const Controls& controls, std::size_t column, Posterior& result)
      : controls_(controls), m_(controls.per_column()), column_(column), result_(result) {}

  void compute(const std::vector<double>& G, const std::vector<double>& prior) {
    for (std::size_t k = 0; k < m_; ++k)
      if (result_.at_bound[column_ * m_ + k] == AtBound::free) free_.push_back(k);
    const std::size_t n = free_.size();
    if (n == 0) {
      result_.degrees_of_freedom[column_] = 0.0;
      result_.condition_number[column_] = 1.0;
      return;
    }
    std::vector<double> H(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        H[i * n + j] = G[free_[i] * m_ + free_[j]] + prior[free_[i] * m_ + free_[j]];
    std::vector<double> vectors = H;
    std::vector<double> values = eigen_decomposition(vectors, n);
    const double largest = values.back();
    if (!(largest > 0.0)) return;
    const double least = largest * std::numeric_limits<double>::epsilon();
    for (double& value : values) value = std::max(value, least);
    result_.condition_number[column_] = largest / values.front();

    std::vector<double> covariance(n * n, 0.0);
    for (std::size_t e = 0; e < n; ++e)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
          covariance[i * n + j] += vectors[e * n + i] * vectors[e * n + j] / values[e];
    store(covariance, G);
  }

private:
  void store(const std::vector<double>& covariance, const std::vector<double>& G) {
    const std::size_t n = free_.size();
    double trace = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double variance = covariance[i * n + i];
      result_.std[column_ * m_ + free_[i]] = controls_.scale(free_[i]) * std::sqrt(variance);
      for (std::size_t j = 0; j < n; ++j) {
        double kernel = 0.0;
        for (std::size_t l = 0; l < n; ++l)
          kernel += covariance[i * n + l] * G[free_[l] * m_ + free_[j]];
        at(result_.correlation, i, j) =
            covariance[i * n + j] / std::sqrt(variance * covariance[j * n + j]);
        at(result_.averaging_kernel, i, j) = kernel;
        if (i == j) trace += kernel;
      }
    }
    result_.degrees_of_freedom[column_] = trace;
  }

  double& at(std::vector<double>& matrix, std::size_t i, std::size_t j) const {
    return matrix[(column_ * m_ + free_[i]) * m_ + free_[j]];
  }

  const Controls& controls_;
  std::size_t m_;
  std::size_t column_;
  Posterior& result_;
  std::vector<std::size_t> free_;
};

// At a bound when x lies on it and the cost would fall beyond it.
AtBound bound_state(double x, double g) {
  constexpr double on_bound = 1e-9;
  if (x <= on_bound && g >= 0.0) return AtBound::lower;
  if (x >= 1.0 - on_bound && g <= 0.0) return AtBound::upper;
  return AtBound::free;
}

} // namespace

// The posterior of a column from its covariance: it is NaN where a value is held or unknown.
void store_coupled(const Controls& controls, const std::vector<double>& G, const double* covariance,
                   std::size_t column, Posterior& posterior) {
  const std::size_t m = controls.per_column();
  double trace = 0.0;
  for (std::size_t k = 0; k < m; ++k) {
    if (std::isnan(covariance[k * m + k])) continue;
    posterior.std[column * m + k] = controls.scale(k) * std::sqrt(covariance[k * m + k]);
    for (std::size_t j = 0; j < m; ++j) {
      posterior.correlation[(column * m + k) * m + j] =
          covariance[k * m + j] / std::sqrt(covariance[k * m + k] * covariance[j * m + j]);
      double kernel = 0.0;
      for (std::size_t l = 0; l < m; ++l)
        if (!std::isnan(covariance[k * m + l])) kernel += covariance[k * m + l] * G[l * m + j];
      posterior.averaging_kernel[(column * m + k) * m + j] = kernel;
      if (j == k) trace += kernel;
    }
  }
  posterior.degrees_of_freedom[column] = trace;
}

Posterior posterior_at(Objective& objective, Vec x) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const Vector g = objective.controls().make_vector();
  objective.cost_and_gradient(x, g.handle());
  const Fit& fit = objective.fit_at(x);
  const std::vector<double> x_of_columns = controls.of_columns(x);
  const std::vector<double> g_of_columns = controls.of_columns(g.handle());

  const double missing = std::nan("");
  Posterior posterior{std::vector<AtBound>(n_column * m, AtBound::free),
                      std::vector<double>(n_column * m, missing),
                      std::vector<double>(n_column * m * m, missing),
                      std::vector<double>(n_column * m * m, missing),
                      std::vector<double>(n_column, missing),
                      std::vector<double>(n_column, missing)};
  for (std::size_t i = 0; i < n_column * m; ++i)
    if (objective.known(i / m, i % m))
      posterior.at_bound[i] = bound_state(x_of_columns[i], g_of_columns[i]);
  if (!objective.separable()) {
    const ReadArray x_local(x), g_local(g.handle());
    std::vector<char> free(controls.n_local());
    for (std::size_t i = 0; i < free.size(); ++i)
      free[i] = bound_state(x_local[i], g_local[i]) == AtBound::free;
    const std::vector<double> covariance = coupled_covariance(objective, x, free, 100, 1);
    for (std::size_t c = 0; c < n_column; ++c) {
      std::vector<double> G = controls.scaled_block(fit.gauss_newton, c);
      if (objective.left_out()[c]) std::fill(G.begin(), G.end(), 0.0);
      store_coupled(controls, G, covariance.data() + c * m * m, c, posterior);
    }
    return posterior;
  }
  for (std::size_t column = 0; column < n_column; ++column) {
    if (objective.left_out()[column]) continue;
    ColumnPosterior(controls, column, posterior)
        .compute(controls.scaled_block(fit.gauss_newton, column), objective.prior().precision());
  }
  return posterior;
}

} // namespace glebe
