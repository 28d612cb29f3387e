// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/coupled_covariance.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/knowledge.hpp"

#include <petscksp.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

using Solver = PetscOwner<KSP, KSPDestroy>;
using IndexSet = PetscOwner<IS, ISDestroy>;

// Matrices are [n][n], row by row.
using Dense = std::vector<double>;

// The inverse on the space that rounding leaves: what is undetermined gets a very large variance,
// also where nothing at all is determined, controls being of order one.
Dense inverse(Dense matrix, std::size_t n) {
  Dense result(n * n, 0.0);
  if (n == 0) return result;
  const EigenSystem system = eigen_system(std::move(matrix), n);
  const double largest = system.values.back() > 0.0 ? system.values.back() : 1.0;
  const double least = std::numeric_limits<double>::epsilon() * largest;
  for (std::size_t e = 0; e < n; ++e)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        result[i * n + j] += system.vectors[e * n + i] * system.vectors[e * n + j] /
                             std::max(system.values[e], least);
  return result;
}

// ---- What columns share, exactly ---------------------------------------------------------------

// The controls of one column that are free: its own values and what it shares, as values k.
struct FreeValues {
  std::vector<std::size_t> own, shared;
};

class Elimination {
public:
  Elimination(const Ranks& ranks, const Controls& controls, const Coupling& coupling,
              const ColumnBlocks& columns, const std::vector<char>& free)
      : ranks_(ranks), controls_(controls), coupling_(coupling), columns_(columns), free_(free),
        free_shared_(share()) {}

  std::vector<double> covariance() {
    const std::size_t n_column = controls_.n_column(), n_shared = controls_.n_shared();
    Dense schur(n_shared * n_shared, 0.0);
    for (std::size_t c = 0; c < n_column; ++c) add_to_schur(c, schur);
    schur = ranks_.sum(std::move(schur));
    for (std::size_t i = 0; i < schur.size(); ++i) schur[i] += coupling_.shared()[i];
    const Dense of_shared = inverse_of_free(schur);
    const std::size_t m = controls_.per_column();
    std::vector<double> result(n_column * m * m, std::nan(""));
    for (std::size_t c = 0; c < n_column; ++c) store(c, of_shared, result.data() + c * m * m);
    return result;
  }

private:
  // Which shared controls are free, on every rank.
  std::vector<char> share() const {
    std::vector<double> local;
    if (controls_.holds_shared())
      local.assign(free_.end() - std::ptrdiff_t(controls_.n_shared()), free_.end());
    const std::vector<double> all = ranks_.gather(local);
    return {all.begin(), all.end()};
  }

  std::size_t shared_number(std::size_t column, std::size_t k) const {
    return controls_.number(column, k) - controls_.first_shared();
  }

  FreeValues free_values(std::size_t column) const {
    FreeValues values;
    for (std::size_t k = 0; k < controls_.per_column(); ++k)
      if (controls_.shared(k)) {
        if (free_shared_[shared_number(column, k)]) values.shared.push_back(k);
      } else if (free_[controls_.number(column, k) - controls_.first()] &&
                 columns_.known(column, k)) {
        values.own.push_back(k);
      }
    return values;
  }

  // D^-1 of the own values and D^-1 C towards the shared ones [own][shared].
  void eliminate(const FreeValues& values, const Dense& block, Dense& D_inverse, Dense& W) const {
    const std::size_t m = controls_.per_column(), n = values.own.size(), s = values.shared.size();
    Dense D(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) D[i * n + j] = block[values.own[i] * m + values.own[j]];
    D_inverse = inverse(std::move(D), n);
    W.assign(n * s, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < s; ++j)
        for (std::size_t l = 0; l < n; ++l)
          W[i * s + j] += D_inverse[i * n + l] * block[values.own[l] * m + values.shared[j]];
  }

  void add_to_schur(std::size_t column, Dense& schur) const {
    const std::size_t m = controls_.per_column();
    const Dense block = columns_.block(column);
    const FreeValues values = free_values(column);
    Dense D_inverse, W;
    eliminate(values, block, D_inverse, W);
    const std::size_t s = values.shared.size();
    for (std::size_t i = 0; i < s; ++i)
      for (std::size_t j = 0; j < s; ++j) {
        double entry = block[values.shared[i] * m + values.shared[j]];
        for (std::size_t l = 0; l < values.own.size(); ++l)
          entry -= block[values.shared[i] * m + values.own[l]] * W[l * s + j];
        schur[shared_number(column, values.shared[i]) * controls_.n_shared() +
              shared_number(column, values.shared[j])] += entry;
      }
  }

  Dense inverse_of_free(const Dense& schur) const {
    const std::size_t n = controls_.n_shared();
    std::vector<std::size_t> places;
    for (std::size_t s = 0; s < n; ++s)
      if (free_shared_[s]) places.push_back(s);
    const std::size_t n_free = places.size();
    Dense reduced(n_free * n_free), result(n * n, 0.0);
    for (std::size_t i = 0; i < n_free; ++i)
      for (std::size_t j = 0; j < n_free; ++j)
        reduced[i * n_free + j] = schur[places[i] * n + places[j]];
    reduced = inverse(std::move(reduced), n_free);
    for (std::size_t i = 0; i < n_free; ++i)
      for (std::size_t j = 0; j < n_free; ++j)
        result[places[i] * n + places[j]] = reduced[i * n_free + j];
    return result;
  }

