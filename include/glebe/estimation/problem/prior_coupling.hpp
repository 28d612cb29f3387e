// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/controls.hpp"
#include "glebe/grid/cell_geometry.hpp"

#include <cstdint>
#include <optional>

namespace glebe {

/// The part of the prior that couples columns: fields, whose values in neighbouring columns are
/// correlated, and values that several columns share. All functions except couples_columns(),
/// has_fields() and shared() are collective.
class PriorCoupling {
public:
  /// `geometry` is needed if a control has a correlation length.
  PriorCoupling(const Ranks& ranks, const Columns& columns, const Controls& controls,
                const std::optional<CellGeometry>& geometry);

  /// Whether the posterior of a column depends on the data of other columns, through fields or
  /// shared values.
  bool couples_columns() const { return has_fields_ || n_shared_ > 0; }
  bool has_fields() const { return has_fields_; }
  /// B^-1 of the fields, over the own values of columns, in the pattern of the Hessian; zero for
  /// values that are not fields. Null unless couples_columns().
  Mat fields() const { return fields_.handle(); }
  /// B^-1 of the shared controls [s][s].
  const DenseMatrix& shared() const { return shared_; }

  /// (x - x_b)^T B^-1 (x - x_b) / 2.
  double cost(Vec x) const;
  /// Adds B^-1 (x - x_b) to g.
  void add_gradient(Vec x, Vec g) const;
  /// Adds B^-1 v to w.
  void add_product(Vec v, Vec w) const;
  /// Adds a sample of the Gaussian with the covariance B^-1 to z, the same for any number of ranks.
  void add_noise(Vec z, std::uint64_t seed, std::uint64_t sample) const;

private:
  void make_fields(const Ranks& ranks, const Columns& columns, const Controls& controls,
                   const std::optional<CellGeometry>& geometry);
  void make_shared(const Controls& controls);

  bool has_fields_ = false;
  std::size_t n_shared_ = 0;
  std::size_t n_own_ = 0;
  std::vector<std::size_t> cells_; ///< [column]
  Matrix fields_;
  std::vector<Matrix> roots_;        ///< square roots of the precisions of the fields
  std::vector<std::size_t> root_of_; ///< [own value]: index in roots_, or no_field
  DenseMatrix shared_;
  Vector mean_;
};

} // namespace glebe
