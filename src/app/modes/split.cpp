// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/modes/search.hpp"
#include "glebe/base/progress.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <cmath>
#include <memory>
#include <numeric>

namespace glebe {

namespace {

// A part with its inputs, which must stay where they are, and what its estimate says.
struct FittedPart {
  std::unique_ptr<Case> inputs;
  DenseMatrix values;         ///< of the model with the estimate [column][n_value]
  std::vector<char> informed; ///< [column]: whether its data inform any value
  PartEstimate estimate;
};

PartEstimate estimate_of(const PartWindow& window, bool converged, const Analysis& analysis) {
  const Controls& controls = analysis.controls();
  PartEstimate found{window, converged, DenseMatrix(controls.n_column(), controls.per_column()),
                     analysis.reported_std(), analysis.verdict};
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < controls.per_column(); ++k)
      found.estimate(c, k) =
          analysis.objective().is_informed(c, k) ? analysis.solved.estimate(c, k) : std::nan("");
  return found;
}

// Of a part in which the model has no solution in any column.
PartEstimate no_estimate(const PartWindow& window, const Controls& controls) {
  const DenseMatrix missing =
      DenseMatrix::Constant(controls.n_column(), controls.per_column(), std::nan(""));
  return {window, false, missing, missing,
          Table<Verdict>(controls.n_column(), controls.per_column(), Verdict::not_estimated)};
}

// `claimed` is the memory in use [byte], to which that of the part is added.
FittedPart fit(const Case& whole, const PartWindow& window, const Log& log, Checkpoint& checkpoint,
               double& claimed) {
  FittedPart part;
  part.inputs.reset(new Case(read_part(whole, log, settings_of_part(whole, window), claimed)));
  Case& inputs = *part.inputs;
  ColumnProblem problem = inputs.problem();
  ProgressBar progress(inputs.ranks.is_root());
  problem.progress = &progress;
  const Controls controls(inputs.ranks, inputs.parameters);
  const PriorCoupling coupling(inputs.ranks, inputs.columns, controls, inputs.geometry());
  Objective objective(inputs.ranks, problem, controls, coupling);
  const Minimisation minimum = search(inputs, objective, checkpoint).minimum;
  claimed += inputs.memory.claimed();
  part.informed.assign(controls.n_column(), 0);
  part.values = controls.first_guess();
  part.estimate = no_estimate(window, controls);
  if (!inputs.ranks.any(!objective.columns_with_data().empty())) return part;
  const Analysis analysis = analyse(inputs, objective, minimum, checkpoint);
  part.values = analysis.solved.values();
  for (std::size_t c = 0; c < controls.n_column(); ++c) part.informed[c] = objective.is_informed(c);
  part.estimate = estimate_of(window, minimum.converged, analysis);
  return part;
}

// The values of a part's model with the parameters of another, but its own initial state.
DenseMatrix values_from(const FittedPart& part, const FittedPart& from) {
  DenseMatrix values = part.values;
  for (const Control& control : part.inputs->parameters.controls)
    if (is_compared(control))
      values.col(Eigen::Index(control.value)) = from.values.col(Eigen::Index(control.value));
  return values;
}

Evaluation predict(const FittedPart& part, const FittedPart& from) {
  Evaluation result;
  agree_on_failure(part.inputs->ranks, [&] {
    std::vector<std::size_t> columns(part.inputs->columns.n_local());
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    const ColumnProblem problem = part.inputs->problem();
    result = run_columns(problem, columns, values_from(part, from), {});
  });
  return result;
}

// [part * n + from]
std::vector<Evaluation> predictions(const std::vector<FittedPart>& parts) {
  std::vector<Evaluation> found;
  for (const FittedPart& part : parts)
    for (const FittedPart& from : parts) found.push_back(predict(part, from));
  return found;
}

PredictedStream judge_stream(const std::vector<FittedPart>& parts,
                             const std::vector<Evaluation>& predicted, std::size_t stream) {
  const std::size_t n = parts.size();
  std::vector<ObservedStream> observed;
  for (const FittedPart& part : parts) observed.emplace_back(*part.inputs, stream);
  PredictedStream found{stream, std::vector<std::vector<Skill>>(n * n)};
  for (std::size_t c = 0; c < parts.front().informed.size(); ++c) {
    std::vector<ObservedSeries> series;
    for (const ObservedStream& of_part : observed) series.push_back(of_part.of(c));
    for (std::size_t part = 0; part < n; ++part)
      for (std::size_t from = 0; from < n; ++from) {
        const Evaluation& run = predicted[part * n + from];
        const bool known = parts[part].informed[c] && parts[from].informed[c] && !run.failed[c];
        found.skill[part * n + from].push_back(
            known ? skill_of(run.stream(c, stream), series[part], series[from]) : no_skill);
      }
  }
  return found;
}

} // namespace

Split estimate_parts(const Case& whole, Checkpoint& checkpoint) {
  const Log quiet(false);
  const std::vector<PartWindow> windows = part_windows(whole.settings, whole.time);
  whole.log.info("parts: {}, each estimated by itself", windows.size());
  std::vector<FittedPart> parts;
  double claimed = whole.memory.claimed();
  for (const PartWindow& window : windows) {
    checkpoint.begin(fmt::format("part {} of the window", parts.size() + 1));
    parts.push_back(fit(whole, window, quiet, checkpoint, claimed));
  }
  const std::vector<Evaluation> predicted = predictions(parts);
  Split split;
  for (std::size_t s = 0; s < whole.observations.streams.size(); ++s)
    if (whole.observations.streams[s].has_values())
      split.streams.push_back(judge_stream(parts, predicted, s));
  for (FittedPart& part : parts) split.parts.push_back(std::move(part.estimate));
  return split;
}

} // namespace glebe
