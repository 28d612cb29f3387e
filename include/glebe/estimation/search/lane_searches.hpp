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

/// Runs all searches side by side in lanes until each has ended; those that have ended leave the
/// work, and the others close up. Not collective.
void run_searches(Objective& objective, std::vector<LaneSearch>& searches,
                  const LevenbergMarquardt::Tolerances& tolerances);

/// Tolerances for searches that start near their minimum, where a fall of the gradient relative to
/// its start would ask for too much: the projected gradient in the scaled controls, in which a
/// gradient of 1e-5 moves an estimate by far less than its standard deviation.
inline constexpr LevenbergMarquardt::Tolerances near_minimum{1e-5, 1e-8, 60};

} // namespace glebe
