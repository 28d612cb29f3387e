// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/analysis.hpp"

#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/uncertainty/covariance.hpp"
#include "glebe/estimation/uncertainty/followers.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/estimation/verdict/verdict_summary.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace glebe {

namespace {

std::vector<ObservationSettings> fitted_streams(const std::vector<Stream>& streams) {
  std::vector<ObservationSettings> fitted;
  for (const Stream& stream : streams)
    if (stream.fitted()) fitted.push_back(stream.settings);
  return fitted;
}

// The longer side of the 68 % interval of each profile, divided by the linear standard deviation.
std::vector<double> profile_ratios(const Analysis& analysis, std::size_t c) {
  const SolvedPoint& solved = analysis.solved;
  std::vector<double> ratios(solved.controls().per_column(), std::nan(""));
  for (const Profile& profile : analysis.profiles) {
    const std::size_t k = profile.control;
    const double std = solved.posterior.std(c, k);
    if (std::isnan(std)) continue;
    const Interval found = likelihood_interval(solved, profile, c);
    const double estimate = solved.estimate(c, k);
    ratios[k] = std::fmax(estimate - found.lower, found.upper - estimate) / std;
  }
  return ratios;
}

// The values at which a column holds the considered parameters; NaN for those that vary in time.
std::vector<double> considered_values(const Analysis& analysis, std::size_t c) {
  const ConsideredValues& values = analysis.considered.values();
  std::vector<double> held;
  for (const ConsideredParameter& parameter : values.parameters()) {
    const std::size_t value = values.values()[parameter.first].value;
    held.push_back(parameter.count > 1 ? std::nan("")
                                       : analysis.controls().first_guess()(c, value));
  }
  return held;
}

// `plain_std` is analysis.plain_std().
ColumnEvidence evidence_of(const Case& inputs, const Analysis& analysis,
                           const VerdictContext& context, const Unheld& unheld,
                           const DenseMatrix& plain_std, std::size_t c) {
  const SolvedPoint& solved = analysis.solved;
  const Posterior& posterior = solved.posterior;
  ColumnEvidence evidence;
  evidence.block = solved.objective.data_block(solved.point, c, posterior.error_scale[c]);
  evidence.precision = posterior.precision_without_data[c];
  evidence.precision_unheld = unheld.precision_without_data(c);
  evidence.held_elsewhere = unheld.is_coupled();
  evidence.covariance = posterior.covariance[c];
  if (analysis.residuals && !DenseMatrix(analysis.residuals->block[c]).hasNaN()) {
    evidence.block = analysis.residuals->block[c];
    evidence.covariance =
        covariance_of(evidence.block + evidence.precision, posterior.free(c)).matrix;
  }
  evidence.covariance = with_considered(evidence.covariance, analysis.considered.gain(c));
  evidence.considered = analysis.considered.effect(solved, c);
  evidence.considered_value = considered_values(analysis, c);
  for (std::size_t k = 0; k < solved.controls().per_column(); ++k) {
    evidence.estimate.push_back(solved.estimate(c, k));
    evidence.bound.push_back(posterior.at_bound(c, k));
  }
  evidence.distinct_minima = analysis.search.distinct_minima[c];
  evidence.starts = inputs.settings.optimizer.starts;
  evidence.cost_spread = analysis.search.cost_spread[c];
  evidence.observed = !solved.objective.left_out()[c];
  evidence.failed = !evidence.observed && solved.objective.observed()[c];
  if (analysis.bootstrap) {
    const DenseVector ratio =
        analysis.bootstrap->std.row(c).cwiseQuotient(plain_std.row(c)).transpose();
    evidence.bootstrap_ratio.assign(ratio.begin(), ratio.end());
  }
  const DenseVector shift = unheld.shift(c);
  evidence.shift.assign(shift.begin(), shift.end());
  if (const ColumnEstimates& column = analysis.conflicts.estimates[c]; !column.estimate.empty()) {
    evidence.beyond_measured = beyond_measured(context, column);
    for (std::size_t k = 0; k < column.estimate.size(); ++k)
      evidence.from_prior.push_back(
          from_prior(context.controls[k], column.estimate[k], column.prior[k]));
  }
  if (!analysis.profiles.empty()) evidence.profile_ratio = profile_ratios(analysis, c);
  const UnheldGaussian gaussian = unheld.gaussian(c, evidence.block);
  evidence.covariance_unheld = gaussian.covariance;
  const BoundedIntervals found = intervals_within_bounds(solved, unheld, gaussian, c);
  evidence.interval = found.interval;
  evidence.contradiction = found.contradiction;
  return evidence;
}

void judge_columns(const Case& inputs, Analysis& analysis) {
  const Objective& objective = analysis.solved.objective;
  const Controls& controls = objective.controls();
  VerdictContext context = verdict_context(inputs, controls, analysis.considered.values(),
                                           fitted_streams(analysis.streams()));
  context.phase_in_soil = shows_phase(analysis.conflicts.misfits, Sight::soil);
  context.phase = shows_phase(analysis.conflicts.misfits, Sight::all);
  const DenseMatrix plain_std = analysis.plain_std();
  const Unheld unheld(analysis.solved, analysis.considered);
  if (!unheld.trouble().empty())
    inputs.log.warning("what the estimates would be with nothing held at a bound is not known, and "
                       "intervals and verdicts take bounds of other columns as certain: {}",
                       unheld.trouble());
  analysis.intervals.start(analysis.solved.estimates(), analysis.reported_std());
  analysis.verdict =
      Table<Verdict>(controls.n_column(), controls.per_column(), Verdict::not_estimated);
  VerdictSummary summary(inputs.ranks, context);
  agree_on_failure(inputs.ranks, [&] {
    for (std::size_t c = 0; c < controls.n_column(); ++c) {
      // A column without own data may have shared values, or fields that neighbours inform.
      if (!objective.is_informed(c)) continue;
      const ColumnEvidence evidence = evidence_of(inputs, analysis, context, unheld, plain_std, c);
      analysis.intervals.set(c, evidence.interval);
      ColumnVerdict verdict = judge(context, evidence);
      for (std::size_t k = 0; k < controls.per_column(); ++k) {
        if (!objective.is_informed(c, k)) verdict.of_control[k] = Verdict::not_estimated;
        analysis.verdict(c, k) = verdict.of_control[k];
      }
      summary.add(evidence, verdict);
    }
  });
  analysis.intervals.share(objective);
  analysis.verdict_text = summary.text(static_cast<std::int64_t>(inputs.columns.n_active()));
  for (const Follower& one : controls.followers())
    analysis.verdict_text +=
        fmt::format("{}: {}\n", follower_name(one, inputs.soil), in_words(one, inputs.soil));
  name_conflicts(inputs, analysis.solved, context, analysis.conflicts);
}

// A profile, from the checkpoint or made and kept there: for each column its values and its costs.
Profile profile_of(const Case& inputs, const SolvedPoint& solved, std::size_t k,
                   Checkpoint& checkpoint) {
  const PosteriorSettings& wanted = inputs.settings.posterior;
  const auto n_point = static_cast<std::size_t>(wanted.profile_points);
  const std::string name = fmt::format("profile {}", k);
  const std::string control = control_name(solved.controls(), k, inputs.soil, inputs.time);
  if (const KeptPart* kept = checkpoint.find(name);
      kept && kept->of_columns.cols() == 2 * Eigen::Index(n_point)) {
    inputs.log.info("profile of {}: from the checkpoint", control);
    return {k, kept->of_columns.leftCols(Eigen::Index(n_point)).transpose(),
            kept->of_columns.rightCols(Eigen::Index(n_point)).transpose()};
  }
  if (!solved.objective.separable())
    inputs.log.info("profile of {}: every point takes a fit of all columns together", control);
  Profile profile = profile_likelihood(solved, k, n_point, wanted.profile_range, [&] {
    checkpoint.pass(fmt::format("in the profile of {}", control));
  });
  checkpoint.finish(fmt::format("after the profile of {}", control), [&] {
    DenseMatrix rows(profile.value.cols(), 2 * profile.value.rows());
    rows << profile.value.transpose(), profile.cost.transpose();
    return KeptPart{name, control, {}, std::move(rows)};
  });
  return profile;
}

std::vector<Profile> profiles_of(const Case& inputs, const SolvedPoint& solved,
                                 Checkpoint& checkpoint) {
  const PosteriorSettings& wanted = inputs.settings.posterior;
  const Controls& controls = solved.controls();
  std::vector<Profile> profiles;
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    const char* name = info(controls[k].slot.parameter).name;
    if (std::find(wanted.profile.begin(), wanted.profile.end(), name) == wanted.profile.end())
      continue;
    profiles.push_back(profile_of(inputs, solved, k, checkpoint));
  }
  return profiles;
}

