// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/input_track.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

namespace glebe {

/// Calls work(n), for a usual number of lanes with a constant of the compiler, so that its loops
/// over lanes become vector instructions.
template <class Work>
void with_constant_lanes(std::size_t n, Work work) {
  switch (n) {
  case 1:
    return work(std::integral_constant<std::size_t, 1>{});
  case 2:
    return work(std::integral_constant<std::size_t, 2>{});
  case 4:
    return work(std::integral_constant<std::size_t, 4>{});
  case 8:
    return work(std::integral_constant<std::size_t, 8>{});
  default:
    return work(n);
  }
}

/// Puts values [row][column] into the lanes of blocks: those of a row lie place[row] numbers after
/// first(block).
template <class Value, class First>
void scatter_lanes(std::span<const Value> values, std::size_t n_column, std::size_t lanes,
                   First first, std::span<const std::size_t> place) {
  for (std::size_t column = 0; column < n_column; column += lanes)
    with_constant_lanes(std::min(lanes, n_column - column), [&](auto n) {
      const Value* from = values.data() + column;
      Value* to = first(column / lanes);
      for (const std::size_t at : place) {
        std::copy_n(from, std::size_t{n}, to + at);
        from += n_column;
      }
    });
}

/// Calls action(column, lanes, n) for every block of one row of a track: its first column, the
/// lanes of its first record, those of record i at [i * stride()], and how many of them are
/// columns; n is a constant of the compiler where it can be one.
template <class Action>
void for_each_block(InputTrack& track, std::size_t row, Action action) {
  for (std::size_t column = 0; column < track.n_column(); column += track.lanes())
    with_constant_lanes(std::min(track.lanes(), track.n_column() - column),
                        [&](auto n) { action(column, track.series_of(row, column), n); });
}

/// Calls action(value, column, record) for every value of one row, in the order of memory.
template <class Action>
void for_each_value(InputTrack& track, std::size_t row, Action action) {
  for_each_block(track, row, [&](std::size_t column, float* lanes, auto n) {
    for (std::size_t i = 0; i < track.n_record(); ++i)
      for (std::size_t lane = 0; lane < n; ++lane)
        action(lanes[i * track.stride() + lane], column + lane, i);
  });
}

} // namespace glebe
