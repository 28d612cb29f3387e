// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/knowledge.hpp"

#include <petscksp.h>

#include <algorithm>
#include <cmath>

#include "covariance_ways.hpp"

namespace glebe {

namespace {

using Solver = PetscOwner<KSP, KSPDestroy>;
using IndexSet = PetscOwner<IS, ISDestroy>;

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
      : point_(point), controls_(point.controls),
        hessian_(point.ranks, point.controls, point.coupling), seed_(seed) {
    point.fill(hessian_);
    for (std::size_t c = 0; c < controls_.n_column(); ++c)
      roots_.push_back(root_of(point.columns.block(c), controls_.per_column()));
    make_solver();
  }

  // y of the Gaussian with the precision H on the free controls, zero where held: H y = z, where z
  // has the covariance H.
  std::vector<double> sample(int number) {
    const Vector z = noise(number), y = controls_.make_vector();
    Vec z_free = nullptr, y_free = nullptr;
    GLEBE_PETSC(VecGetSubVector(z.handle(), free_.handle(), &z_free));
    GLEBE_PETSC(VecGetSubVector(y.handle(), free_.handle(), &y_free));
    GLEBE_PETSC(KSPSolve(solver_.handle(), z_free, y_free));
    KSPConvergedReason reason{};
    GLEBE_PETSC(KSPGetConvergedReason(solver_.handle(), &reason));
    GLEBE_PETSC(VecRestoreSubVector(z.handle(), free_.handle(), &z_free));
    GLEBE_PETSC(VecRestoreSubVector(y.handle(), free_.handle(), &y_free));
    if (reason < 0)
      throw RunError(fmt::format("posterior: a solve with the Hessian ended with {}",
                                 KSPConvergedReasons[reason]));
    return controls_.of_columns(y.handle());
  }

private:
  void make_solver() {
    constexpr double tolerance = 1e-9; // the samples then are the same for any number of ranks
    std::vector<PetscInt> rows;
    PetscInt first = 0;
    GLEBE_PETSC(MatGetOwnershipRange(hessian_.handle(), &first, nullptr));
    for (std::size_t i = 0; i < point_.free.size(); ++i)
      if (point_.free[i]) rows.push_back(first + static_cast<PetscInt>(i));
    const MPI_Comm comm = point_.ranks.comm();
    GLEBE_PETSC(ISCreateGeneral(comm, static_cast<PetscInt>(rows.size()), rows.data(),
                                PETSC_COPY_VALUES, free_.slot()));
    GLEBE_PETSC(MatCreateSubMatrix(hessian_.handle(), free_.handle(), free_.handle(),
                                   MAT_INITIAL_MATRIX, H_free_.slot()));
    GLEBE_PETSC(KSPCreate(comm, solver_.slot()));
    GLEBE_PETSC(KSPSetOptionsPrefix(solver_.handle(), "posterior_"));
    GLEBE_PETSC(KSPSetType(solver_.handle(), KSPCG));
    GLEBE_PETSC(KSPSetTolerances(solver_.handle(), tolerance, PETSC_DEFAULT, PETSC_DEFAULT, 1000));
    GLEBE_PETSC(KSPSetOperators(solver_.handle(), H_free_.handle(), H_free_.handle()));
    set_bordered_preconditioner(solver_.handle());
    GLEBE_PETSC(KSPSetFromOptions(solver_.handle()));
  }

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
  Hessian hessian_;
  std::uint64_t seed_;
  std::vector<Dense> roots_; ///< of the block of every column
  IndexSet free_;
  Matrix H_free_;
  Solver solver_;
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
