// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"

#include <petscksp.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace glebe {

/// The Hessian of a coupled problem over the controls of columns, [column][control], filled with
/// the precision B^-1 of the prior. Its pattern has a full block for every column and, between
/// columns, the couplings of the priors. `precisions` has one entry per control of a column: the
/// precision of its prior over all columns (matern_precision), or nullptr. The block size is the
/// number of controls. Collective.
Matrix make_column_matrix(const Ranks& ranks, std::size_t n_column,
                          const std::vector<Mat>& precisions);

/// The off-diagonal block C between the controls of columns (rows, `per_column` for each) and the
/// `n_shared` shared controls (columns, on the last rank), filled with zeros. The rows of column c
/// have entries for the controls in `shared_of_column`[c]. Collective.
Matrix make_border(const Ranks& ranks, std::size_t per_column, std::size_t n_shared,
                   const std::vector<std::vector<PetscInt>>& shared_of_column);

/// A matrix by its products: writes the product with the first vector into the second. Collective.
using MatrixProduct = std::function<void(Vec, Vec)>;

/// The parts that a BorderedMatrix shares with its submatrices of free controls.
struct BorderedParts {
  Matrix columns;     ///< A
  Matrix border;      ///< C
  DenseMatrix shared; ///< S, the same on every rank
  bool filled = false;
  bool coupled = false;  ///< whether A has entries between different columns
  MatrixProduct product; ///< if set: H itself, and A, C and S are only an approximation
};

/// The symmetric matrix
///
///     H = [ A    C ]      over x = [ controls of the columns, by rank | k shared controls ],
///         [ C^T  S ]
///
/// with sparse A and C and dense S, so that shared controls do not produce full sparse rows. The
/// shared controls are last, on the last rank; there may be no shared controls, or no controls of
/// columns. The matrix has the operations that PETSc's methods need: products, diagonal, MatShift,
/// MatDuplicate, and MatCreateSubMatrix for any subset of rows with the same columns, each index on
/// the rank that owns it. Submatrices share A, C and S with their matrix, also after a refill;
/// duplicates copy them; a shift belongs to one matrix only. After multiply_by(), products do not
/// use A, C and S, which then serve for the diagonal and the preconditioner only.
class BorderedMatrix {
public:
  /// A and C must be assembled, with the columns of C on the last rank, as make_column_matrix and
  /// make_border return them. S is zero. Collective.
  BorderedMatrix(const Ranks& ranks, Matrix columns, Matrix border);

  /// A, C and S, to be refilled within their patterns; S must be the same on every rank.
  Mat columns() const { return parts_->columns.handle(); }
  Mat border() const { return parts_->border.handle(); }
  DenseMatrix& shared() { return parts_->shared; }
  const DenseMatrix& shared() const { return parts_->shared; }
  /// To be called after A, C and S were refilled and assembled: sets the shift to zero and tells
  /// solvers that the matrix has changed. Collective.
  void refilled();

  /// From now on products are computed by `product`, over all controls.
  void multiply_by(MatrixProduct product) { parts_->product = std::move(product); }

  /// H as a PETSc matrix.
  Mat handle() const { return shell_.handle(); }
  std::size_t n_shared() const { return n_shared_; }
  /// Controls of this rank, shared ones included.
  PetscInt n_local() const;

private:
  std::size_t n_shared_ = 0;
  std::shared_ptr<BorderedParts> parts_;
  Matrix shell_;
};

/// Gives `ksp` a preconditioner by block elimination: an inner solver for A and the dense Schur
/// complement of the shared controls, both set up again when the operator changes. The operator
/// must be a BorderedMatrix or a submatrix of one when `ksp` solves (TAO changes it at every
/// iteration). The preconditioner is symmetric, positive definite and fixed, as conjugate gradients
/// need it. The inner solver takes options with the prefix `columns_`. If the command line gives a
/// pc_type for `ksp`, nothing is done. See docs/theory.md, section "The coupled Newton step".
/// Collective.
void set_bordered_preconditioner(KSP ksp);

} // namespace glebe
