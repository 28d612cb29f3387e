// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace glebe {

/// What the columns of this rank give to a Hessian, asked for column by column, so that it need not
/// be held twice.
struct ColumnBlocks {
  /// The Gauss-Newton block of a column with the prior of its own values, scaled [k][k].
  std::function<std::vector<double>(std::size_t)> block;
  /// Whether something is known of value k of a column.
  std::function<bool(std::size_t, std::size_t)> known;
};

/// Gives values that nothing is known of a one on the diagonal of the block [k][k] of `column`, so
/// that they stay where they are.
inline void hold_unknown(std::vector<double>& block, std::size_t m, std::size_t column,
                         const std::function<bool(std::size_t, std::size_t)>& known) {
  for (std::size_t k = 0; k < m; ++k)
    if (!known(column, k) && block[k * m + k] == 0.0) block[k * m + k] = 1.0;
}

} // namespace glebe
