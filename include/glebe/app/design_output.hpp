// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case.hpp"
#include "glebe/estimation/design.hpp"

namespace glebe {

/// The designs of a run and what they predict, with the median of the criterion over all columns
/// and the ranks by it [design], the same on all ranks of the run.
struct RankedDesigns {
  DesignList list;
  Predictions predictions;
  RankingRule rule;
  std::vector<double> criterion;
  std::vector<std::size_t> rank;

  bool more_is_better() const { return rule.criterion == Criterion::degrees_of_freedom; }
};

/// Logs the table of designs, the best first. Collective.
void log_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs);

/// Writes the result file of a design run. Collective. Throws InputError or RunError.
void write_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs);

} // namespace glebe
