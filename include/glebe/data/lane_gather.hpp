// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/large_array.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace glebe {

/// Whether the columns are, in order, the lanes of one packed block (the last lanes may be absent).
inline bool is_packed_block(std::span<const std::size_t> columns, std::size_t lanes) {
  if (columns.front() % lanes != 0) return false;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i] != columns.front() + i) return false;
  return true;
}

/// Data [block][row][lane] of any `columns` (at most `lanes`) as one block [row][lane]. If they
/// form a packed block, it is returned itself; otherwise a copy in `buffer`, with the last column
/// repeated in unused lanes.
template <class Value>
const Value* gather_lanes(const LargeArray<Value>& packed, std::size_t n_row, std::size_t lanes,
                          std::span<const std::size_t> columns, std::vector<Value>& buffer) {
  const Value* data = packed.data();
  if (is_packed_block(columns, lanes)) return data + columns.front() / lanes * n_row * lanes;
  buffer.resize(n_row * lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t column = columns[lane < columns.size() ? lane : columns.size() - 1];
    const Value* from = data + column / lanes * n_row * lanes + column % lanes;
    for (std::size_t row = 0; row < n_row; ++row) buffer[row * lanes + lane] = from[row * lanes];
  }
  return buffer.data();
}

} // namespace glebe
