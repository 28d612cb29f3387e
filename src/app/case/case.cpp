// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/case.hpp"

#include "glebe/app/case/provenance.hpp"
#include "glebe/base/collect.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/config/forms.hpp"
#include "glebe/config/input_sources.hpp"
#include "glebe/config/namelist.hpp"
#include "glebe/config/output_paths.hpp"
#include "glebe/config/parameter_use.hpp"
#include "glebe/config/read_settings.hpp"
#include "glebe/data/cell_coordinates.hpp"
#include "glebe/data/column_positions.hpp"
#include "glebe/data/destination.hpp"
#include "glebe/data/input_checks.hpp"
#include "glebe/data/input_files.hpp"
#include "glebe/data/named_files.hpp"
#include "glebe/data/observation_exchange.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace glebe {

namespace {

// A date of the namelist in the calendar of the forcing. Throws InputError.
DateTime in_calendar(Calendar calendar, const DateTime& date, const std::string& where) {
  return with_location(where, [&] { return normalised(calendar, date); });
}

using EarlierOutputs = std::map<std::filesystem::path, std::optional<FileState>>;

// What stands at the outputs. Throws InputError if one cannot be written, before anything is
// computed.
EarlierOutputs check_destinations(const Ranks& ranks, const Settings& settings) {
  EarlierOutputs earlier;
  agree_on_failure(ranks, [&] {
    if (!ranks.is_root()) return;
    Problems problems;
    for (const OutputPath& output : output_paths(settings)) {
      try {
        try_destination(output.path);
        earlier[output.path] = state_of(output.path);
      } catch (const InputError& error) {
        problems.add("{}: {}", output.group->where(output.key), error.what());
      }
    }
    problems.throw_if_any();
  });
  return earlier;
}

// What gives the run its calendar and perhaps its grid: files and one of their variables.
struct FileSource {
  std::vector<std::filesystem::path> files;
  std::string variable;
  std::vector<LevelChoice> levels = {}; ///< where the variable has their dimension
};

// The inputs that come from files: the forcing's, and those measured at the ends.
std::vector<FileSource> input_sources(const Settings& settings) {
  std::vector<FileSource> sources;
  for (const InputSource& source : sources_of(settings))
    sources.push_back({source.file, source.variable, source.levels});
  for (const BoundarySettings& boundary : settings.boundaries)
    sources.push_back({boundary.file, boundary.variable, parse_levels(boundary.level)});
  if (sources.empty() && settings.has_surface() && settings.forcing.source == ForcingSource::file)
    sources.push_back({settings.forcing.file, settings.forcing.variable[Input::shortwave]});
  return sources;
}

// The calendar of the first input; the standard one where nothing comes from files.
Calendar find_calendar(const Ranks& ranks, const Settings& settings, InputFiles& files) {
  const std::vector<FileSource> sources = input_sources(settings);
  if (sources.empty()) return Calendar::standard;
  const auto& [paths, variable, levels] = sources.front();
  const NetcdfFile first = NetcdfFile::open(ranks, paths.front());
  const Calendar calendar = time_calendar(first, time_variable_of(first, variable));
  static_cast<void>(in_calendar(calendar, settings.time.start, settings.time.where("start")));
  return files.series(paths, variable).calendar();
}

ModelTime make_time(const Settings& settings, Calendar calendar) {
  const TimeSettings& given = settings.time;
  ModelTime time;
  time.calendar = calendar;
  time.start = in_calendar(time.calendar, given.start, given.where("start"));
  const DateTime stop = in_calendar(time.calendar, given.stop, given.where("stop"));
  time.step = given.step;
  time.scheme = given.scheme;
  const double steps = seconds_between(time.calendar, time.start, stop) / given.step;
  // Steps are counted by 32 bits where there are many of them.
  constexpr double most = std::numeric_limits<std::int32_t>::max() - 1;
  if (steps > most)
    throw InputError(fmt::format("{} = {:g} s: the window of {:g} s has {:.3g} steps; {:g} at most "
                                 "are possible",
                                 given.where("step"), given.step, steps * given.step, steps, most));
  if (std::abs(steps - std::round(steps)) > 1e-6 || steps < 0.5)
    throw InputError(
        fmt::format("{} = {:g} s: the window of {:g} s must be a whole number of steps",
                    given.where("step"), given.step, steps * given.step));
  time.n_step = static_cast<std::size_t>(std::llround(steps));
  return time;
}

// The grid is that of the inputs, or of the first observation or parameter file with more than one
// cell: an input of one place drives all columns. Without files it is a single column.
struct Grid {
  GridSource source;
  std::optional<NetcdfFile> file;
  HorizontalGrid grid;
};
Grid find_grid(const Ranks& ranks, const Settings& settings) {
  std::vector<FileSource> sources = input_sources(settings);
  const bool observes = settings.run.mode != Mode::twin && settings.run.mode != Mode::design;
  for (const ObservationSettings& observation : settings.observations)
    if (!observation.file.empty() && (observes || sources.empty()))
      sources.push_back({observation.file, observation.variable, parse_levels(observation.level)});
  // A file of several places in the soil would have them for stations.
  const auto places = [&](const ParameterSettings& parameter) {
    const bool of_horizons = info(parameter.name).place == Place::horizon;
    return of_horizons && parameter.horizon.empty()
               ? settings.horizons.size()
               : std::max<std::size_t>(1, parameter.depth.size());
  };
  for (const ParameterSettings& parameter : settings.parameters)
    if (!parameter.file.empty() && (places(parameter) == 1 || sources.empty()))
      sources.push_back({{parameter.file}, parameter.variable, parse_levels(parameter.level)});
  std::optional<Grid> first;
  for (const auto& [files, variable, levels] : sources) {
    NetcdfFile file = NetcdfFile::open(ranks, files.front());
    // What is missing is told where it is read.
    if (first && !file.has_variable(variable)) continue;
    std::vector<LevelChoice> chosen = levels_in(file, variable, levels);
    if (const std::string versions = versions_in(file, variable, levels); !versions.empty())
      chosen.push_back({versions});
    HorizontalGrid grid = horizontal_grid(file, variable, chosen);
    for (const HorizontalDimension& dimension : grid.dimensions)
      if (dimension.length == 0)
        throw InputError(fmt::format("{}: its dimension '{}' has no length", file.where(variable),
                                     dimension.name));
    Grid found{{files.front(), variable}, std::move(file), std::move(grid)};
    if (found.grid.n_cell() > 1) return found;
    if (!first) first = std::move(found);
  }
  return first ? std::move(*first) : Grid{};
}

std::vector<bool> read_mask(const Ranks& ranks, const Log& log, const GridSettings& settings,
                            const HorizontalGrid& grid) {
  if (settings.mask_file.empty()) return {};
  const NetcdfFile file = NetcdfFile::open(ranks, settings.mask_file);
  std::vector<bool> active;
  for (const double value : read_whole_field(ranks, file, settings.mask_variable, grid, log)) {
    if (value < 0.0)
      throw InputError(
          fmt::format("{}: has the value {:g}; a mask is zero or missing where a column "
                      "is left out, and positive elsewhere",
                      file.where(settings.mask_variable), value));
    active.push_back(value > 0.0);
  }
  return active;
}

Columns make_columns(const Ranks& ranks, const Log& log, const Settings& settings,
                     const HorizontalGrid& grid) {
  Columns columns(ranks, grid, read_mask(ranks, log, settings.grid, grid));
  if (columns.n_active() == 0)
    throw InputError(
        fmt::format("{}: the mask leaves no column active", settings.grid.where("mask_variable")));
  log.info("columns: {} of {} cells on {} rank{}", columns.n_active(), grid.n_cell(), ranks.size(),
           ranks.size() == 1 ? "" : "s");
  return columns;
}

bool compares_with_files(const Settings& settings) {
  const auto& streams = settings.observations;
  switch (settings.run.mode) {
  case Mode::twin:
  case Mode::design:
    return false;
  case Mode::forward:
    return std::any_of(streams.begin(), streams.end(),
                       [](const ObservationSettings& stream) { return !stream.file.empty(); });
  default:
    return true;
  }
}

// Columns without observations are never run. The others are distributed evenly over the ranks, and
// the observations are moved to the new ranks of their columns.
void balance(const Ranks& ranks, const Settings& settings, Columns& columns,
             Observations& observations) {
  constexpr double nearly_none = 1e-3;
  if (settings.run.mode != Mode::estimate || ranks.size() == 1 ||
      columns.n_active() <= static_cast<std::size_t>(ranks.size()))
    return;
  std::vector<double> work;
  for (const char observed : columns_with_observations(observations, columns.n_local()))
    work.push_back(observed ? 1.0 : nearly_none);
  work = ranks.all_gather(work);
  if (std::find(work.begin(), work.end(), nearly_none) == work.end()) return;
  Columns balanced = columns.shared_out(ranks, work);
  observations = exchange_columns(ranks, std::move(observations), columns, balanced);
  columns = std::move(balanced);
}

// The cells of `&posterior rows`, which are given by their numbers along the dimensions.
std::vector<std::size_t> find_row_cells(const Ranks& ranks, const PosteriorSettings& posterior,
                                        const Columns& columns) {
  const std::vector<HorizontalDimension>& dimensions = columns.grid().dimensions;
  if (posterior.rows.empty()) return {};
  if (dimensions.empty() || posterior.rows.size() % dimensions.size() != 0)
    throw InputError(fmt::format("{}: {} numbers are given, but a cell of this grid needs {}",
                                 posterior.where("rows"), posterior.rows.size(),
                                 dimensions.size()));
  std::vector<std::size_t> cells;
  for (std::size_t first = 0; first < posterior.rows.size(); first += dimensions.size()) {
    std::size_t cell = 0;
    std::string label;
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
      const auto number = static_cast<std::size_t>(posterior.rows[first + d]);
      if (number >= dimensions[d].length)
        throw InputError(fmt::format("{}: {} = {} is not on the grid, whose numbers are 0 to {}",
                                     posterior.where("rows"), dimensions[d].name, number,
                                     dimensions[d].length - 1));
      cell = cell * dimensions[d].length + number;
      label += fmt::format("{}{} = {}", d > 0 ? ", " : "", dimensions[d].name, number);
    }
    if (columns.number_of(ranks, cell) < 0)
      throw InputError(fmt::format("{}: the cell {} is not a column of this run",
                                   posterior.where("rows"), label));
    cells.push_back(cell);
  }
  return cells;
}

