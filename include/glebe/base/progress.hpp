// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>

namespace glebe {

/// A bar on the root rank's terminal while a long step goes on; nothing when standard error is not
/// a terminal, so that log files stay plain. Not collective.
class ProgressBar {
public:
  explicit ProgressBar(bool is_root);
  /// Draws the bar at a fraction of 0 ... 1, at most ten times a second; at 1 it is wiped.
  void show(double fraction);

private:
  using Clock = std::chrono::steady_clock;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point last_;
};

} // namespace glebe