Bootstrap bootstrap_of(Case& inputs, const SolvedPoint& solved, const ConsideredValues& considered,
                       Checkpoint& checkpoint) {
  if (!solved.objective.separable()) {
    double values = 0.0;
    for (const Stream& stream : solved.problem().observations.streams)
      if (stream.fitted()) values += static_cast<double>(stream.value.size());
    inputs.memory.claim("the bootstrap", 2.0 * values * (sizeof(double) + sizeof(float)));
  }
  return bootstrap(
      solved, considered,
      {inputs.settings.posterior.bootstrap, static_cast<std::uint64_t>(inputs.settings.run.seed)},
      inputs.log, checkpoint);
}

// Takes one solve for all columns for each cell and value.
CorrelationRows correlation_rows(const Case& inputs, const SolvedPoint& solved) {
  CorrelationRows rows{inputs.row_cells, {}};
  if (rows.cells.empty()) return rows;
  const Controls& controls = solved.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const GaussianProblem problem =
      gaussian_at(solved.objective, solved.point, solved.posterior.error_scale,
                  free_controls(solved.objective, solved.point));
  for (const std::size_t cell : rows.cells) {
    const auto number = static_cast<std::size_t>(inputs.columns.number_of(inputs.ranks, cell));
    DenseBlocks row = covariance_row(problem, number);
    const std::size_t own = number - inputs.columns.first();
    const bool here = number >= inputs.columns.first() && own < n_column;
    for (std::size_t k = 0; k < m; ++k) {
      const double variance = here ? row[own](k, k) : 0.0;
      const double std = std::sqrt(inputs.ranks.max(variance > 0.0 ? variance : 0.0));
      for (std::size_t c = 0; c < n_column; ++c)
        for (std::size_t j = 0; j < m; ++j)
          row[c](k, j) /= std * solved.posterior.std(c, j) / controls.scale(j);
    }
    rows.correlation.push_back(std::move(row));
  }
  return rows;
}

} // namespace

