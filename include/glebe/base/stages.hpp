// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

namespace glebe {

/// What the wall time of a run goes into. Each is a PETSc log stage too, shown by -log_view.
enum class Stage { read, model, solver, write };
inline constexpr std::array stage_names{"read", "forward and tangent-linear", "solver", "write"};

/// Counts the time of its own life to a stage, less that of stages begun within it. Not collective.
class StageTimer {
public:
  explicit StageTimer(Stage stage);
  ~StageTimer();
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

private:
  StageTimer* outer_;
  Stage stage_;
  double since_;
};

/// Seconds of a stage on this rank so far.
double stage_seconds(Stage stage);

} // namespace glebe
