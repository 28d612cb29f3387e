// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/algebra/bordered_matrix.hpp"
#include "glebe/estimation/problem/matern.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// A Hessian as a fit makes it: on a grid of columns with `per_column` controls each, of which the
/// first has a Matern prior, and `n_shared` controls, of which a column meets two. Every observed
/// column adds J^T J of a few made-up sensitivities, alike on every number of ranks.
struct BorderedCase {
  std::string name;
  std::size_t n_y = 3, n_x = 4;
  std::size_t per_column = 2, n_shared = 3;
  bool coupled = true;
  std::size_t every = 1;    ///< which columns are observed
  double strength = 3.0;    ///< of the observations
  double prior_std = 0.5;   ///< of every control
  double correlation = 3.0; ///< in cells
  double weakest = 1.0;     ///< sensitivity of the least determined combination, relative

  friend void PrintTo(const BorderedCase& one, std::ostream* stream) { *stream << one.name; }
};

/// A number in (-1, 1) that depends on its indices alone.
inline double made_up(std::size_t a, std::size_t b, std::size_t c = 0) {
  const double value =
      std::sin(12.9898 * double(a + 1) + 78.233 * double(b + 1) + 37.719 * double(c + 1)) *
      43758.5453;
  return 2.0 * (value - std::floor(value)) - 1.0;
}

class BorderedProblem {
public:
  explicit BorderedProblem(const BorderedCase& one)
      : case_(one), columns_(ranks_, HorizontalGrid{{{"y", one.n_y}, {"x", one.n_x}}}),
        prior_(make_column_matrix(ranks_, columns_.n_local(), precisions())) {
    Matrix A, C = make_border(ranks_, case_.per_column, case_.n_shared, meetings());
    GLEBE_PETSC(MatDuplicate(prior_.handle(), MAT_DO_NOT_COPY_VALUES, A.address()));
    H_.emplace(ranks_, std::move(A), std::move(C));
    fill(1.0);
  }

  const Ranks& ranks() const { return ranks_; }
  BorderedMatrix& matrix() { return *H_; }
  Mat handle() const { return H_->handle(); }
  std::size_t n_column_control() const { return columns_.n_active() * case_.per_column; }
  std::size_t size() const { return n_column_control() + case_.n_shared; }
  Vector make_vector() const { return glebe::make_vector(ranks_.comm(), H_->n_local()); }

  /// The values with observations `factor` times as strong.
  void fill(double factor) {
    GLEBE_PETSC(MatCopy(prior_.handle(), H_->columns(), SAME_NONZERO_PATTERN));
    GLEBE_PETSC(MatZeroEntries(H_->border()));
    const std::size_t m = case_.per_column, k = case_.n_shared;
    H_->shared() = inverse_variance() * DenseMatrix::Identity(Eigen::Index(k), Eigen::Index(k));
    for (std::size_t c = 0; c < columns_.n_active(); ++c) { // S needs them all
      const DenseMatrix block = observed_block(c, factor);
      const std::vector<Eigen::Index> shared = shared_of(c);
      for (std::size_t i = 0; i < shared.size(); ++i)
        for (std::size_t j = 0; j < shared.size(); ++j)
          H_->shared()(shared[i], shared[j]) += block(Eigen::Index(m + i), Eigen::Index(m + j));
      if (c < columns_.first() || c >= columns_.first() + columns_.n_local()) continue;
      for (std::size_t i = 0; i < m; ++i) {
        const auto row = static_cast<PetscInt>(c * m + i);
        for (std::size_t j = 0; j < m; ++j)
          GLEBE_PETSC(MatSetValue(H_->columns(), row, static_cast<PetscInt>(c * m + j),
                                  block(Eigen::Index(i), Eigen::Index(j)) +
                                      (i == j && i > 0 ? inverse_variance() : 0.0),
                                  ADD_VALUES));
        for (std::size_t j = 0; j < shared.size(); ++j)
          GLEBE_PETSC(MatSetValue(H_->border(), row, static_cast<PetscInt>(shared[j]),
                                  block(Eigen::Index(i), Eigen::Index(m + j)), ADD_VALUES));
      }
    }
    for (const Mat part : {H_->columns(), H_->border()}) {
      GLEBE_PETSC(MatAssemblyBegin(part, MAT_FINAL_ASSEMBLY));
      GLEBE_PETSC(MatAssemblyEnd(part, MAT_FINAL_ASSEMBLY));
    }
    H_->refilled();
  }

  /// The same matrix without any of the parts: the prior's rows by a computation of one rank, and
  /// the observations one by one.
  DenseMatrix dense(double factor = 1.0) const {
    const auto n = Eigen::Index(size());
    const std::size_t m = case_.per_column;
    DenseMatrix H = DenseMatrix::Zero(n, n);
    for (std::size_t i = 0; i < size(); ++i)
      if (i >= n_column_control() || i % m != 0 || !case_.coupled)
        H(Eigen::Index(i), Eigen::Index(i)) = inverse_variance();
    if (case_.coupled && n_column_control() > 0) add_dense_precision(H);
    for (std::size_t c = 0; c < columns_.n_active(); ++c) {
      std::vector<Eigen::Index> at;
      for (std::size_t i = 0; i < m; ++i) at.push_back(Eigen::Index(c * m + i));
      for (const Eigen::Index shared : shared_of(c))
        at.push_back(Eigen::Index(n_column_control()) + shared);
      H(at, at) += observed_block(c, factor);
    }
    return H;
  }

private:
  double inverse_variance() const { return 1.0 / (case_.prior_std * case_.prior_std); }

