// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/withheld.hpp"

#include "glebe/base/cluster_regression.hpp"
#include "glebe/base/linear_regression.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace glebe {

namespace {

using Inputs = std::vector<const std::vector<double> ObservedSeries::*>;
const Inputs inputs_1lin{&ObservedSeries::shortwave},
    inputs_2lin{&ObservedSeries::shortwave, &ObservedSeries::air_temperature},
    inputs_3km27{&ObservedSeries::shortwave, &ObservedSeries::air_temperature,
                 &ObservedSeries::humidity};

DenseVector vector_of(const std::vector<double>& values) {
  return Eigen::Map<const DenseVector>(values.data(), std::ssize(values));
}

DenseMatrix side_by_side(const ObservedSeries& series, const Inputs& inputs) {
  DenseMatrix x(std::ssize(series.y), std::ssize(inputs));
  for (std::size_t k = 0; k < inputs.size(); ++k)
    x.col(Eigen::Index(k)) = vector_of(series.*inputs[k]);
  return x;
}

bool has(const ObservedSeries& series, const Inputs& inputs) {
  return std::ranges::all_of(inputs,
                             [&](auto input) { return (series.*input).size() == series.y.size(); });
}

// The error of a regression that `fit` makes of inputs and observations; NaN where it cannot.
template <class Fit>
double error_of(const ObservedSeries& observed, const ObservedSeries& trained, const Inputs& inputs,
                Fit fit) {
  if (!has(observed, inputs) || !has(trained, inputs) || trained.y.empty()) return std::nan("");
  const auto regression = fit(side_by_side(trained, inputs), vector_of(trained.y));
  if (!regression) return std::nan("");
  return root_mean_square(
      regression->residuals(side_by_side(observed, inputs), vector_of(observed.y)));
}

double linear_error(const ObservedSeries& observed, const ObservedSeries& trained,
                    const Inputs& inputs) {
  return error_of(observed, trained, inputs, LinearRegression::fit);
}

double cluster_error(const ObservedSeries& observed, const ObservedSeries& trained) {
  constexpr std::size_t n_cluster = 27;
  return error_of(observed, trained, inputs_3km27, [](const DenseMatrix& x, const DenseVector& y) {
    return ClusterRegression::fit(x, y, n_cluster);
  });
}

std::string what_not_to_trust(ObservationKind kind) {
  switch (kind) {
  case ObservationKind::ground_heat_flux:
    return "conductivity and heat capacity are not to be trusted for fluxes";
  case ObservationKind::sensible_heat:
  case ObservationKind::latent_heat:
  case ObservationKind::turbulent_heat:
    return "the exchange with the air is not to be trusted for fluxes";
  case ObservationKind::longwave_up:
  case ObservationKind::net_radiation:
    return "the radiation balance of the surface is not to be trusted";
  case ObservationKind::soil_temperature:
  case ObservationKind::surface_temperature:
  case ObservationKind::radiometric_temperature:
    break;
  }
  return "the temperature there is not to be trusted";
}

// "ground heat flux", "soil temperature at 5 cm".
std::string in_words(const ObservationSettings& stream) {
  std::string words = info(stream.kind).name;
  std::ranges::replace(words, '_', ' ');
  if (stream.depth.value_or(0.0) > 0.0) words += fmt::format(" at {:g} cm", 100.0 * *stream.depth);
  return words;
}

// Of a region where it holds for most columns.
std::string verdict_on(const ObservationSettings& stream, const SkillSummary& all) {
  if (2 * all.n_worse <= all.n_judged) return "";
  const std::string where =
      all.n_judged > 1 ? fmt::format(" in {} of {} columns", all.n_worse, all.n_judged) : "";
  return fmt::format("{}: worse than its own mean{}; {}", in_words(stream), where,
                     what_not_to_trust(stream.kind));
}

} // namespace

Regressions regressions_of(const Forcing& forcing) {
  const InputTrack* shortwave = find_track(forcing, Input::shortwave);
  if (!shortwave) return {};
  return {shortwave, find_track(forcing, Input::air_temperature),
          find_track(forcing, Input::humidity)};
}

