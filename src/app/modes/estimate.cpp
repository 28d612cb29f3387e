// SPDX-License-Identifier: BSD-3-Clause
// Mode estimate: the parameters that fit the observations best, how well they are known, and how
// well the model then fits.
#include "glebe/app/case/analysis.hpp"
#include "glebe/app/case/case.hpp"
#include "glebe/app/log/fit_table.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/app/output/estimate_output.hpp"
#include "glebe/base/error.hpp"
#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/search/checkpoint.hpp"
#include "glebe/estimation/search/optimise.hpp"

namespace glebe {

namespace {

// What a checkpoint must have in common with the run that restarts from it.
std::string signature(const Case& inputs, const Controls& controls) {
  std::string text = fmt::format("{} column(s):", inputs.columns.n_active());
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    const Control& control = controls.controls()[k];
    text += fmt::format(" {} {:g} to {:g}", control_name(controls, k, inputs.soil, inputs.time),
                        control.lower, control.upper);
  }
  return text;
}

Vector starting_point(const Case& inputs, const Objective& objective) {
  const CheckpointSettings& checkpoint = inputs.settings.checkpoint;
  Vector x = objective.controls().initial_x();
  if (checkpoint.restart) {
    const int iteration = read_checkpoint(inputs.ranks, checkpoint.file, x.handle(),
                                          signature(inputs, objective.controls()));
    inputs.log.info("restart from iteration {} of {}", iteration, checkpoint.file.string());
  }
  return x;
}

MultiStart starts(const Case& inputs) {
  return {inputs.settings.optimizer.starts, static_cast<std::uint64_t>(inputs.settings.run.seed),
          inputs.columns.first(), static_cast<double>(inputs.time.n_step)};
}

IterationHook checkpoint_writer(const Case& inputs, const Controls& controls) {
  const CheckpointSettings& checkpoint = inputs.settings.checkpoint;
  if (checkpoint.file.empty()) return {};
  return [&inputs, &checkpoint, problem = signature(inputs, controls)](int iteration, Vec x) {
    if (iteration > 0 && iteration % checkpoint.interval == 0)
      write_checkpoint(inputs.ranks, checkpoint.file, x, iteration, problem);
  };
}

// A search keeps two points, a gradient and a block; fits and blocks of all are held once more.
void claim_searches(const Case& inputs, const Controls& controls) {
  const double m = static_cast<double>(controls.per_column());
  const double searches =
      static_cast<double>(controls.n_column()) * inputs.settings.optimizer.starts;
  inputs.memory().claim("the searches", searches * (2.0 * m * m + 8.0 * m + 30.0) * sizeof(double));
}

// With several starts: how many converged, and whether they agree.
void log_starts(const Case& inputs, const Objective& objective, const Minimisation& minimum) {
  const int n_start = inputs.settings.optimizer.starts;
  if (n_start == 1) return;
  std::int64_t columns = 0, converged = 0, several = 0;
  double spread = 0.0;
  for (std::size_t c = 0; c < objective.left_out().size(); ++c) {
    if (objective.left_out()[c]) continue;
    ++columns;
    converged += minimum.columns.starts_converged[c];
    several += minimum.columns.distinct_minima[c] > 1;
    spread = std::max(spread, minimum.columns.cost_spread[c]);
  }
  const Ranks& ranks = inputs.ranks;
  inputs.log.info(
      "starts: {} of {} converged; several minima in {} of {} columns, costs within {:.3g}",
      ranks.sum(converged), ranks.sum(columns) * n_start, ranks.sum(several), ranks.sum(columns),
      ranks.max(spread));
}

void log_outcome(const Case& inputs, const Objective& objective, const Minimisation& minimum) {
  const Log& log = inputs.log;
  double cost_initial = 0.0;
  for (std::size_t c = 0; c < objective.left_out().size(); ++c)
    if (!objective.left_out()[c]) cost_initial += objective.initial_cost()[c];
  log.info(
      "{} after {} iterations: cost {:.8g} from {:.8g}; {} runs of a column without and {} with "
      "derivatives in {:.2f} s",
      minimum.reason, minimum.iterations, minimum.cost_final, inputs.ranks.sum(cost_initial),
      inputs.ranks.sum(objective.n_forward()), inputs.ranks.sum(objective.n_tangent()),
      minimum.seconds);
  log_starts(inputs, objective, minimum);
  if (!minimum.converged)
    log.warning("the optimiser did not converge; see max_iterations and gradient_tolerance");
  std::int64_t n_left_out = 0;
  for (const char left_out : objective.left_out()) n_left_out += left_out;
  n_left_out = inputs.ranks.sum(n_left_out);
  if (n_left_out == static_cast<std::int64_t>(inputs.columns.n_active()))
    throw RunError("no column could be estimated: none has observations and a solution of the "
                   "surface energy balance at the first guess");
  if (n_left_out > 0 && objective.separable())
    log.warning("{} of the columns left out; see the variable status", n_left_out);
  if (n_left_out > 0 && !objective.separable())
    log.info(
        "{} of the columns have no data of their own: what is known there is inferred from the "
        "others; see the variable status",
        n_left_out);
}

} // namespace

void run_estimate(const Ranks& ranks, const Log& log, Settings settings) {
  const Case inputs = read_case(ranks, log, std::move(settings));
  const Observations observations = inputs.read_observations();
  ColumnProblem problem = inputs.problem(observations);
  ProgressBar progress(ranks.is_root());
  problem.progress = &progress;
  const Controls controls(ranks, inputs.parameters);
  const Coupling coupling(ranks, inputs.columns, controls, inputs.geometry());
  claim_searches(inputs, controls);
  Objective objective(ranks, problem, controls, coupling);

  const Minimisation minimum =
      minimise(objective, starting_point(inputs, objective), inputs.settings.optimizer,
               starts(inputs), log, checkpoint_writer(inputs, controls));
  log_outcome(inputs, objective, minimum);

  const Analysis analysis = analyse(inputs, problem, objective, minimum);
  const std::vector<double> estimate = controls.values(controls.of_columns(minimum.x.handle()));
  log_estimate(ranks, log, objective, inputs.soil, inputs.time, estimate, analysis.posterior,
               analysis.verdict);
  const Fit& fit = objective.fit_at(minimum.x.handle());
  log_stream_fits(ranks, log, observations.streams, fit);
  log_analysis(inputs, problem, objective, minimum, analysis);
  write_estimate(inputs, problem, objective, minimum, estimate, analysis, fit);
}

} // namespace glebe
