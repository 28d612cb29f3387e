// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

#include <cstddef>
#include <functional>

namespace glebe {

/// The contributions of this rank's columns to a Hessian. They are computed column by column when
/// needed, so that they are not stored twice.
struct ColumnBlocks {
  /// The Gauss-Newton block of a column plus the prior precision of its own values, scaled [k][k].
  std::function<DenseMatrix(std::size_t)> block;
  /// Whether the data of this column or of others inform value k of a column.
  std::function<bool(std::size_t, std::size_t)> is_informed;
};

/// Sets the diagonal element of values without information to one where it is zero, so that the
/// block is regular and these values do not change.
inline void hold_uninformed(DenseMatrix& block, std::size_t column,
                            const std::function<bool(std::size_t, std::size_t)>& is_informed) {
  for (Eigen::Index k = 0; k < block.rows(); ++k)
    if (!is_informed(column, static_cast<std::size_t>(k)) && block(k, k) == 0.0) block(k, k) = 1.0;
}

} // namespace glebe