void log_case(const Log& log, const Settings& settings, const ModelTime& time,
              const SoilGrid& soil) {
  log.info("window: {} to {}, {} steps of {:g} s, {}", time.text(0.0), time.text(time.length()),
           time.n_step, time.step, name_of(time.scheme, scheme_names));
  log.info("soil: {} nodes to {:g} m, {} horizon{}", soil.depths().size(), soil.depths().back(),
           soil.horizon_names().size(), soil.horizon_names().size() == 1 ? "" : "s");
  const std::string defaults = parameters_by_default(settings);
  if (!defaults.empty()) log.info("taken by default: {}", defaults);
}

// What is left of the limit [byte] where so much is claimed.
MemoryBudget memory_budget(const Ranks& ranks, const Log& log, const RunSettings& run,
                           double claimed) {
  std::optional<double> left;
  if (run.memory_limit) left = *run.memory_limit * 1e9 - claimed;
  return {ranks, log, left, run.where("memory_limit")};
}

// What is kept of each step for any number of columns, before any is read: its points in time, its
// part in each stream, and the values of those that a run without observations writes.
void claim_steps(const Settings& settings, const ModelTime& time, MemoryBudget& memory) {
  constexpr double of_point = sizeof(double) + 2 * sizeof(InputPoint), of_knot = 16.0;
  constexpr double of_stream = sizeof(TimeInterval) + sizeof(double) + sizeof(ObservationPiece);
  const double varying = static_cast<double>(std::ranges::count_if(
      settings.parameters, [](const auto& one) { return one.time != TimeBasis::constant; }));
  const double streams = static_cast<double>(settings.observations.size());
  memory.claim(fmt::format("the {} steps of &time step = {:g} s", time.n_step, time.step),
               static_cast<double>(time.n_point()) * of_point +
                   static_cast<double>(time.n_step) * (varying * of_knot + streams * of_stream));
}

