// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/lane_searches.hpp"

namespace glebe {

namespace {

// A control without slope that nothing else depends on stays where it is.
void hold(std::size_t k, std::span<double> gradient, std::span<double> block) {
  const std::size_t m = gradient.size();
  gradient[k] = 0.0;
  for (std::size_t j = 0; j < m; ++j) block[k * m + j] = block[j * m + k] = 0.0;
  block[k * m + k] = 1.0;
}

} // namespace

void run_searches(Objective& objective, std::vector<LaneSearch>& searches,
                  const LevenbergMarquardt::Tolerances& tolerances) {
  const std::size_t m = objective.controls().per_column();
  for (;;) {
    std::vector<LaneSearch*> active;
    std::vector<std::size_t> columns;
    std::vector<double> x;
    for (LaneSearch& search : searches) {
      if (!search.iteration.active()) continue;
      active.push_back(&search);
      columns.push_back(search.column);
      x.insert(x.end(), search.iteration.trial().begin(), search.iteration.trial().end());
    }
    if (active.empty()) return;
    Fit fit = objective.evaluate(columns, x);
    for (std::size_t run = 0; run < active.size(); ++run) {
      const auto gradient = std::span(fit.gradient).subspan(run * m, m);
      const auto block = std::span(fit.gauss_newton).subspan(run * m * m, m * m);
      if (active[run]->held) hold(*active[run]->held, gradient, block);
      active[run]->iteration.tell(fit.failed[run], fit.cost[run], gradient, block, tolerances);
    }
  }
}

} // namespace glebe
