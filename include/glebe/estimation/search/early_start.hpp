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
/// fails, they stay as they are. Each keeps the start that it had, and go_back() takes it there
/// again when it has been evaluated once and is no better. Not collective.
void begin_early(Objective& objective, std::vector<LaneSearch>& searches, std::size_t n_step);
void go_back(std::vector<LaneSearch>& searches);

} // namespace glebe
