// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/search/levenberg_marquardt.hpp"

#include <optional>
#include <vector>

namespace glebe {

/// A search of one column's minimum from one start, possibly with one control held.
struct LaneSearch {
  std::size_t column = 0;
  std::optional<std::size_t> held; ///< the control that keeps its value
  LevenbergMarquardt iteration;
};

/// Gives every search that is active its next trial point, side by side in lanes: those that have
/// ended leave the work, and the others close up. Returns how many were active. Not collective.
std::size_t advance_searches(Objective& objective, std::vector<LaneSearch>& searches,
                             const LevenbergMarquardt::Tolerances& tolerances);

/// Does so until all have ended. Not collective.
void run_searches(Objective& objective, std::vector<LaneSearch>& searches,
                  const LevenbergMarquardt::Tolerances& tolerances);

} // namespace glebe
