// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/algebra/cholesky_factor.hpp"

#include "glebe/base/error.hpp"

#include <numeric>

namespace glebe {

#ifdef PETSC_HAVE_MUMPS

namespace {

using IndexSet = PetscOwner<IS, ISDestroy>;

// The pattern of the diagonal blocks, with all rows on the first rank, as MUMPS needs it.
Matrix make_pattern(const Ranks& ranks, PetscInt n, PetscInt m) {
  const PetscInt n_here = ranks.is_root() ? n : 0;
  Matrix pattern;
  GLEBE_PETSC(
      MatCreateAIJ(ranks.comm(), n_here, n_here, n, n, m, nullptr, 0, nullptr, pattern.address()));
  const std::vector<double> ones(static_cast<std::size_t>(m * m), 1.0);
  std::vector<PetscInt> rows(static_cast<std::size_t>(m));
  for (PetscInt first = 0; first < n_here; first += m) {
    std::iota(rows.begin(), rows.end(), first);
    GLEBE_PETSC(
        MatSetValues(pattern.handle(), m, rows.data(), m, rows.data(), ones.data(), INSERT_VALUES));
  }
  assemble(pattern.handle());
  return pattern;
}

// The values of this matrix on the first rank, row by row.
std::vector<double> values_of(Mat pattern) {
  PetscInt first = 0, last = 0;
  GLEBE_PETSC(MatGetOwnershipRange(pattern, &first, &last));
  std::vector<double> values;
  for (PetscInt row = first; row < last; ++row) {
    PetscInt size = 0;
    const PetscScalar* entries = nullptr;
    GLEBE_PETSC(MatGetRow(pattern, row, &size, nullptr, &entries));
    values.insert(values.end(), entries, entries + size);
    GLEBE_PETSC(MatRestoreRow(pattern, row, &size, nullptr, &entries));
  }
  return values;
}

} // namespace

bool CholeskyFactor::available() { return true; }

CholeskyFactor::CholeskyFactor(const Ranks& ranks, Mat A) : ranks_(ranks) {
  GLEBE_PETSC(MatGetSize(A, &n_, nullptr));
  GLEBE_PETSC(MatGetLocalSize(A, &n_local_, nullptr));
  GLEBE_PETSC(MatSetOption(A, MAT_SPD, PETSC_TRUE));
  MatFactorInfo how;
  GLEBE_PETSC(MatFactorInfoInitialize(&how));
  IndexSet order; // MUMPS uses its own ordering
  PetscInt first = 0;
  GLEBE_PETSC(MatGetOwnershipRange(A, &first, nullptr));
  GLEBE_PETSC(ISCreateStride(ranks.comm(), n_local_, first, 1, order.address()));
  GLEBE_PETSC(MatGetFactor(A, MATSOLVERMUMPS, MAT_FACTOR_CHOLESKY, factor_.address()));
  GLEBE_PETSC(MatCholeskyFactorSymbolic(factor_.handle(), A, order.handle(), &how));
  GLEBE_PETSC(MatCholeskyFactorNumeric(factor_.handle(), A, &how));
  MatFactorError failed{};
  GLEBE_PETSC(MatFactorGetError(factor_.handle(), &failed));
  if (failed != MAT_FACTOR_NOERROR)
    throw RunError("the Cholesky factorisation of a matrix has failed");
}

void CholeskyFactor::solve(Vec b, Vec x) const { GLEBE_PETSC(MatSolve(factor_.handle(), b, x)); }

DenseBlocks CholeskyFactor::inverse_blocks(std::size_t m) const {
  constexpr PetscInt entries_of_inverse = 30; // number of this option (ICNTL) of MUMPS
  const auto order = static_cast<PetscInt>(m);
  const Matrix pattern = make_pattern(ranks_, n_, order);
  GLEBE_PETSC(MatMumpsGetInverseTranspose(factor_.handle(), pattern.handle()));
  GLEBE_PETSC(MatMumpsSetIcntl(factor_.handle(), entries_of_inverse, 0)); // otherwise solves fail
  const std::vector<double> own =
      ranks_.scatter_from_root(values_of(pattern.handle()), static_cast<std::size_t>(n_local_) * m);
  DenseBlocks blocks(static_cast<std::size_t>(n_local_) / m, m);
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i] = Eigen::Map<const DenseMatrix>(own.data() + i * m * m, order, order);
  return blocks;
}

#else

[[noreturn]] static void fail() {
  throw RunError("a sparse Cholesky factorisation needs PETSc with MUMPS");
}

bool CholeskyFactor::available() { return false; }
CholeskyFactor::CholeskyFactor(const Ranks& ranks, Mat) : ranks_(ranks) { fail(); }
void CholeskyFactor::solve(Vec, Vec) const { fail(); }
DenseBlocks CholeskyFactor::inverse_blocks(std::size_t) const { fail(); }

#endif

} // namespace glebe