// Of the columns of `whole` where it is given, otherwise of all on the grid.
Case read_inputs(const Ranks& ranks, const Log& log, Settings settings, MemoryBudget memory,
                 EarlierOutputs earlier_outputs, const Case* whole) {
  check_named_files(ranks, settings, compares_with_files(settings));
  InputFiles files(ranks, settings, log);
  const ModelTime time = make_time(settings, find_calendar(ranks, settings, files));
  claim_steps(settings, time, memory);
  SoilGrid soil(settings);
  auto [grid_source, grid_file, grid] =
      whole ? Grid{whole->grid_source, {}, whole->columns.grid()} : find_grid(ranks, settings);
  Columns columns = whole ? whole->columns : make_columns(ranks, log, settings, grid);
  const Reading reading{ranks, settings, time, columns, lane_width(), memory, log};
  Observations observations;
  std::vector<std::size_t> row_cells;
  std::optional<ParameterValues> parameters;
  std::optional<Forcing> forcing;
  Problems problems;
  collect(problems, [&] {
    if (!compares_with_files(settings)) return;
    observations = read_observations(reading, soil.view(), files);
    if (!whole) balance(ranks, settings, columns, observations);
  });
  collect(problems, [&] { row_cells = find_row_cells(ranks, settings.posterior, columns); });
  collect(problems,
          [&] { parameters = read_parameters(ranks, settings, time, soil, columns, log); });
  collect(problems, [&] { forcing = read_forcing(reading, files); });
  problems.throw_if_any();
  log_case(log, settings, time, soil);
  const std::vector<std::string> warnings =
      check_inputs(reading, *forcing, observations, read_positions(settings.site, columns));
  for (const std::string& warning : warnings) log.warning("{}", warning);
  return {ranks,
          log,
          std::move(settings),
          std::move(memory),
          time,
          std::move(soil),
          grid_source,
          std::move(grid_file),
          std::move(columns),
          std::move(row_cells),
          std::move(*parameters),
          std::move(*forcing),
          std::move(observations),
          warnings,
          std::move(earlier_outputs)};
}

} // namespace

