// SPDX-License-Identifier: BSD-3-Clause
// A PETSc matrix as a dense one, to compare with.
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"

#include <vector>

namespace glebe {

/// The values of a vector on every rank.
inline std::vector<double> on_all_ranks(const Ranks& ranks, Vec x) {
  PetscInt n_local = 0;
  GLEBE_PETSC(VecGetLocalSize(x, &n_local));
  const ReadArray local(x);
  return ranks.all_gather({local.data(), local.data() + n_local});
}

/// A symmetric matrix on every rank, from products with unit vectors.
inline DenseMatrix dense_matrix(const Ranks& ranks, Mat H) {
  PetscInt n = 0, n_local = 0;
  GLEBE_PETSC(MatGetSize(H, &n, nullptr));
  GLEBE_PETSC(MatGetLocalSize(H, &n_local, nullptr));
  const Vector unit = make_vector(ranks.comm(), n_local),
               product = make_vector(ranks.comm(), n_local);
  DenseMatrix dense(n, n);
  for (PetscInt j = 0; j < n; ++j) {
    GLEBE_PETSC(VecSet(unit.handle(), 0.0));
    if (ranks.is_root()) GLEBE_PETSC(VecSetValue(unit.handle(), j, 1.0, INSERT_VALUES));
    GLEBE_PETSC(VecAssemblyBegin(unit.handle()));
    GLEBE_PETSC(VecAssemblyEnd(unit.handle()));
    GLEBE_PETSC(MatMult(H, unit.handle(), product.handle()));
    const std::vector<double> row = on_all_ranks(ranks, product.handle());
    dense.row(j) = DenseVector::Map(row.data(), n);
  }
  return dense;
}

} // namespace glebe
