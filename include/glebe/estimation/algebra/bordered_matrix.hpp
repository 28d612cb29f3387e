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

/// The pattern of a coupled problem's Hessian over the controls of columns, [column][control]: a
/// full block for every column, and between columns the couplings of the priors. `precisions` has
/// one entry per control of a column: the precision of its prior over all columns
/// (matern_precision), or nullptr. The values are those of `precisions`, B^-1 itself, and zero
/// elsewhere; the block size is the number of controls. Collective.
Matrix make_column_matrix(const Ranks& ranks, std::size_t n_column,
                          const std::vector<Mat>& precisions);

/// The pattern, filled with zeros, of the border between the controls of columns and `n_shared`
/// controls that columns share: column c, of `per_column` controls, meets those in
/// `shared_of_column`[c]. Its columns belong to the last rank. Collective.
Matrix make_border(const Ranks& ranks, std::size_t per_column, std::size_t n_shared,
                   const std::vector<std::vector<PetscInt>>& shared_of_column);

/// Writes the product of a matrix with the first vector into the second. Collective.
using MatrixProduct = std::function<void(Vec, Vec)>;

/// What a BorderedMatrix and its blocks of free controls have in common.
struct BorderedParts {
  Matrix columns;     ///< A
  Matrix border;      ///< C
  DenseMatrix shared; ///< S, the same on every rank
  bool filled = false;
  bool coupled = false;  ///< whether A joins different columns
  MatrixProduct product; ///< H itself where A, C and S are only near it
};

/// The symmetric matrix
///
///     H = [ A    C ]      over x = [ controls of the columns, by rank | k shared controls ],
///         [ C^T  S ]
///
/// the shared controls being last on the last rank: sparse A and C, dense S, so that controls that
/// all columns share fill no rows. It behaves as PETSc's methods need it: products, diagonal,
/// MatShift, MatDuplicate, and MatCreateSubMatrix for any subset of rows with the same columns,
/// each index on the rank that owns it. Duplicates and such blocks share A, C and S with the
/// matrix they come from and see them refilled; a shift is their own. Without shared controls, or
/// without controls of columns, the other part is all there is. Where products with H are to be had
/// without its entries, A, C and S serve diagonal and preconditioner only.
class BorderedMatrix {
public:
  /// From assembled A and C, whose columns belong to the last rank, as make_column_matrix and
  /// make_border give them; S is zero. Collective.
  BorderedMatrix(const Ranks& ranks, Matrix columns, Matrix border);

  /// A, C and S for refilling within their patterns; S alike on every rank.
  Mat columns() const { return parts_->columns.handle(); }
  Mat border() const { return parts_->border.handle(); }
  DenseMatrix& shared() { return parts_->shared; }
  const DenseMatrix& shared() const { return parts_->shared; }
  /// After A, C and S were refilled and assembled: a shift is forgotten, and a solver sees that
  /// the matrix is another one. Collective.
  void refilled();

  /// From now on products are those of `product`, over all controls.
  void multiply_by(MatrixProduct product) { parts_->product = std::move(product); }

  /// H as PETSc sees it.
  Mat handle() const { return shell_.handle(); }
  std::size_t n_shared() const { return n_shared_; }
  /// Controls of this rank, shared ones included.
  PetscInt n_local() const;

private:
  std::size_t n_shared_ = 0;
  std::shared_ptr<BorderedParts> parts_;
  Matrix shell_;
};

/// Gives `ksp`, whose operator is or will be (TAO changes it at every iteration) a BorderedMatrix
/// or a block of one, a preconditioner by block elimination: an inner solver for A and the dense
/// Schur complement of the shared controls, both set up anew when the operator changes. It is
/// symmetric, positive definite and fixed, as conjugate gradients need it. The inner solver takes
/// options with the prefix `columns_`. The command line has precedence: with an own pc_type for
/// `ksp` nothing is done. docs/theory.md, section "The coupled Newton step". Collective.
void set_bordered_preconditioner(KSP ksp);

} // namespace glebe