  // Z the covariance of what is shared: between own values D^-1 + W Z W^T, towards shared -W Z.
  void store(std::size_t column, const Dense& of_shared, double* result) const {
    const std::size_t m = controls_.per_column();
    const FreeValues values = free_values(column);
    Dense D_inverse, W;
    eliminate(values, columns_.block(column), D_inverse, W);
    const std::size_t n = values.own.size(), s = values.shared.size();
    const auto Z = [&](std::size_t i, std::size_t j) {
      return of_shared[shared_number(column, values.shared[i]) * controls_.n_shared() +
                       shared_number(column, values.shared[j])];
    };
    for (std::size_t i = 0; i < s; ++i)
      for (std::size_t j = 0; j < s; ++j) result[values.shared[i] * m + values.shared[j]] = Z(i, j);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<double> WZ(s, 0.0);
      for (std::size_t j = 0; j < s; ++j)
        for (std::size_t l = 0; l < s; ++l) WZ[j] += W[i * s + l] * Z(l, j);
      for (std::size_t j = 0; j < s; ++j)
        result[values.own[i] * m + values.shared[j]] =
            result[values.shared[j] * m + values.own[i]] = -WZ[j];
      for (std::size_t j = 0; j < n; ++j) {
        double entry = D_inverse[i * n + j];
        for (std::size_t l = 0; l < s; ++l) entry += WZ[l] * W[j * s + l];
        result[values.own[i] * m + values.own[j]] = entry;
      }
    }
  }

  const Ranks& ranks_;
  const Controls& controls_;
  const Coupling& coupling_;
  const ColumnBlocks& columns_;
  const std::vector<char>& free_;
  std::vector<char> free_shared_;
};

// ---- Fields, by samples ------------------------------------------------------------------------

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
  Sampler(const Ranks& ranks, const Controls& controls, const Coupling& coupling,
          const ColumnBlocks& columns, const std::vector<char>& free, std::uint64_t seed)
      : ranks_(ranks), controls_(controls), coupling_(coupling),
        hessian_(ranks, controls, coupling), seed_(seed) {
    hessian_.begin();
    for (std::size_t c = 0; c < controls_.n_column(); ++c) {
      Dense block = columns.block(c);
      hessian_.add_column(c, block);
      roots_.push_back(root_of(std::move(block), controls_.per_column()));
    }
    hessian_.finish();
    make_solver(free);
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
  void make_solver(const std::vector<char>& free) {
    constexpr double tolerance = 1e-9; // the samples then are the same for any number of ranks
    std::vector<PetscInt> rows;
    PetscInt first = 0;
    GLEBE_PETSC(MatGetOwnershipRange(hessian_.handle(), &first, nullptr));
    for (std::size_t i = 0; i < free.size(); ++i)
      if (free[i]) rows.push_back(first + static_cast<PetscInt>(i));
    const MPI_Comm comm = ranks_.comm();
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
    coupling_.add_noise(z.handle(), seed_, sample);
    return z;
  }

  const Ranks& ranks_;
  const Controls& controls_;
  const Coupling& coupling_;
  Hessian hessian_;
  std::uint64_t seed_;
  std::vector<Dense> roots_; ///< of the block of every column
  IndexSet free_;
  Matrix H_free_;
  Solver solver_;
};

std::vector<double> sampled_covariance(Sampler& sampler, const Controls& controls,
                                       const ColumnBlocks& columns, int n_sample) {
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
      if (covariance[(c * m + k) * m + k] == 0.0 || !columns.known(c, k))
        for (std::size_t j = 0; j < m; ++j)
          covariance[(c * m + k) * m + j] = covariance[(c * m + j) * m + k] = std::nan("");
  return covariance;
}

} // namespace

std::vector<double> coupled_covariance(const Ranks& ranks, const Controls& controls,
                                       const Coupling& coupling, const ColumnBlocks& columns,
                                       const std::vector<char>& free, int n_sample,
                                       std::uint64_t seed) {
  if (!coupling.has_fields())
    return Elimination(ranks, controls, coupling, columns, free).covariance();
  Sampler sampler(ranks, controls, coupling, columns, free, seed);
  return sampled_covariance(sampler, controls, columns, n_sample);
}

std::vector<double> coupled_covariance(Objective& objective, Vec x, const std::vector<char>& free,
                                       int n_sample, std::uint64_t seed, double data_weight) {
  objective.fit_at(x);
  const ColumnBlocks columns{[&](std::size_t c) { return objective.column_block(c, data_weight); },
                             [&](std::size_t c, std::size_t k) { return objective.known(c, k); }};
  return coupled_covariance(objective.ranks(), objective.controls(), objective.coupling(), columns,
                            free, n_sample, seed);
}

} // namespace glebe
