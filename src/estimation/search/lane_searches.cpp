// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/lane_searches.hpp"

namespace glebe {

namespace {

// Removes value k from gradient and block, so that it does not change.
void hold(Eigen::Index k, DenseVector& gradient, DenseMatrix& block) {
  gradient[k] = 0.0;
  block.row(k).setZero();
  block.col(k).setZero();
  block(k, k) = 1.0;
}

} // namespace

std::size_t advance_searches(Objective& objective, std::vector<LaneSearch>& searches,
                             const LevenbergMarquardt::Tolerances& tolerances,
                             std::size_t most_steps) {
  std::vector<LaneSearch*> active;
  std::vector<std::size_t> columns;
  for (LaneSearch& search : searches) {
    if (!search.iteration.active()) continue;
    active.push_back(&search);
    columns.push_back(search.column);
  }
  if (active.empty()) return 0;
  DenseMatrix x(active.size(), objective.controls().per_column());
  for (std::size_t run = 0; run < active.size(); ++run) x.row(run) = active[run]->iteration.trial();
  const Evaluation found = objective.evaluate(columns, x, most_steps);
  for (std::size_t run = 0; run < active.size(); ++run) {
    DenseVector gradient = found.gradient.row(run);
    DenseMatrix block = found.gauss_newton[run];
    if (active[run]->held) hold(Eigen::Index(*active[run]->held), gradient, block);
    active[run]->iteration.tell(found.failed[run], found.cost[run], gradient, block, tolerances);
  }
  return active.size();
}

void run_searches(Objective& objective, std::vector<LaneSearch>& searches,
                  const LevenbergMarquardt::Tolerances& tolerances, std::size_t most_steps) {
  while (advance_searches(objective, searches, tolerances, most_steps) > 0) {
  }
}

} // namespace glebe
