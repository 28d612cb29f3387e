// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/files.hpp"
#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/memory_budget.hpp"
#include "glebe/data/output_file.hpp"
#include "glebe/data/parameter_values.hpp"
#include "glebe/grid/cell_geometry.hpp"
#include "glebe/simulation/column_problem.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// The inputs of a run, read and checked, in all modes. The object must not be moved, because
/// problems refer to its members.
struct Case {
  const Ranks& ranks;
  const Log& log;
  const Settings settings;
  MemoryBudget memory; ///< for further claims of memory
  const ModelTime time;
  const SoilGrid soil;
  const GridSource grid_source;
  /// The file of the grid, kept open: an output can carry over its coordinates even if the file is
  /// removed while the run computes.
  const std::optional<NetcdfFile> grid_file;
  const Columns columns;
  const std::vector<std::size_t> row_cells; ///< the cells of `&posterior rows`
  const ParameterValues parameters;
  const Forcing forcing;
  /// From the files of the namelist, in modes that compare with them; otherwise empty. The memory
  /// of errors that is to be found is zero until find_memory().
  Observations observations;
  const std::vector<std::string> warnings; ///< of inputs that cannot be right
  /// What stood at the outputs when the run began; known to the root.
  const std::map<std::filesystem::path, std::optional<FileState>> earlier_outputs;

  /// The model with these inputs, compared with `observations`.
  ColumnProblem problem() const { return problem_with(observations); }
  /// The same model compared with other observations.
  ColumnProblem problem_with(const Observations& others) const;
  /// An output on the grid of the run. Collective. Throws InputError.
  OutputFile output(const std::filesystem::path& path, Storage storage = Storage::file) const;
  /// The geometry of the cells, if a prior needs it. Collective. Throws InputError.
  std::optional<CellGeometry> geometry() const;
};

/// Reads and checks all inputs of a run. Collective. Throws InputError.
Case read_case(const Ranks& ranks, const Log& log, Settings settings);

/// Reads and checks the inputs of a part of the window of `whole`, for its columns on the same
/// ranks; `settings` are those of the part, and `claimed` is the memory in use [byte], which counts
/// towards memory_limit. Collective. Throws InputError.
Case read_part(const Case& whole, const Log& log, Settings settings, double claimed);

/// Reads the namelist on the root rank and checks it on all. `overrides` as for parse_settings().
/// Collective. Throws InputError.
Settings read_settings_on_all_ranks(const Ranks& ranks, const std::filesystem::path& file,
                                    const std::vector<std::string>& overrides);

} // namespace glebe
