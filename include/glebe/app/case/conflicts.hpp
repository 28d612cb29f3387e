// SPDX-License-Identifier: BSD-3-Clause
// Where an estimate, the model and the measurements contradict each other, and what the residuals
// show of the causes.
#pragma once

#include "glebe/app/case/closure.hpp"
#include "glebe/estimation/uncertainty/solved_point.hpp"
#include "glebe/estimation/verdict/conflicts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

struct Conflicts {
  Table<ResidualShape> shape;             ///< [column][stream], of columns with data
  std::vector<StreamMisfit> misfits;      ///< of the streams with values, the same on all ranks
  std::vector<ColumnEstimates> estimates; ///< [column]; empty for columns without data
  std::optional<Closure> closure;
  std::vector<std::string> lines; ///< one for each conflict, the same on all ranks
};

/// The shapes of the residuals at a solved point, and the estimates beside what was measured, by
/// two runs of every column with data: at the estimate, and with a slightly stronger exchange with
/// the air. Without the lines. Collective.
Conflicts look_for_conflicts(const Case& inputs, const SolvedPoint& solved);

/// Adds the lines. Collective.
void name_conflicts(const Case& inputs, const SolvedPoint& solved, const VerdictContext& context,
                    Conflicts& conflicts);

} // namespace glebe
