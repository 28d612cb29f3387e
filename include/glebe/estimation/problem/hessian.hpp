// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/algebra/bordered_matrix.hpp"
#include "glebe/estimation/problem/prior_coupling.hpp"

#include <optional>

namespace glebe {

/// The Gauss-Newton Hessian P^T G P + B^-1 as a PETSc matrix, filled from the blocks of columns. It
/// is a sparse block-diagonal matrix if columns are not coupled, and a BorderedMatrix otherwise.
/// With a `product` it is given by its products; the blocks, from this or an earlier point, are
/// then a BorderedMatrix that serves as preconditioner.
class Hessian {
public:
  /// `product` gives the products of the Hessian; empty: they are those of the blocks. `controls`,
  /// `coupling` and what `product` refers to must outlive the object. Collective.
  Hessian(const Ranks& ranks, const Controls& controls, const PriorCoupling& coupling,
          MatrixProduct product = nullptr);
  Hessian(const Hessian&) = delete;
  Hessian& operator=(const Hessian&) = delete;

  /// To replace all values, call begin(), then add_column() for every column of this rank with its
  /// block [k][k] (data and the column's own prior), then finish(). begin() and finish() are
  /// collective.
  void begin();
  void add_column(std::size_t column, const DenseMatrix& block);
  void finish();
  /// With products, the matrix is only a preconditioner. can_be_kept() is true when the matrix of
  /// an earlier point is still good enough: the products of the last solve have cost less than
  /// filling it again would. keep() uses it for the present point; collective.
  bool can_be_kept() const;
  void keep();

  Mat handle() const { return bordered_ ? bordered_->handle() : blocks_.handle(); }
  bool is_bordered() const { return bordered_.has_value(); }
  /// Its parts, where it is bordered.
  const BorderedMatrix& bordered() const { return *bordered_; }

private:
  void add_to_border(std::size_t column, const DenseMatrix& block);

  const Ranks& ranks_;
  const Controls& controls_;
  const PriorCoupling& coupling_;
  bool by_products_;
  bool is_filled_ = false;
  std::size_t n_product_ = 0; ///< products since it was filled or kept
  Matrix blocks_;
  std::optional<BorderedMatrix> bordered_;
  DenseMatrix shared_; ///< contributions of this rank's columns to S
};

} // namespace glebe
