// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

/// The sparse Cholesky factor of a symmetric positive definite matrix, by MUMPS.
class CholeskyFactor {
public:
  /// Whether this PETSc has MUMPS. Not collective.
  static bool available();

  /// Collective. Throws RunError when the matrix is singular.
  CholeskyFactor(const Ranks& ranks, Mat A);

  /// x = A^-1 b. Collective.
  void solve(Vec b, Vec x) const;
  /// The diagonal blocks of order m of A^-1 in the rows of this rank, whose number is a multiple of
  /// m. MUMPS visits only the branches of the elimination tree that lead to these entries: Amestoy
  /// et al. (2012), On computing inverse entries of a sparse matrix in an out-of-core environment,
  /// SIAM J. Sci. Comput. 34. The first rank temporarily holds the blocks of all ranks. Collective.
  DenseBlocks inverse_blocks(std::size_t m) const;

private:
  // Not used where PETSc has no MUMPS.
  [[maybe_unused]] const Ranks& ranks_;
  [[maybe_unused]] PetscInt n_ = 0;       ///< rows of all ranks
  [[maybe_unused]] PetscInt n_local_ = 0; ///< rows of this rank
  Matrix factor_;
};

} // namespace glebe
