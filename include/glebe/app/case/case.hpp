// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/memory_budget.hpp"
#include "glebe/data/output_file.hpp"
#include "glebe/data/parameter_values.hpp"
#include "glebe/grid/cell_geometry.hpp"
#include "glebe/simulation/column_problem.hpp"

#include <optional>

namespace glebe {

/// A run's inputs, read and checked: what all modes have in common. It must stay where it is,
/// because problems refer to its members.
struct Case {
  const Ranks& ranks;
  const Log& log;
  const Settings settings;
  MemoryBudget memory; ///< where further needs are stated
  const ModelTime time;
  const SoilGrid soil;
  const GridSource grid_source;
  const Columns columns;
  const std::vector<std::size_t> row_cells; ///< that `&posterior rows` names
  const ParameterValues parameters;
  const Forcing forcing;
  /// Of the namelist's files, in modes that compare with them.
  const Observations observations;

  /// What the columns run on, compared with `observations`.
  ColumnProblem problem() const { return problem_with(observations); }
  /// The same, compared with others.
  ColumnProblem problem_with(const Observations& others) const;
  /// Where the cells lie and touch, if a prior needs it. Collective. Throws InputError.
  std::optional<CellGeometry> geometry() const;
};

/// Reads and checks all inputs of a run. Collective. Throws InputError.
Case read_case(const Ranks& ranks, const Log& log, Settings settings);

/// Reads the namelist on the root rank and checks it on all. Collective. Throws InputError.
Settings read_settings_on_all_ranks(const Ranks& ranks, const std::filesystem::path& file);

} // namespace glebe
