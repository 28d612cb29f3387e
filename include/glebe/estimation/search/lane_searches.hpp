// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/search/levenberg_marquardt.hpp"

#include <limits>
#include <optional>
#include <vector>

namespace glebe {

/// The search for the minimum of one column from one start, possibly with one value held fixed.
struct LaneSearch {
  std::size_t column = 0;
  std::optional<std::size_t> held; ///< the value k that is held
  LevenbergMarquardt iteration;
  DenseVector start = {}; ///< to go back to: see early_start.hpp; empty: none
};

/// Evaluates the next trial point of every active search, side by side in lanes, over the first
/// `most_steps` steps. Searches that have ended are skipped, so that the lanes stay full. Returns
/// the number of active searches. Not collective.
std::size_t advance_searches(Objective& objective, std::vector<LaneSearch>& searches,
                             const LevenbergMarquardt::Tolerances& tolerances,
                             std::size_t most_steps = std::numeric_limits<std::size_t>::max());

/// Repeats this until all searches have ended. Not collective.
void run_searches(Objective& objective, std::vector<LaneSearch>& searches,
                  const LevenbergMarquardt::Tolerances& tolerances,
                  std::size_t most_steps = std::numeric_limits<std::size_t>::max());

} // namespace glebe
