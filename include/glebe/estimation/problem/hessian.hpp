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
  Hessian(const Ranks& ranks, const Controls& controls, const Coupling& coupling,
          MatrixProduct product = nullptr);
  Hessian(const Hessian&) = delete;
  Hessian& operator=(const Hessian&) = delete;

  /// Replaces all values: begin, every column of this rank with its block [k][k] (data and the
  /// column's own prior), finish. The first and the last are collective.
  void begin();
  void add_column(std::size_t column, const std::vector<double>& block);
  void finish();
  /// Whether what it was filled with may stay, being a preconditioner only, and good enough for the
  /// products at the last point to have cost less than filling it anew; and that it stays, while
  /// its products are those of another point. The latter is collective.
  bool can_stay() const;
  void stay();

  Mat handle() const { return bordered_ ? bordered_->handle() : blocks_.handle(); }
  bool is_bordered() const { return bordered_.has_value(); }
  /// Its parts, where it is bordered.
  const BorderedMatrix& bordered() const { return *bordered_; }

private:
  void add_to_border(std::size_t column, const std::vector<double>& block);

  const Ranks& ranks_;
  const Controls& controls_;
  const Coupling& coupling_;
  bool by_products_;
  bool is_filled_ = false;
  std::size_t n_product_ = 0; ///< since it was filled or stayed
  Matrix blocks_;
  std::optional<BorderedMatrix> bordered_;
  std::vector<double> shared_; ///< of this rank's columns
};

} // namespace glebe
