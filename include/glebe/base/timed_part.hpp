// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

namespace glebe {

/// The parts of the wall time of a run. Each is also a PETSc log stage, shown by -log_view.
enum class Part { read, model, solver, write };
inline constexpr std::array part_names{"read", "forward and tangent-linear", "solver", "write"};

/// The innermost part that an exception has left, or else the present one. Not collective.
Part part_of_failure();

/// Adds its own lifetime to a part, without the time of parts begun within it. Not collective.
class TimedPart {
public:
  explicit TimedPart(Part part);
  ~TimedPart();
  TimedPart(const TimedPart&) = delete;
  TimedPart& operator=(const TimedPart&) = delete;

private:
  friend Part part_of_failure();

  TimedPart* outer_;
  Part part_;
  double since_;
};

/// Seconds of a part on this rank so far.
double seconds_of(Part part);

} // namespace glebe
