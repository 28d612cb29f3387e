// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/search/lane_searches.hpp"

namespace glebe {

/// The steps of the first part of the window over which searches of columns begin, about `part` of
/// it; zero where they begin with all of it: the window is short, it is spun up, or a control acts
/// at its knots in time only.
std::size_t early_steps(const Objective& objective, double part);

/// Takes searches that have not begun from their starts to near the minimum over the first `n_step`
/// steps, at a fraction of the cost. Where a column has few observations there, or its model
/// fails, they stay as they are. Each keeps the start that it had. Not collective.
void begin_early(Objective& objective, std::vector<LaneSearch>& searches, std::size_t n_step);

/// Takes searches that have been evaluated once after begin_early() back to their starts where
/// they are no better over the whole window; returns which. All forget their starts.
std::vector<std::size_t> go_back(std::vector<LaneSearch>& searches);
/// The same, and evaluates these; returns how many they were. Not collective.
std::size_t begin_again(Objective& objective, std::vector<LaneSearch>& searches,
                        const LevenbergMarquardt::Tolerances& tolerances);

} // namespace glebe
