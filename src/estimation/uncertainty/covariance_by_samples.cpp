// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/random.hpp"
#include "glebe/estimation/algebra/dense.hpp"

#include <cmath>

#include "column_covariances.hpp"
#include "hessian_solver.hpp"

namespace glebe {

namespace {

// Samples y of the Gaussian with the precision H on the free controls, zero where held. They solve
// H y = z for noise z with the covariance H.
class Sampler {
public:
  Sampler(const GaussianProblem& problem, std::uint64_t seed)
      : problem_(problem), controls_(problem.controls), solver_(problem), seed_(seed),
        roots_(controls_.n_column(), controls_.per_column()) {
    for (std::size_t c = 0; c < controls_.n_column(); ++c)
      roots_[c] = root_of(problem.columns.block(c));
  }

  DenseMatrix sample(int number) {
    return controls_.of_columns(solver_.solve(noise(number).handle()).handle());
  }

private:
  Vector noise(int number) const {
    const std::size_t m = controls_.per_column();
    const auto sample = static_cast<std::uint64_t>(number);
    DenseMatrix of_columns(controls_.n_column(), m);
    DenseVector normal(m);
    for (std::size_t c = 0; c < controls_.n_column(); ++c) {
      for (std::size_t e = 0; e < m; ++e)
        normal[e] = random_normal(seed_, sample, controls_.cell(c), e);
      of_columns.row(c) = roots_[c] * normal;
    }
    Vector z = controls_.make_vector();
    controls_.add_transposed(of_columns, z.handle());
    problem_.coupling.add_noise(z.handle(), seed_, sample);
    return z;
  }

  const GaussianProblem& problem_;
  const Controls& controls_;
  HessianSolver solver_;
  std::uint64_t seed_;
  DenseBlocks roots_; ///< square roots of the blocks of columns
};

} // namespace

DenseBlocks covariance_by_samples(const GaussianProblem& problem, int n_sample,
                                  std::uint64_t seed) {
  const Controls& controls = problem.controls;
  Sampler sampler(problem, seed);
  DenseBlocks covariance(controls.n_column(), controls.per_column());
  for (int number = 0; number < n_sample; ++number) {
    const DenseMatrix y = sampler.sample(number);
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      covariance[c] += y.row(c).transpose() * y.row(c) / n_sample;
  }
  // Held values are zero in every sample.
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < controls.per_column(); ++k)
      if (covariance[c](k, k) == 0.0 || !problem.columns.is_informed(c, k)) {
        covariance[c].row(k).setConstant(std::nan(""));
        covariance[c].col(k).setConstant(std::nan(""));
      }
  return covariance;
}

} // namespace glebe
