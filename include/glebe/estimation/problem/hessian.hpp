// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/algebra/bordered_matrix.hpp"
#include "glebe/estimation/problem/prior_coupling.hpp"

#include <optional>

namespace glebe {

/// The Gauss-Newton Hessian P^T G P + B^-1 as PETSc's methods need it, filled from the blocks of
/// columns: a sparse matrix with those blocks where nothing couples columns, else a BorderedMatrix.
/// Or products with it, and a BorderedMatrix of blocks that are only near it as preconditioner.
class Hessian {
public:
  /// Collective. `controls` and `coupling` must outlive it, and so must what `product` refers to:
  /// where given, the products of the Hessian.
  Hessian(const Ranks& ranks, const Controls& controls, const PriorCoupling& coupling,
          MatrixProduct product = nullptr);
  Hessian(const Hessian&) = delete;
  Hessian& operator=(const Hessian&) = delete;

  /// Replaces all values: begin, every column of this rank with its block [k][k] (data and the
  /// column's own prior), finish. The first and the last are collective.
  void begin();
  void add_column(std::size_t column, const DenseMatrix& block);
  void finish();
  /// Where products give the Hessian, the matrix is only a preconditioner. can_be_kept(): the one that
  /// was filled at an earlier point still serves, since the products of the last solve have cost
  /// less than filling it anew would. keep(): keeps it for the present point; collective.
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
  std::size_t n_product_ = 0; ///< since it was filled or stayed
  Matrix blocks_;
  std::optional<BorderedMatrix> bordered_;
  DenseMatrix shared_; ///< of this rank's columns
};

} // namespace glebe
