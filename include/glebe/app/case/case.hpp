// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/output_file.hpp"
#include "glebe/data/parameter_values.hpp"
#include "glebe/grid/cell_geometry.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <optional>

namespace glebe {

/// A run's inputs, read and checked: what all modes have in common. Construction is collective and
/// throws InputError.
class Case {
public:
  Case(const Ranks& ranks, const Log& log, Settings settings);
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  /// What the columns run on, compared with `observations`.
  ColumnProblem problem(const Observations& observations) const;
  /// The observations of the namelist's files. Collective.
  Observations read_observations() const;
  /// Where the cells lie and touch, if a prior needs it. Collective. Throws InputError.
  std::optional<CellGeometry> geometry() const;
  /// Where further needs of memory are stated.
  MemoryBudget& memory() const { return memory_; }

  const Ranks& ranks;
  const Log& log;
  const Settings settings;

private:
  mutable MemoryBudget memory_;
  std::optional<FileSeries> forcing_files_;

public:
  const ModelTime time;
  SoilGrid soil;
  const GridSource grid_source;
  const Columns columns;
  const std::vector<std::size_t> row_cells; ///< that `&posterior rows` names
  const ParameterValues parameters;
  const Forcing forcing;
};

/// A case, with its reading counted to the read stage. Collective. Throws InputError.
Case read_case(const Ranks& ranks, const Log& log, Settings settings);

/// Reads the namelist on the root rank and checks it on all. Collective. Throws InputError.
Settings read_settings_together(const Ranks& ranks, const std::filesystem::path& file);

} // namespace glebe