  CellGeometry geometry() const {
    std::vector<double> y, x;
    for (std::size_t cell = 0; cell < columns_.grid().n_cell(); ++cell) {
      y.push_back(double(cell / case_.n_x));
      x.push_back(double(cell % case_.n_x));
    }
    return {columns_.grid(), Metric::plane, y, x};
  }

  // The prior of the first control, also where it is a diagonal one.
  std::vector<Mat> precisions() {
    std::vector<Mat> list(case_.per_column, nullptr);
    if (case_.per_column == 0) return list;
    if (case_.coupled) {
      precision_ =
          matern_precision(ranks_, columns_, geometry(), case_.prior_std, case_.correlation);
    } else {
      const auto n = static_cast<PetscInt>(columns_.n_local());
      GLEBE_PETSC(MatCreateAIJ(ranks_.comm(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, 1, nullptr, 0,
                               nullptr, precision_.address()));
      for (PetscInt i = 0; i < n; ++i) {
        const PetscInt column = static_cast<PetscInt>(columns_.first()) + i;
        GLEBE_PETSC(
            MatSetValue(precision_.handle(), column, column, inverse_variance(), INSERT_VALUES));
      }
      GLEBE_PETSC(MatAssemblyBegin(precision_.handle(), MAT_FINAL_ASSEMBLY));
      GLEBE_PETSC(MatAssemblyEnd(precision_.handle(), MAT_FINAL_ASSEMBLY));
    }
    list.front() = precision_.handle();
    return list;
  }

  std::vector<Eigen::Index> shared_of(std::size_t column) const {
    if (case_.n_shared == 0) return {};
    if (case_.n_shared == 1) return {0};
    return {Eigen::Index(column % (case_.n_shared - 1)), Eigen::Index(case_.n_shared) - 1};
  }

  std::vector<std::vector<PetscInt>> meetings() const {
    std::vector<std::vector<PetscInt>> list;
    for (std::size_t c = 0; c < columns_.n_local(); ++c) {
      list.emplace_back();
      for (const Eigen::Index shared : shared_of(columns_.first() + c))
        list.back().push_back(static_cast<PetscInt>(shared));
    }
    return list;
  }

  // J^T J over [controls of the column | shared ones it meets], with as many sensitivities as
  // there are controls, the last ones weak.
  DenseMatrix observed_block(std::size_t column, double factor) const {
    const std::size_t n = case_.per_column + shared_of(column).size();
    DenseMatrix block = DenseMatrix::Zero(Eigen::Index(n), Eigen::Index(n));
    if (column % case_.every != 0) return block;
    for (std::size_t s = 0; s < n; ++s) {
      const double weight = factor * case_.strength *
                            std::pow(case_.weakest, n > 1 ? double(s) / double(n - 1) : 0.0);
      const auto J = [&](std::size_t i) { // nearly alike in all columns
        return weight * (made_up(s, i) + 0.2 * made_up(s, i, column));
      };
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) block(Eigen::Index(i), Eigen::Index(j)) += J(i) * J(j);
    }
    return block;
  }

  void add_dense_precision(DenseMatrix& H) const {
    const Ranks alone(MPI_COMM_SELF);
    const Columns all(alone, columns_.grid());
    const Matrix Q = matern_precision(alone, all, geometry(), case_.prior_std, case_.correlation);
    for (PetscInt i = 0; i < static_cast<PetscInt>(all.n_active()); ++i)
      for (PetscInt j = 0; j < static_cast<PetscInt>(all.n_active()); ++j) {
        PetscScalar value = 0.0;
        GLEBE_PETSC(MatGetValues(Q.handle(), 1, &i, 1, &j, &value));
        const auto m = Eigen::Index(case_.per_column);
        H(i * m, j * m) += value;
      }
  }

  BorderedCase case_;
  Ranks ranks_;
  Columns columns_;
  Matrix precision_;
  Matrix prior_;
  std::optional<BorderedMatrix> H_;
};

using Rows = std::vector<std::size_t>;
using IndexSet = PetscOwner<IS, ISDestroy>;

/// Those of `rows` that this rank owns, as PETSc has them.
inline IndexSet index_set(const Ranks& ranks, Mat H, const Rows& rows) {
  PetscInt first = 0, last = 0;
  GLEBE_PETSC(MatGetOwnershipRange(H, &first, &last));
  std::vector<PetscInt> own;
  for (const std::size_t row : rows)
    if (const auto i = static_cast<PetscInt>(row); i >= first && i < last) own.push_back(i);
  IndexSet set;
  GLEBE_PETSC(ISCreateGeneral(ranks.comm(), static_cast<PetscInt>(own.size()), own.data(),
                              PETSC_COPY_VALUES, set.address()));
  return set;
}

/// A vector whose entries are those of `values` in the order of ranks.
inline void set(Vec x, const std::vector<double>& values) {
  PetscInt first = 0, last = 0;
  GLEBE_PETSC(VecGetOwnershipRange(x, &first, &last));
  WriteArray local(x);
  for (PetscInt i = first; i < last; ++i)
    local[static_cast<std::size_t>(i - first)] = values[static_cast<std::size_t>(i)];
}

/// All entries of a vector on every rank.
inline std::vector<double> all(const Ranks& ranks, Vec x) {
  PetscInt n = 0;
  GLEBE_PETSC(VecGetLocalSize(x, &n));
  const ReadArray local(x);
  return ranks.all_gather({local.data(), local.data() + n});
}

inline std::vector<double> made_up_values(std::size_t n, std::size_t seed) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(made_up(i, seed, 7));
  return values;
}

} // namespace glebe