// Standard deviations with what considered parameters add.
static DenseMatrix with_added(const Analysis& analysis, const DenseMatrix& std) {
  if (!analysis.considered.any()) return std;
  DenseMatrix result = std;
  const Controls& controls = analysis.controls();
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    const DenseMatrix gain = analysis.considered.gain(c);
    for (std::size_t k = 0; k < controls.per_column(); ++k)
      result(c, k) = std::hypot(std(c, k), controls.scale(k) * gain.row(Eigen::Index(k)).norm());
  }
  return result;
}

DenseMatrix Analysis::plain_std() const { return with_added(*this, solved.posterior.std); }
DenseMatrix Analysis::inflated_std() const { return with_added(*this, residuals->std_inflated); }

DenseMatrix Analysis::reported_std() const {
  const DenseMatrix plain = plain_std();
  if (!residuals) return plain;
  const DenseMatrix inflated = inflated_std();
  return inflated.array().isNaN().select(plain, inflated);
}

DenseMatrix Analysis::covariance(std::size_t column) const {
  return with_considered(solved.posterior.covariance[column], considered.gain(column));
}

std::vector<DenseMatrix> Analysis::considered_shares() const {
  const std::size_t n_column = controls().n_column(), m = controls().per_column();
  const DenseMatrix std = reported_std();
  std::vector<DenseMatrix> shares(considered.values().parameters().size(),
                                  DenseMatrix::Constant(n_column, m, std::nan("")));
  for (std::size_t c = 0; c < n_column && !shares.empty(); ++c) {
    const DenseMatrix variances = considered.variances(c);
    for (std::size_t p = 0; p < shares.size(); ++p)
      for (std::size_t k = 0; k < m; ++k)
        shares[p](c, k) = variances(p, k) * std::pow(controls().scale(k) / std(c, k), 2);
  }
  return shares;
}

