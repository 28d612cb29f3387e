// SPDX-License-Identifier: BSD-3-Clause
// Mode estimate: the parameters that fit the observations best, their uncertainties, and the fit of
// the model.
#include "glebe/app/case/analysis.hpp"
#include "glebe/app/case/found_memory.hpp"
#include "glebe/app/case/memory.hpp"
#include "glebe/app/case/problem_lines.hpp"
#include "glebe/app/case/stages.hpp"
#include "glebe/app/log/analysis_log.hpp"
#include "glebe/app/log/closure_log.hpp"
#include "glebe/app/log/conflict_log.hpp"
#include "glebe/app/log/estimate_table.hpp"
#include "glebe/app/log/fit_table.hpp"
#include "glebe/app/log/follower_log.hpp"
#include "glebe/app/log/split_log.hpp"
#include "glebe/app/log/withheld_log.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/app/modes/search.hpp"
#include "glebe/app/output/complete_output.hpp"
#include "glebe/app/output/estimate_output.hpp"
#include "glebe/app/output/output_trial.hpp"
#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/files.hpp"
#include "glebe/base/interruption.hpp"
#include "glebe/estimation/search/checkpoint.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <algorithm>
#include <optional>

namespace glebe {

static void log_outcome(const Case& inputs, const Objective& objective,
                        const Minimisation& minimum);
static std::optional<Failure> add_parts(const Case& inputs, const Controls& controls,
                                        Checkpoint& checkpoint, Analysis& analysis);
static std::filesystem::path keep_aside(const Case& inputs, Checkpoint& checkpoint);

void run_estimate(const Ranks& ranks, const Log& log, Settings settings) {
  note_interruptions();
  Case inputs = read_case(ranks, log, std::move(settings));
  check_parts(inputs);
  try_outputs(inputs);
  ColumnProblem problem = inputs.problem();
  ProgressBar progress(ranks.is_root());
  problem.progress = &progress;
  const Controls controls(ranks, inputs.parameters);
  const PriorCoupling coupling(ranks, inputs.columns, controls, inputs.geometry());
  Objective objective(ranks, problem, controls, coupling);

  const CheckpointSettings& kept = inputs.settings.checkpoint;
  Checkpoint checkpoint(ranks, log, kept,
                        kept.file.empty() ? ProblemLines{} : problem_lines(inputs),
                        share_of(inputs.columns));
  checkpoint.pass("before the search began");

  const auto [minimum, stages] = search(inputs, objective, checkpoint);
  log_outcome(inputs, objective, minimum);
  Analysis analysis = analyse(inputs, objective, minimum, checkpoint);

  log_estimate(inputs, analysis);
  log_followers(inputs, analysis);
  log_stream_fits(ranks, log, inputs.observations.streams, analysis.solved.point.columns);
  log_judged_streams(inputs, analysis.withheld);
  if (analysis.conflicts.closure) log_closure(log, *analysis.conflicts.closure);
  log_analysis(inputs, analysis);
  log_conflicts(log, analysis.conflicts);
  const std::optional<Failure> failed = add_parts(inputs, controls, checkpoint, analysis);
  write_estimate(inputs, minimum, analysis, stages, [&] { return keep_aside(inputs, checkpoint); });
  log_memory(inputs);
  if (failed)
    throw RunError(fmt::format("the parts of the window could not be estimated, the result is that "
                               "of the whole: {}",
                               failed->messages.front()));
}

// The estimate of the whole window is not lost with those of its parts, which read the inputs anew.
static std::optional<Failure> add_parts(const Case& inputs, const Controls& controls,
                                        Checkpoint& checkpoint, Analysis& analysis) {
  if (inputs.settings.split.parts == 1) return std::nullopt;
  try {
    analysis.split = estimate_parts(inputs, checkpoint);
    log_split(inputs, controls, *analysis.split);
    return std::nullopt;
  } catch (const Interrupted&) {
    throw;
  } catch (...) {
    if (!all_ranks_arrive()) throw;
    return current_failure();
  }
}

// A checkpoint of all that was done, where the settings name none: its path. Collective.
static std::filesystem::path keep_aside(const Case& inputs, Checkpoint& checkpoint) {
  if (checkpoint.is_written()) return {};
  const ProblemLines lines = problem_lines(inputs);
  std::vector<std::filesystem::path> folders = other_folders();
  // A restart takes a path from the folder of its namelist.
  std::error_code failed;
  std::filesystem::path of_output =
      std::filesystem::absolute(folder_of(inputs.settings.run.output), failed);
  if (!failed) folders.insert(folders.begin(), std::move(of_output));
  return make_elsewhere(inputs.ranks, folders, "checkpoint.h5",
                        [&](const std::filesystem::path& place) {
                          return checkpoint.write_to(place, lines).empty();
                        });
}

// ---- The search ---------------------------------------------------------------------------------

// From the first guess in all stages.
static Search search_once(const Case& inputs, Objective& objective, const MultiStart& starts,
                          Checkpoint& checkpoint) {
  const Controls& controls = objective.controls();
  StagedStart start =
      search_in_stages(inputs, objective.problem(), controls, controls.initial_x(), checkpoint);
  Search found{minimise(objective, std::move(start.x), inputs.settings.optimizer, starts,
                        inputs.log, {.near = {}, .checkpoint = &checkpoint, .hook = {}}),
               std::move(start.stages)};
  if (found.stages.empty()) return found;
  // The first guess is the start of the first stage.
  for (const std::size_t c : objective.columns_with_data())
    found.minimum.columns.first_cost[c] = start.first_cost[c];
  found.stages.push_back(record_of(controls, found.minimum));
  log_stage(inputs, controls, found.stages.back(), found.stages.size() - 1, found.stages.size());
  return found;
}

Search search(Case& inputs, Objective& objective, Checkpoint& checkpoint) {
  const Controls& controls = objective.controls();
  claim_estimate(inputs, controls, objective.coupling());
  const OptimizerSettings& given = inputs.settings.optimizer;
  MultiStart starts{given.starts, static_cast<std::uint64_t>(inputs.settings.run.seed),
                    static_cast<double>(inputs.time.n_step)};
  // What is asked of several starts is what they find over the whole window.
  if (given.starts == 1 && inputs.settings.stages.free.empty())
    starts.early_part = given.early_part;
  Search found = search_once(inputs, objective, starts, checkpoint);
  if (!wants_memory(inputs) || !find_memory(inputs, objective, found.minimum.x.handle()))
    return found;
  // From the same start, in all stages again, so that the result is that of a namelist with the
  // memory found.
  inputs.log.info("fitted again with errors of this memory:");
  return search_once(inputs, objective, starts, checkpoint);
}

// ---- How it ended -------------------------------------------------------------------------------

// For several starts: how many converged, and whether they found the same minimum.
static void log_starts(const Case& inputs, const Objective& objective,
                       const ColumnOutcome& outcome) {
  const int n_start = inputs.settings.optimizer.starts;
  if (n_start == 1) return;
  std::int64_t columns = 0, converged = 0, several = 0;
  double spread = 0.0;
  for (const std::size_t c : objective.columns_with_data()) {
    ++columns;
    converged += outcome.starts_converged[c];
    several += outcome.distinct_minima[c] > 1;
    spread = std::max(spread, outcome.cost_spread[c]);
  }
  const Ranks& ranks = inputs.ranks;
  inputs.log.info(
      "starts: {} of {} converged; several minima in {} of {} columns, costs within {:.3g}",
      ranks.sum(converged), ranks.sum(columns) * n_start, ranks.sum(several), ranks.sum(columns),
      ranks.max(spread));
}

// Columns with observations that are left out, because their model failed where the search began.
static std::int64_t count_failed(const Ranks& ranks, const Objective& objective) {
  std::int64_t failed = 0;
  for (std::size_t c = 0; c < objective.observed().size(); ++c)
    failed += objective.observed()[c] && objective.left_out()[c];
  return ranks.sum(failed);
}

static void log_columns_left_out(const Case& inputs, const Objective& objective) {
  const auto n_with_data = static_cast<std::int64_t>(objective.columns_with_data().size());
  const auto n_active = static_cast<std::int64_t>(inputs.columns.n_active());
  const std::int64_t n_left_out = n_active - inputs.ranks.sum(n_with_data);
  if (n_left_out == n_active)
    throw RunError(
        "no column could be estimated: no column has both observations and a solution of "
        "the surface energy balance at the first guess");
  const std::int64_t n_failed = count_failed(inputs.ranks, objective);
  const std::string failed =
      n_failed == 0 ? ""
                    : fmt::format(": in {} of them the model failed at the first guess", n_failed);
  const std::string others = objective.separable()
                                 ? "left out"
                                 : "have no data to give; their values are inferred from other "
                                   "columns";
  if (n_left_out == 0) return;
  const std::string text =
      fmt::format("{} of the columns {}{}; see the variable status", n_left_out, others, failed);
  if (objective.separable() || n_failed > 0)
    inputs.log.warning("{}", text);
  else
    inputs.log.info("{}", text);
}

static void log_outcome(const Case& inputs, const Objective& objective,
                        const Minimisation& minimum) {
  double cost_initial = 0.0;
  for (const std::size_t c : objective.columns_with_data())
    cost_initial += minimum.columns.first_cost[c];
  const Ranks& ranks = inputs.ranks;
  const std::int64_t n_early = ranks.sum(objective.n_early());
  inputs.log.info(
      "{} after {} iterations: cost {:.8g} from {:.8g}; {} runs of a column without and {} with "
      "derivatives{} in {:.2f} s",
      minimum.reason, minimum.iterations, minimum.cost_final, ranks.sum(cost_initial),
      ranks.sum(objective.n_forward()), ranks.sum(objective.n_tangent()),
      n_early > 0 ? fmt::format(", {} over the first part of the window", n_early) : "",
      minimum.seconds);
  log_starts(inputs, objective, minimum.columns);
  if (!minimum.converged)
    inputs.log.warning("the optimiser did not converge; see max_iterations and gradient_tolerance");
  log_columns_left_out(inputs, objective);
}

} // namespace glebe
