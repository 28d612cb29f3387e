// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/random.hpp"
#include "glebe/estimation/algebra/dense.hpp"

#include <algorithm>
#include <cmath>

#include "covariance_ways.hpp"
#include "hessian_solver.hpp"

namespace glebe {

namespace {

// A root R of a symmetric block, R R^T: eigenvectors times roots of eigenvalues [n][n].
Dense root_of(Dense block, std::size_t n) {
  const EigenSystem system = eigen_system(std::move(block), n);
  Dense root(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t e = 0; e < n; ++e)
      root[i * n + e] = system.vectors[e * n + i] * std::sqrt(std::max(system.values[e], 0.0));
  return root;
}

class Sampler {
public:
  Sampler(const CoupledPoint& point, std::uint64_t seed)
      : point_(point), controls_(point.controls), solver_(point), seed_(seed) {
    for (std::size_t c = 0; c < controls_.n_column(); ++c)
      roots_.push_back(root_of(point.columns.block(c), controls_.per_column()));
  }

  // y of the Gaussian with the precision H on the free controls, zero where held: H y = z, where z
  // has the covariance H.
  std::vector<double> sample(int number) {
    return controls_.of_columns(solver_.solve(noise(number).handle()).handle());
  }

private:
  Vector noise(int number) const {
    const std::size_t m = controls_.per_column();
    const auto sample = static_cast<std::uint64_t>(number);
    std::vector<double> of_columns(controls_.n_column() * m, 0.0);
    for (std::size_t c = 0; c < controls_.n_column(); ++c)
      for (std::size_t e = 0; e < m; ++e) {
        const double normal = random_normal(seed_, sample, controls_.first_column() + c, e);
        for (std::size_t k = 0; k < m; ++k) of_columns[c * m + k] += roots_[c][k * m + e] * normal;
      }
    Vector z = controls_.make_vector();
    controls_.add_transposed(of_columns, z.handle());
    point_.coupling.add_noise(z.handle(), seed_, sample);
    return z;
  }

  const CoupledPoint& point_;
  const Controls& controls_;
  HessianSolver solver_;
  std::uint64_t seed_;
  std::vector<Dense> roots_; ///< of the block of every column
};

} // namespace

std::vector<double> covariance_by_samples(const CoupledPoint& point, int n_sample,
                                          std::uint64_t seed) {
  const Controls& controls = point.controls;
  Sampler sampler(point, seed);
  const std::size_t m = controls.per_column();
  std::vector<double> covariance(controls.n_column() * m * m, 0.0);
  for (int number = 0; number < n_sample; ++number) {
    const std::vector<double> y = sampler.sample(number);
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      for (std::size_t i = 0; i < m * m; ++i)
        covariance[c * m * m + i] += y[c * m + i / m] * y[c * m + i % m] / n_sample;
  }
  // What was held has not moved in any sample.
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < m; ++k)
      if (covariance[(c * m + k) * m + k] == 0.0 || !point.columns.known(c, k))
        for (std::size_t j = 0; j < m; ++j)
          covariance[(c * m + k) * m + j] = covariance[(c * m + j) * m + k] = std::nan("");
  return covariance;
}

} // namespace glebe
