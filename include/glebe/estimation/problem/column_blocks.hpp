// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

#include <cstddef>
#include <functional>

namespace glebe {

/// What the columns of this rank give to a Hessian, asked for column by column, so that it need not
/// be held twice.
struct ColumnBlocks {
  /// The Gauss-Newton block of a column with the prior of its own values, scaled [k][k].
  std::function<DenseMatrix(std::size_t)> block;
  /// Whether data or neighbours tell anything of value k of a column.
  std::function<bool(std::size_t, std::size_t)> is_informed;
};

/// Gives values that nothing is told of a one on the diagonal of the block of `column`, so that
/// they stay where they are.
inline void hold_uninformed(DenseMatrix& block, std::size_t column,
                            const std::function<bool(std::size_t, std::size_t)>& is_informed) {
  for (Eigen::Index k = 0; k < block.rows(); ++k)
    if (!is_informed(column, static_cast<std::size_t>(k)) && block(k, k) == 0.0) block(k, k) = 1.0;
}

} // namespace glebe
