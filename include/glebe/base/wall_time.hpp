// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>

namespace glebe {

/// Seconds since some moment in the past. Unlike MPI_Wtime() also for a program without MPI.
inline double wall_time() {
  using Seconds = std::chrono::duration<double>;
  return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace glebe
