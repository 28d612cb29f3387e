// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/analysis.hpp"

#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/uncertainty/coupled_covariance.hpp"
#include "glebe/estimation/verdict/verdict_summary.hpp"

#include <algorithm>

namespace glebe {

namespace {

std::vector<ObservationSettings> fitted_streams(const Observations& observations) {
  std::vector<ObservationSettings> fitted;
  for (const Stream& stream : observations.streams)
    if (stream.fitted()) fitted.push_back(stream.settings);
  return fitted;
}

ColumnEvidence evidence_of(const Case& inputs, const Objective& objective, const Fit& fit,
                           const Minimisation& minimum, const Posterior& posterior, const double* x,
                           std::size_t c) {
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column();
  ColumnEvidence evidence;
  evidence.block.assign(m * m, 0.0);
  if (!objective.left_out()[c]) evidence.block = controls.scaled_block(fit.gauss_newton, c);
  for (double& entry : evidence.block) entry /= posterior.error_scale[c];
  const auto precision = posterior.precision(c, objective.prior().precision());
  evidence.precision.assign(precision.begin(), precision.end());
  for (std::size_t k = 0; k < m; ++k) {
    evidence.estimate.push_back(controls.controls()[k].lower + controls.scale(k) * x[c * m + k]);
    evidence.bound.push_back(static_cast<signed char>(posterior.at_bound[c * m + k]));
    for (std::size_t j = 0; j < m; ++j)
      evidence.covariance.push_back(posterior.correlation[(c * m + k) * m + j] *
                                    posterior.std[c * m + k] * posterior.std[c * m + j] /
                                    (controls.scale(k) * controls.scale(j)));
  }
  evidence.distinct_minima = minimum.columns.distinct_minima[c];
  evidence.starts = inputs.settings.optimizer.starts;
  evidence.cost_spread = minimum.columns.cost_spread[c];
  evidence.observed = !objective.left_out()[c];
  return evidence;
}

void judge_columns(const Case& inputs, const ColumnProblem& problem, Objective& objective,
                   const Minimisation& minimum, Analysis& analysis) {
  const Controls& controls = objective.controls();
  const VerdictContext context =
      verdict_context(inputs, controls, fitted_streams(problem.observations));
  const std::size_t m = controls.per_column();
  analysis.verdict.assign(controls.n_column() * m, Verdict::not_estimated);
  VerdictSummary summary(inputs.ranks, context);
  const Fit& fit = objective.fit_at(minimum.x.handle());
  const std::vector<double> x = controls.of_columns(minimum.x.handle());
  agree_on_failure(inputs.ranks, [&] {
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      // Without data of its own a column may still have what it shares or learns from neighbours.
      std::size_t n_known = 0;
      for (std::size_t k = 0; k < m; ++k) n_known += objective.known(c, k);
      if (n_known == 0) continue;
      const ColumnEvidence evidence =
          evidence_of(inputs, objective, fit, minimum, analysis.posterior, x.data(), c);
      ColumnVerdict verdict = judge(context, evidence);
      for (std::size_t k = 0; k < m; ++k)
        if (!objective.known(c, k)) verdict.of_control[k] = Verdict::not_estimated;
      std::copy(verdict.of_control.begin(), verdict.of_control.end(),
                analysis.verdict.begin() + std::ptrdiff_t(c * m));
      summary.add(evidence, verdict);
    }
  });
  analysis.verdict_text = summary.text(static_cast<std::int64_t>(inputs.columns.n_active()));
}

Profile profile_of(const Case& inputs, Objective& objective, Vec x, const Posterior& posterior,
                   std::size_t k) {
  const PosteriorSettings& wanted = inputs.settings.posterior;
  const auto n_point = static_cast<std::size_t>(wanted.profile_points);
  if (objective.separable())
    return profile_likelihood(inputs.ranks, objective, x, posterior, k, n_point,
                              wanted.profile_range);
  inputs.log.info("profile of {}: every value a fit of all columns together",
                  control_name(objective.controls(), k, inputs.soil, inputs.time));
  return coupled_profile(objective, x, posterior, k, n_point, wanted.profile_range,
                         inputs.settings.optimizer);
}

Bootstrap bootstrap_of(const Case& inputs, const ColumnProblem& problem, Objective& objective,
                       Vec x, const Posterior& posterior) {
  const BootstrapPlan plan{inputs.settings.posterior.bootstrap,
                           static_cast<std::uint64_t>(inputs.settings.run.seed),
                           inputs.columns.first()};
  if (objective.separable())
    return bootstrap(inputs.ranks, problem, objective, inputs.parameters, x, posterior, plan);
  double values = 0.0;
  for (const Stream& stream : problem.observations.streams)
    if (stream.fitted()) values += static_cast<double>(stream.value.size());
  inputs.memory().claim("the bootstrap", 2.0 * values * (sizeof(double) + sizeof(float)));
  return coupled_bootstrap(problem, objective, x, posterior, plan, inputs.settings.optimizer,
                           inputs.log);
}

} // namespace

VerdictContext verdict_context(const Case& inputs, const Controls& controls,
                               const std::vector<ObservationSettings>& fitted) {
  VerdictContext context;
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    const Control& control = controls.controls()[k];
    context.controls.push_back({control_name(controls, k, inputs.soil, inputs.time),
                                control.slot.parameter, control.lower, control.upper,
                                control.prior_std, controls.shared(k)});
  }
  context.turbulence = inputs.settings.surface.turbulence;
  context.streams = fitted;
  context.limits = inputs.settings.posterior;
  return context;
}

Analysis analyse(const Case& inputs, const ColumnProblem& problem, Objective& objective,
                 const Minimisation& minimum) {
  const PosteriorSettings& wanted = inputs.settings.posterior;
  Vec x = minimum.x.handle();
  Analysis analysis;
  if (has_sampled_covariance(objective.controls(), objective.coupling()))
    inputs.log.info("posterior: standard deviations from samples, each a solve for all columns");
  analysis.posterior = posterior_at(objective, problem.observations, x, wanted.scale_by_chi_square);
  if (wanted.autocorrelation)
    analysis.residuals = examine_residuals(inputs.ranks, problem, objective, x, analysis.posterior);
  judge_columns(inputs, problem, objective, minimum, analysis);
  const std::vector<Control>& controls = objective.controls().controls();
  for (std::size_t k = 0; k < controls.size(); ++k)
    if (std::find(wanted.profile.begin(), wanted.profile.end(),
                  info(controls[k].slot.parameter).name) != wanted.profile.end())
      analysis.profiles.push_back(profile_of(inputs, objective, x, analysis.posterior, k));
  if (wanted.bootstrap > 0)
    analysis.bootstrap = bootstrap_of(inputs, problem, objective, x, analysis.posterior);
  analysis.rows = correlation_rows(inputs, objective, x, analysis.posterior);
  return analysis;
}

} // namespace glebe
