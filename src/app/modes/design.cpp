// SPDX-License-Identifier: BSD-3-Clause
// Mode design: the posterior that planned observations would give. The model is run once with its
// tangents at the given parameters. The posterior of every design follows from the sum of the
// Gauss-Newton blocks of its streams in its window.
#include "glebe/app/case/analysis.hpp"
#include "glebe/app/case/memory.hpp"
#include "glebe/app/log/design_table.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/app/output/design_output.hpp"
#include "glebe/app/output/output_trial.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/median.hpp"
#include "glebe/estimation/uncertainty/covariance.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

Observations streams_of(const Case& inputs, const DesignList& list) {
  Settings settings = inputs.settings;
  settings.observations = list.streams;
  return model_streams(settings, inputs.time, inputs.soil.view());
}

// The median over the columns of all ranks for each design; NaN if no column has a value.
std::vector<double> medians(const Ranks& ranks, const DenseMatrix& by_design) {
  std::vector<double> result;
  for (const auto& row : by_design.rowwise())
    result.push_back(median(ranks, {row.begin(), row.end()}));
  return result;
}

// What is predicted, and two copies of a variable of the output. If columns are coupled, the blocks
// of every stream and window are stored until all are computed.
void claim_predictions(Case& inputs, const DesignList& list, const Controls& controls,
                       const PriorCoupling& coupling) {
  const auto m = static_cast<double>(controls.per_column());
  const double of_variable = sizeof(double) * static_cast<double>(list.designs.size());
  constexpr double of_parameters = 800.0; // values, bounds and priors; as measured
  double of_column = of_parameters + (9.0 * m + 40.0) * static_cast<double>(list.designs.size());
  if (coupling.couples_columns())
    of_column +=
        m * m * sizeof(double) * static_cast<double>(list.streams.size() * list.windows.size() + 4);
  inputs.memory.claim("the predictions",
                      of_column * static_cast<double>(controls.n_column()) +
                          (2.0 * m + 4.0) * kept_of_variable(inputs, of_variable));
}

void log_considered(const Case& inputs, const VerdictContext& context) {
  if (context.considered.empty()) return;
  std::string names;
  for (const ConsideredTraits& traits : context.considered)
    names += fmt::format("{}{} +- {:.3g}{}", names.empty() ? "" : ", ", traits.name, traits.std,
                         unit_suffix(traits));
  inputs.log.info("standard deviations include what is held at uncertain values: {}", names);
}

} // namespace

void run_design(const Ranks& ranks, const Log& log, Settings settings) {
  Case inputs = read_case(ranks, log, std::move(settings));
  try_outputs(inputs);
  const Controls controls(ranks, inputs.parameters);
  const PriorCoupling coupling(ranks, inputs.columns, controls, inputs.geometry());
  RankedDesigns designs = planned_designs(inputs.settings, inputs.time, controls);
  log.info("designs: {} from {} streams and {} window{}", designs.list.designs.size(),
           designs.list.streams.size(), designs.list.windows.size(),
           designs.list.windows.size() == 1 ? "" : "s");
  claim_predictions(inputs, designs.list, controls, coupling);
  if (has_sampled_covariance(controls, coupling))
    log.info("fields couple the columns: {} solves for all columns for every design",
             FieldCovariance{}.n_sample);

  const Observations observations = streams_of(inputs, designs.list);
  ColumnProblem problem = inputs.problem_with(observations);
  ProgressBar progress(ranks.is_root());
  problem.progress = &progress;
  const ConsideredValues considered(controls);
  const VerdictContext context = verdict_context(inputs, controls, considered, {});
  log_considered(inputs, context);
  designs.predictions = predict({ranks, problem, controls, coupling, context, considered},
                                designs.list, designs.rule);
  designs.criterion = medians(ranks, designs.predictions.criterion);
  if (std::all_of(designs.criterion.begin(), designs.criterion.end(),
                  [](double v) { return std::isnan(v); }))
    throw RunError("no design has any observation: none lies in a window, or the surface energy "
                   "balance has no "
                   "solution at the given parameters");
  designs.rank = ranks_of(designs.criterion, designs.more_is_better());
  log_designs(inputs, controls, designs);
  write_designs(inputs, controls, designs);
  log_memory(inputs);
}

} // namespace glebe
