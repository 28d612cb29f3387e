// SPDX-License-Identifier: BSD-3-Clause
// With the free controls of columns first and the shared controls last,
//
//     [ A    C ] -1    [ A^-1 + W Z W^T   -W Z ]
//     [ C^T  S ]    =  [ -Z W^T             Z  ],   W = A^-1 C,   Z = (S - C^T W)^-1.
//
// Only the diagonal blocks of A^-1, one for each column, are needed.
#include "glebe/estimation/algebra/cholesky_factor.hpp"
#include "glebe/estimation/algebra/dense.hpp"

#include <cmath>

#include "column_covariances.hpp"

namespace glebe {

namespace {

// A of the free controls of columns; held controls are decoupled. A small part of the diagonal is
// added, because rounding can make A indefinite where the data determine little.
Matrix free_columns(const GaussianProblem& problem, const Hessian& H) {
  constexpr double rounding = 1e-13;
  const Controls& controls = problem.controls;
  Matrix A;
  GLEBE_PETSC(MatDuplicate(H.bordered().columns(), MAT_COPY_VALUES, A.address()));
  const auto n = static_cast<PetscInt>(controls.n_column() * controls.n_own());
  const Vector diagonal = make_vector(problem.ranks.comm(), n);
  PetscReal smallest = 0.0, largest = 0.0;
  GLEBE_PETSC(MatGetDiagonal(A.handle(), diagonal.handle()));
  GLEBE_PETSC(VecMin(diagonal.handle(), nullptr, &smallest));
  GLEBE_PETSC(VecMax(diagonal.handle(), nullptr, &largest));
  GLEBE_PETSC(VecScale(diagonal.handle(), rounding));
  if (smallest <= 0.0) GLEBE_PETSC(VecShift(diagonal.handle(), rounding * largest));
  GLEBE_PETSC(MatDiagonalSet(A.handle(), diagonal.handle(), ADD_VALUES));
  std::vector<PetscInt> held;
  for (PetscInt i = 0; i < n; ++i)
    if (!problem.free[static_cast<std::size_t>(i)])
      held.push_back(static_cast<PetscInt>(controls.first()) + i);
  GLEBE_PETSC(MatZeroRowsColumns(A.handle(), static_cast<PetscInt>(held.size()), held.data(), 1.0,
                                 nullptr, nullptr));
  return A;
}

// Column s of C, with zeros for held controls.
Vector border_column(const GaussianProblem& problem, const Hessian& H, std::size_t s) {
  const std::size_t n = problem.controls.n_column() * problem.controls.n_own();
  Vector column = make_vector(problem.ranks.comm(), static_cast<PetscInt>(n));
  GLEBE_PETSC(MatGetColumnVector(H.bordered().border(), column.handle(), static_cast<PetscInt>(s)));
  WriteArray values(column.handle());
  for (std::size_t i = 0; i < n; ++i)
    if (!problem.free[i]) values[i] = 0.0;
  return column;
}

struct SharedPart {
  DenseMatrix W; ///< [control of columns on this rank][shared]
  DenseMatrix Z; ///< [shared][shared]
};

SharedPart shared_part(const GaussianProblem& problem, const Hessian& H,
                       const CholeskyFactor& factor, const std::vector<char>& free_shared) {
  const std::size_t n_shared = problem.controls.n_shared();
  const std::size_t n = problem.controls.n_column() * problem.controls.n_own();
  SharedPart part{DenseMatrix(n, n_shared), {}};
  std::vector<Vector> C, solutions(n_shared);
  for (std::size_t s = 0; s < n_shared; ++s) {
    C.push_back(border_column(problem, H, s));
    GLEBE_PETSC(VecDuplicate(C[s].handle(), solutions[s].address()));
    factor.solve(C[s].handle(), solutions[s].handle());
    const ReadArray values(solutions[s].handle());
    for (std::size_t i = 0; i < n; ++i) part.W(i, s) = values[i];
  }
  DenseMatrix schur = H.bordered().shared();
  for (std::size_t s = 0; s < n_shared; ++s)
    for (std::size_t t = 0; t < n_shared; ++t) {
      double product = 0.0;
      GLEBE_PETSC(VecDot(C[s].handle(), solutions[t].handle(), &product));
      schur(s, t) -= product;
    }
  part.Z = inverse_of_kept(schur, free_shared);
  return part;
}

} // namespace

DenseBlocks covariance_by_factor(const GaussianProblem& problem) {
  const Controls& controls = problem.controls;
  const std::vector<char> free_shared = problem.free_shared();
  Hessian H(problem.ranks, controls, problem.coupling);
  problem.fill(H);
  const Matrix A = free_columns(problem, H);
  const CholeskyFactor factor(problem.ranks, A.handle());
  const auto [all_W, all_Z] = shared_part(problem, H, factor, free_shared);
  const DenseBlocks A_inverse = factor.inverse_blocks(controls.n_own());

  const std::size_t m = controls.per_column(), n_own = controls.n_own();
  DenseBlocks result(controls.n_column(), m, std::nan(""));
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    std::vector<std::size_t> shared, number;
    for (std::size_t k = 0; k < m; ++k)
      if (controls.shared(k)) {
        shared.push_back(k);
        number.push_back(problem.shared_number(c, k));
      }
    const DenseMatrix W = all_W.middleRows(c * n_own, n_own), WZ = W * all_Z;
    DenseMatrix all(m, m);
    all(controls.own(), controls.own()) = A_inverse[c] + WZ * W.transpose();
    all(controls.own(), shared) = -WZ(Eigen::all, number);
    all(shared, controls.own()) = -WZ(Eigen::all, number).transpose();
    all(shared, shared) = all_Z(number, number);
    const std::vector<std::size_t> included = problem.included(free_shared, c);
    result[c](included, included) = all(included, included);
  }
  return result;
}

} // namespace glebe
