// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/modes/plan.hpp"

#include "glebe/app/case/memory.hpp"
#include "glebe/app/case/problem_lines.hpp"
#include "glebe/app/case/stages.hpp"
#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/search/checkpoint.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace glebe {

namespace {

// The time of one evaluation with derivatives of all columns of the rank that needs longest [s]:
// that of one block of columns, of which there are so many.
double time_of_evaluation(const Case& inputs, Objective& objective, const Controls& controls) {
  using Clock = std::chrono::steady_clock;
  double seconds = 0.0;
  agree_on_failure(inputs.ranks, [&] {
    const std::size_t n = std::min(lane_width(), inputs.columns.n_local());
    if (n == 0) return;
    std::vector<std::size_t> columns(n);
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    const DenseMatrix x = controls.first_guess_of_columns().topRows(Eigen::Index(n));
    const auto start = Clock::now();
    static_cast<void>(objective.evaluate(columns, x));
    const std::chrono::duration<double> passed = Clock::now() - start;
    seconds = passed.count() * static_cast<double>(inputs.columns.n_block(lane_width()));
  });
  return inputs.ranks.max(seconds);
}

void log_restart(const Case& inputs) {
  const CheckpointSettings& kept = inputs.settings.checkpoint;
  if (kept.restart == Restart::never) return;
  const Checkpoint checkpoint(inputs.ranks, inputs.log, kept, problem_lines(inputs),
                              share_of(inputs.columns));
  if (const std::string place = checkpoint.place(); !place.empty())
    inputs.log.info("would go on from {} of the checkpoint {}", place, kept.file.string());
}

void log_estimate_plan(Case& inputs) {
  const Controls controls(inputs.ranks, inputs.parameters);
  const PriorCoupling coupling(inputs.ranks, inputs.columns, controls, inputs.geometry());
  ColumnProblem problem = inputs.problem();
  Objective objective(inputs.ranks, problem, controls, coupling);
  claim_estimate(inputs, controls, coupling);
  std::int64_t observed = 0;
  for (const char one : objective.observed()) observed += one;
  inputs.log.info(
      "would estimate: {} values in each of {} columns with observations, by {} start{}",
      controls.per_column(), inputs.ranks.sum(observed), inputs.settings.optimizer.starts,
      inputs.settings.optimizer.starts == 1 ? "" : "s");
  const StagePlan stages = plan_stages(inputs.settings, controls);
  for (std::size_t stage = 0; stages.is_staged() && stage < stages.n_stage; ++stage)
    inputs.log.info("stage {} of {}: {}", stage + 1, stages.n_stage,
                    freed_in_words(inputs, controls, stages, stage));
  if (inputs.settings.split.parts > 1)
    inputs.log.info("then the same from each of {} parts of the window, whose inputs take the "
                    "memory of data a second time",
                    inputs.settings.split.parts);
  inputs.log.info("one evaluation of all columns with derivatives takes about {:.2g} s; a fit "
                  "usually takes 5 to 20, the analysis after it a few more",
                  time_of_evaluation(inputs, objective, controls));
  log_restart(inputs);
}

} // namespace

void log_plan(Case& inputs) {
  inputs.log.info("would run: mode '{}', {} column{} over {} steps",
                  name_of(inputs.settings.run.mode, mode_names), inputs.columns.n_active(),
                  inputs.columns.n_active() == 1 ? "" : "s", inputs.time.n_step);
  if (inputs.settings.run.mode == Mode::estimate) log_estimate_plan(inputs);
  inputs.log.info("memory: {:.3g} MB per rank for data and searches",
                  inputs.memory.claimed() / 1e6);
}

} // namespace glebe
