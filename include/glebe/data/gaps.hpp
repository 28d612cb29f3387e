// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/time_axis.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

struct GapReport {
  std::size_t n_filled = 0;
  std::vector<TimeInterval> too_long; ///< gaps not filled: first to last missing record [s]
};

/// Fills gaps (NaN) in one of several interleaved series, whose value i is values[i * stride],
/// linearly in time between the neighbours of the gap. The length of a gap is `interval` [s] per
/// missing record. A gap longer than `max_gap` [s], or at either end of the series, is not filled
/// but reported.
template <class Value>
GapReport fill_gaps(const std::vector<double>& times, Value* values, std::size_t stride,
                    double max_gap, double interval) {
  GapReport report;
  const auto value = [&](std::size_t i) -> Value& { return values[i * stride]; };
  const auto missing = [&](std::size_t i) { return value(i) != value(i); };
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!missing(i)) continue;
    std::size_t end = i;
    while (end < times.size() && missing(end)) ++end;
    const double length = static_cast<double>(end - i) * interval;
    if (i == 0 || end == times.size() || length > max_gap * (1.0 + 1e-9)) {
      report.too_long.push_back({times[i], times[end - 1]});
    } else {
      const double slope = (double(value(end)) - value(i - 1)) / (times[end] - times[i - 1]);
      for (std::size_t k = i; k < end; ++k)
        value(k) = static_cast<Value>(value(i - 1) + slope * (times[k] - times[i - 1]));
      report.n_filled += end - i;
    }
    i = end;
  }
  return report;
}

} // namespace glebe
