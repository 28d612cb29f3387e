// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/bordered_matrix.hpp"
#include "glebe/estimation/coupling.hpp"

#include <optional>

namespace glebe {

/// The Gauss-Newton Hessian P^T G P + B^-1 as PETSc's methods need it, filled from the blocks of
/// columns: a sparse matrix with those blocks where nothing couples columns, else a BorderedMatrix.
class Hessian {
public:
  /// Collective. `controls` and `coupling` must outlive it.
  Hessian(const Ranks& ranks, const Controls& controls, const Coupling& coupling);

  /// Replaces all values: begin, every column of this rank with its block [k][k] (data and the
  /// column's own prior), finish. The first and the last are collective.
  void begin();
  void add_column(std::size_t column, const std::vector<double>& block);
  void finish();

  Mat handle() const { return bordered_ ? bordered_->handle() : blocks_.handle(); }
  bool is_bordered() const { return bordered_.has_value(); }

private:
  void add_to_border(std::size_t column, const std::vector<double>& block);

  const Ranks& ranks_;
  const Controls& controls_;
  const Coupling& coupling_;
  Matrix blocks_;
  std::optional<BorderedMatrix> bordered_;
  std::vector<double> shared_; ///< of this rank's columns
};

} // namespace glebe