DenseMatrix Analysis::plain_std_of_followers() const {
  return std_of_followers(solved, solved.posterior.covariance, considered);
}

DenseMatrix Analysis::inflated_std_of_followers() const {
  const std::size_t m = controls().per_column();
  DenseBlocks covariance(controls().n_column(), m, std::nan(""));
  for (std::size_t c = 0; !controls().followers().empty() && c < covariance.size(); ++c) {
    const DenseMatrix H = residuals->block[c] + solved.posterior.precision_without_data[c];
    if (!H.hasNaN()) covariance[c] = covariance_of(H, solved.posterior.free(c)).matrix;
  }
  return std_of_followers(solved, covariance, considered);
}

VerdictContext verdict_context(const Case& inputs, const Controls& controls,
                               const ConsideredValues& considered,
                               const std::vector<ObservationSettings>& fitted) {
  VerdictContext context;
  for (std::size_t k = 0; k < controls.per_column(); ++k)
    context.controls.push_back(
        {control_name(controls, k, inputs.soil, inputs.time), controls[k].slot.parameter,
         controls[k].lower, controls[k].upper, controls[k].prior_std, controls.shared(k),
         unit_of(controls[k], inputs.settings.observations), controls[k].is_ratio()});
  for (const ConsideredParameter& parameter : considered.parameters()) {
    const Control& first = considered.values()[parameter.first];
    context.considered.push_back({control_name(first, inputs.soil), parameter.slot.parameter,
                                  first.prior_std, unit_of(first, inputs.settings.observations)});
  }
  context.turbulence = inputs.settings.surface.turbulence;
  context.net_radiation = inputs.settings.forcing.has(Input::net_radiation);
  context.streams = fitted;
  context.boundaries = inputs.settings.boundaries;
  context.limits = inputs.settings.posterior;
  return context;
}

Analysis analyse(Case& inputs, Objective& objective, const Minimisation& minimum,
                 Checkpoint& checkpoint) {
  checkpoint.pass("before the posterior");
  const PosteriorSettings& wanted = inputs.settings.posterior;
  if (has_sampled_covariance(objective.controls(), objective.coupling()))
    inputs.log.info(
        "posterior: standard deviations are estimated from {} samples, each by a solve for all "
        "columns",
        FieldCovariance{}.n_sample);
  std::optional<StreamResiduals> residuals;
  if (wanted.autocorrelation) residuals.emplace(objective);
  EvaluatedPoint point =
      residuals ? objective.evaluate_at(minimum.x.handle(),
                                        [&](std::size_t c, bool failed, const auto& streams) {
                                          residuals->take(c, failed, streams);
                                        })
                : objective.evaluate_at(minimum.x.handle(), Derivatives::blocks);
  Posterior posterior = posterior_at(objective, point, wanted.scale_by_chi_square);
  SolvedPoint solved{objective, inputs.settings.optimizer, std::move(point), std::move(posterior)};
  if (const auto n = static_cast<double>(inputs.parameters.considered.size()); n > 0.0)
    inputs.memory.claim("the considered parameters",
                        2.0 * sizeof(double) * n *
                            static_cast<double>(solved.controls().per_column()) *
                            static_cast<double>(inputs.columns.n_local()));
  Considered considered(solved);
  Analysis analysis{std::move(solved), minimum.columns, std::move(considered)};
  if (residuals) analysis.residuals = analyse_residuals(analysis.solved, *residuals);
  residuals.reset();
  checkpoint.pass("after the posterior");
  analysis.profiles = profiles_of(inputs, analysis.solved, checkpoint);
  if (wanted.bootstrap > 0)
    analysis.bootstrap =
        bootstrap_of(inputs, analysis.solved, analysis.considered.values(), checkpoint);
  checkpoint.pass("before the last tests");
  analysis.conflicts = look_for_conflicts(inputs, analysis.solved);
  judge_columns(inputs, analysis);
  analysis.rows = correlation_rows(inputs, analysis.solved);
  analysis.withheld = judge_streams(inputs, analysis.solved.point.columns, false);
  return analysis;
}

} // namespace glebe
