// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/estimation/algebra/bordered_matrix.hpp"

namespace glebe {

/// The data of a PETSc matrix that is a BorderedMatrix or a submatrix of one: the parts, the subset
/// of controls that are free, and a shift of the diagonal. All functions except n_local(), comm()
/// and n_shared() are collective.
class BorderedView {
public:
  explicit BorderedView(std::shared_ptr<BorderedParts> parts);

  /// A new PETSc matrix that owns `view`.
  static Mat make_shell(BorderedView view);
  /// The view of a matrix from make_shell; nullptr for any other matrix.
  static BorderedView* of(Mat matrix);

  MPI_Comm comm() const;
  std::size_t n_shared() const { return n_shared_; }
  PetscInt n_local() const { return static_cast<PetscInt>(free_.size()); }
  const BorderedParts& parts() const { return *parts_; }
  double shift() const { return shift_; }
  void set_shift(double shift) { shift_ = shift; }

  /// The view of a subset of the rows of this view, given by their numbers in it.
  BorderedView block(IS rows) const;
  /// An independent view with copies of the parts.
  BorderedView copy() const;
  /// [k]: whether a shared control is free; the same on every rank.
  const std::vector<char>& free_shared() const { return free_shared_; }
  /// The rows of A of this rank whose controls are not free.
  std::vector<PetscInt> held_rows() const;

  /// Splits the free controls x into controls of columns u, zero where held, and shared controls
  /// y [k], the same on every rank.
  void expand(Vec x, Vec u, DenseVector& y) const;
  /// The reverse; y is read on the last rank only.
  void contract(Vec u, const DenseVector& y, Vec x) const;

  /// The free rows of (H + shift) x.
  void multiply(Vec x, Vec result) const;
  void diagonal(Vec result) const;

private:
  void multiply_parts(Vec x, Vec result) const;
  void multiply_by_product(Vec x, Vec result) const;

  std::shared_ptr<BorderedParts> parts_;
  std::size_t n_shared_ = 0;
  PetscInt n_column_control_ = 0; ///< on this rank
  bool owns_shared_ = false;
  std::vector<PetscInt> free_; ///< local numbers in [controls of columns | shared]
  std::vector<char> free_shared_;
  double shift_ = 0.0;
  Vector u_, v_, short_; ///< work space: two like A's rows, one like C's columns
};

/// Runs C++ code in a function that PETSc calls: an exception becomes an error code with its text.
template <class Work>
PetscErrorCode within_petsc(Work work) {
  try {
    work();
    return {};
  } catch (const std::exception& error) {
    return PetscError(PETSC_COMM_SELF, __LINE__, "within_petsc", __FILE__, PETSC_ERR_LIB,
                      PETSC_ERROR_INITIAL, "%s", error.what());
  }
}

} // namespace glebe
