// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/stages.hpp"

#include "glebe/config/stages.hpp"
#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/problem/objective.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace glebe {

namespace {

// The problem of a stage: with some of the controls, the others being given.
ParameterValues with_controls(const ParameterValues& all, const std::vector<std::size_t>& some) {
  ParameterValues values = all;
  values.controls.clear();
  for (const std::size_t k : some) values.controls.push_back(all.controls[k]);
  return values;
}

// The mean over the columns of all ranks.
double mean_over_columns(const Ranks& ranks, const DenseVector& of_columns) {
  const double count = ranks.sum(static_cast<double>(of_columns.size()));
  return ranks.sum(of_columns.sum()) / count;
}

Minimisation search_stage(const Case& inputs, const ColumnProblem& problem,
                          const std::vector<std::size_t>& some, Checkpoint& checkpoint,
                          DenseMatrix& x_of_columns) {
  const Controls controls(inputs.ranks, with_controls(inputs.parameters, some));
  const PriorCoupling coupling(inputs.ranks, inputs.columns, controls, inputs.geometry());
  Objective objective(inputs.ranks, problem, controls, coupling);
  const DenseMatrix start = x_of_columns(Eigen::all, some);
  const MultiStart one_start{1, static_cast<std::uint64_t>(inputs.settings.run.seed),
                             static_cast<double>(inputs.time.n_step)};
  Minimisation minimum =
      minimise(objective, controls.from_columns(start), inputs.settings.optimizer, one_start,
               inputs.log, {.near = {}, .checkpoint = &checkpoint, .hook = {}});
  const DenseMatrix found = controls.of_columns(minimum.x.handle());
  for (std::size_t i = 0; i < some.size(); ++i)
    x_of_columns.col(Eigen::Index(some[i])) = found.col(Eigen::Index(i));
  return minimum;
}

StageRecord record_at(const Controls& controls, const Minimisation& minimum,
                      const DenseMatrix& x_of_columns) {
  StageRecord record{minimum.cost_final, minimum.iterations, x_of_columns};
  for (std::size_t k = 0; k < controls.per_column(); ++k)
    for (std::size_t c = 0; c < controls.n_column(); ++c)
      record.estimate(c, k) = controls.in_unit(k, x_of_columns(c, k));
  return record;
}

} // namespace

std::vector<std::size_t> StagePlan::estimated(std::size_t stage) const {
  std::vector<std::size_t> some;
  for (std::size_t k = 0; k < of_control.size(); ++k)
    if (of_control[k] <= stage) some.push_back(k);
  return some;
}

std::vector<std::size_t> StagePlan::freed(std::size_t stage) const {
  std::vector<std::size_t> some;
  for (std::size_t k = 0; k < of_control.size(); ++k)
    if (of_control[k] == stage) some.push_back(k);
  return some;
}

StagePlan plan_stages(const Settings& settings, const Controls& controls) {
  StagePlan plan;
  for (const Control& control : controls.all())
    plan.of_control.push_back(stage_of(control.slot, settings));
  for (const std::size_t stage : plan.of_control) plan.n_stage = std::max(plan.n_stage, stage + 1);
  return plan;
}

std::string freed_in_words(const Case& inputs, const Controls& controls, const StagePlan& plan,
                           std::size_t stage) {
  std::vector<std::string> names;
  for (const std::size_t k : plan.freed(stage)) {
    const std::string name = control_name(controls[k], inputs.soil);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

StagedStart search_in_stages(const Case& inputs, const ColumnProblem& problem,
                             const Controls& controls, Vector start, Checkpoint& checkpoint) {
  const StagePlan plan = plan_stages(inputs.settings, controls);
  if (!plan.is_staged()) return {std::move(start), {}, {}};
  StagedStart found;
  DenseMatrix x_of_columns = controls.of_columns(start.handle());
  for (std::size_t stage = 0; stage + 1 < plan.n_stage; ++stage) {
    inputs.log.info("stage {} of {}: {}", stage + 1, plan.n_stage,
                    freed_in_words(inputs, controls, plan, stage));
    const Minimisation minimum =
        search_stage(inputs, problem, plan.estimated(stage), checkpoint, x_of_columns);
    if (!minimum.converged)
      inputs.log.warning("stage {} did not converge ({}); the next starts from where it ended",
                         stage + 1, minimum.reason);
    if (stage == 0) found.first_cost = minimum.columns.first_cost;
    found.stages.push_back(record_at(controls, minimum, x_of_columns));
    log_stage(inputs, controls, found.stages.back(), stage, plan.n_stage);
  }
  inputs.log.info("stage {} of {}: {}", plan.n_stage, plan.n_stage,
                  freed_in_words(inputs, controls, plan, plan.n_stage - 1));
  found.x = controls.from_columns(x_of_columns);
  return found;
}

StageRecord record_of(const Controls& controls, const Minimisation& minimum) {
  return record_at(controls, minimum, controls.of_columns(minimum.x.handle()));
}

void log_stage(const Case& inputs, const Controls& controls, const StageRecord& record,
               std::size_t stage, std::size_t n_stage) {
  constexpr std::size_t most_shown = 12;
  std::vector<std::string> values;
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    const double mean = mean_over_columns(inputs.ranks, record.estimate.col(Eigen::Index(k)));
    if (k < most_shown)
      values.push_back(
          fmt::format("{} = {:.6g}", control_name(controls, k, inputs.soil, inputs.time), mean));
  }
  if (controls.per_column() > most_shown) values.emplace_back("...");
  inputs.log.info("after stage {} of {}: {} iteration{}, cost {:.8g}{}: {}", stage + 1, n_stage,
                  record.iterations, record.iterations == 1 ? "" : "s", record.cost,
                  inputs.columns.n_active() > 1 ? ", means over columns" : "",
                  fmt::join(values, ", "));
}

} // namespace glebe