Case read_case(const Ranks& ranks, const Log& log, Settings settings) {
  const TimedPart timer(Part::read);
  EarlierOutputs earlier = check_destinations(ranks, settings);
  MemoryBudget memory = memory_budget(ranks, log, settings.run, 0.0);
  return read_inputs(ranks, log, std::move(settings), std::move(memory), std::move(earlier),
                     nullptr);
}

Case read_part(const Case& whole, const Log& log, Settings settings, double claimed) {
  const TimedPart timer(Part::read);
  MemoryBudget memory = memory_budget(whole.ranks, log, settings.run, claimed);
  return read_inputs(whole.ranks, log, std::move(settings), std::move(memory), {}, &whole);
}

ColumnProblem Case::problem_with(const Observations& others) const {
  return {{time.scheme, settings.soil.bottom, settings.soil.initial, surface_form(settings),
           time.step, top_of(settings), settings.boundary_at(End::bottom) != nullptr,
           soil_form(settings)},
          {settings.soil.spinup_tolerance, settings.soil.spinup_max_cycles},
          soil,
          parameters.schedule,
          time,
          forcing,
          others};
}

OutputFile Case::output(const std::filesystem::path& path, Storage storage) const {
  OutputFile file(ranks, columns, path, grid_source, grid_file ? &*grid_file : nullptr, settings,
                  storage);
  describe_provenance(file, ranks, settings);
  return file;
}

std::optional<CellGeometry> Case::geometry() const {
  const auto& controls = parameters.controls;
  if (std::none_of(controls.begin(), controls.end(),
                   [](const Control& control) { return control.correlation_length > 0.0; }))
    return std::nullopt;
  return read_cell_geometry(ranks, grid_source, columns);
}

Settings read_settings_on_all_ranks(const Ranks& ranks, const std::filesystem::path& file,
                                    const std::vector<std::string>& overrides) {
  std::string text;
  agree_on_failure(ranks, [&] {
    if (ranks.is_root()) text = read_text(file);
  });
  text = ranks.broadcast_from_root(std::move(text));
  Settings settings;
  agree_on_failure(ranks, [&] { settings = parse_settings(std::move(text), file, overrides); });
  return settings;
}

} // namespace glebe