ObservedStream::ObservedStream(const Case& inputs, std::size_t stream)
    : observations_(inputs.observations), stream_(stream) {
  const Regressions regressions = regressions_of(inputs.forcing);
  const std::vector<TimeInterval>& intervals = observations_.streams[stream].intervals;
  if (regressions.shortwave)
    shortwave_.emplace(*regressions.shortwave, Input::shortwave, intervals);
  if (regressions.air_temperature)
    air_temperature_.emplace(*regressions.air_temperature, Input::air_temperature, intervals);
  if (regressions.humidity) humidity_.emplace(*regressions.humidity, Input::humidity, intervals);
}

ObservedSeries ObservedStream::of(std::size_t column) const {
  const Stream& stream = observations_.streams[stream_];
  ObservedSeries series;
  std::vector<std::size_t> observed;
  for (std::size_t k = 0; k < stream.times.size() && !stream.value.empty(); ++k) {
    const std::size_t i = observations_.position(stream_, column, k);
    if (!std::isfinite(stream.value[i]) || stream.inverse_sigma[i] <= 0.0F) continue;
    observed.push_back(k);
    series.y.push_back(stream.value[i]);
  }
  const auto take = [&](const std::optional<InputAverage>& input, std::vector<double>& values) {
    if (!input) return;
    const std::vector<double> of_all = input->of(column);
    for (const std::size_t k : observed) values.push_back(of_all[k]);
  };
  take(shortwave_, series.shortwave);
  take(air_temperature_, series.air_temperature);
  take(humidity_, series.humidity);
  return series;
}

Skill skill_of(const StreamFit& fit, const ObservedSeries& observed,
               const ObservedSeries& trained) {
  Skill result = no_skill;
  if (fit.count == 0.0 || observed.y.empty()) return result;
  const DenseVector y = vector_of(observed.y);
  const double mse = fit.sum_of_squares / fit.count;
  const double variance =
      (y.array() - y.mean()).square().sum() / static_cast<double>(observed.y.size());
  result.rmse = std::sqrt(mse);
  result.bias = fit.sum / fit.count;
  result.observed_std = std::sqrt(variance);
  // Not of a stream that is constant but for rounding.
  constexpr double rounding = 1e-12;
  if (result.observed_std > rounding * y.cwiseAbs().maxCoeff()) result.skill = 1.0 - mse / variance;
  result.rmse_1lin = linear_error(observed, trained, inputs_1lin);
  result.rmse_2lin = linear_error(observed, trained, inputs_2lin);
  result.rmse_3km27 = cluster_error(observed, trained);
  return result;
}

SkillSummary summary_of(const Ranks& ranks, const std::vector<Skill>& columns) {
  const auto median_of = [&](SkillMember member) {
    std::vector<double> values;
    for (const Skill& one : columns) values.push_back(one.*member);
    return median(ranks, values);
  };
  const auto count = [&](auto condition) {
    return ranks.sum(static_cast<std::int64_t>(std::ranges::count_if(columns, condition)));
  };
  return {{median_of(&Skill::rmse), median_of(&Skill::bias), median_of(&Skill::observed_std),
           median_of(&Skill::skill), median_of(&Skill::rmse_1lin), median_of(&Skill::rmse_2lin),
           median_of(&Skill::rmse_3km27)},
          count([](const Skill& one) { return !std::isnan(one.rmse); }),
          count([](const Skill& one) { return !std::isnan(one.skill); }),
          count([](const Skill& one) { return one.skill < 0.0; })};
}

std::vector<JudgedStream> judge_streams(const Case& inputs, const Evaluation& columns, bool all) {
  const std::vector<Stream>& streams = inputs.observations.streams;
  std::vector<JudgedStream> judged;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (!streams[s].has_values() || (streams[s].fitted() && !all)) continue;
    const ObservedStream observed(inputs, s);
    JudgedStream found{s, {}, {}, ""};
    for (std::size_t c = 0; c < columns.n_run(); ++c) {
      const ObservedSeries series = observed.of(c);
      const StreamFit fit = columns.failed[c] ? StreamFit{} : columns.stream(c, s);
      found.of_column.push_back(skill_of(fit, series, series));
    }
    found.all = summary_of(inputs.ranks, found.of_column);
    found.verdict = verdict_on(streams[s].settings, found.all);
    judged.push_back(std::move(found));
  }
  return judged;
}

} // namespace glebe
