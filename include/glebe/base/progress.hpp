// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>

namespace glebe {

/// A progress bar on the root rank's terminal. Nothing is written when standard error is not a
/// terminal, so that log files contain no control characters. Not collective.
class ProgressBar {
public:
  explicit ProgressBar(bool is_root);
  /// Draws the bar for a fraction from 0 to 1, at most ten times a second; at 1 it is erased.
  void show(double fraction);

private:
  using Clock = std::chrono::steady_clock;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point last_;
};

} // namespace glebe
