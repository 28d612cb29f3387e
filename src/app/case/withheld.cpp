// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/withheld.hpp"

#include "glebe/base/linear_regression.hpp"
#include "glebe/data/input_average.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace glebe {

namespace {

const double missing = std::nan("");

DenseMatrix side_by_side(const std::vector<const std::vector<double>*>& regressors) {
  DenseMatrix x(Eigen::Index(regressors.front()->size()), Eigen::Index(regressors.size()));
  for (std::size_t k = 0; k < regressors.size(); ++k)
    x.col(Eigen::Index(k)) = Eigen::Map<const DenseVector>(regressors[k]->data(), x.rows());
  return x;
}

// Judges the columns of one stream.
class Judge {
public:
  Judge(const Case& inputs, std::size_t stream)
      : observations_(inputs.observations), stream_(stream) {
    const Regressions regressions = regressions_of(inputs.forcing);
    const std::vector<TimeInterval>& intervals = observations_.streams[stream].intervals;
    if (regressions.shortwave)
      shortwave_.emplace(*regressions.shortwave, Input::shortwave, intervals);
    if (regressions.air_temperature)
      air_temperature_.emplace(*regressions.air_temperature, Input::air_temperature, intervals);
  }

  Skill of(std::size_t column, const StreamFit& fit) const {
    const Stream& stream = observations_.streams[stream_];
    std::vector<std::size_t> observed;
    std::vector<double> y;
    for (std::size_t k = 0; k < stream.times.size(); ++k) {
      const std::size_t i = observations_.position(stream_, column, k);
      if (!std::isfinite(stream.value[i]) || stream.inverse_sigma[i] <= 0.0F) continue;
      observed.push_back(k);
      y.push_back(stream.value[i]);
    }
    const auto at = [&](const std::optional<InputAverage>& input) {
      std::vector<double> values;
      if (!input) return values;
      const std::vector<double> of_all = input->of(column);
      for (const std::size_t k : observed) values.push_back(of_all[k]);
      return values;
    };
    return skill_of(fit, y, at(shortwave_), at(air_temperature_));
  }

private:
  const Observations& observations_;
  std::size_t stream_;
  std::optional<InputAverage> shortwave_, air_temperature_;
};

SkillSummary summary_of(const Ranks& ranks, const std::vector<Skill>& columns) {
  const auto median_of = [&](double Skill::*member) {
    std::vector<double> values;
    for (const Skill& one : columns) values.push_back(one.*member);
    return median(ranks, values);
  };
  const auto count = [&](auto condition) {
    return ranks.sum(static_cast<std::int64_t>(std::ranges::count_if(columns, condition)));
  };
  return {{median_of(&Skill::rmse), median_of(&Skill::bias), median_of(&Skill::observed_std),
           median_of(&Skill::skill), median_of(&Skill::rmse_1lin), median_of(&Skill::rmse_2lin)},
          count([](const Skill& one) { return !std::isnan(one.rmse); }),
          count([](const Skill& one) { return !std::isnan(one.skill); }),
          count([](const Skill& one) { return one.skill < 0.0; })};
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
  return {shortwave, find_track(forcing, Input::air_temperature)};
}

Skill skill_of(const StreamFit& fit, const std::vector<double>& y,
               const std::vector<double>& shortwave, const std::vector<double>& air_temperature) {
  Skill result{missing, missing, missing, missing, missing, missing};
  if (fit.count == 0.0 || y.empty()) return result;
  const DenseVector observed = Eigen::Map<const DenseVector>(y.data(), std::ssize(y));
  const double mse = fit.sum_of_squares / fit.count;
  const double variance =
      (observed.array() - observed.mean()).square().sum() / static_cast<double>(y.size());
  result.rmse = std::sqrt(mse);
  result.bias = fit.sum / fit.count;
  result.observed_std = std::sqrt(variance);
  // Not of a stream that is constant but for rounding.
  constexpr double rounding = 1e-12;
  if (result.observed_std > rounding * observed.cwiseAbs().maxCoeff())
    result.skill = 1.0 - mse / variance;
  if (!shortwave.empty()) result.rmse_1lin = regression_rmse(side_by_side({&shortwave}), observed);
  if (!shortwave.empty() && !air_temperature.empty())
    result.rmse_2lin = regression_rmse(side_by_side({&shortwave, &air_temperature}), observed);
  return result;
}

std::vector<JudgedStream> judge_streams(const Case& inputs, const Evaluation& columns, bool all) {
  const std::vector<Stream>& streams = inputs.observations.streams;
  std::vector<JudgedStream> judged;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (!streams[s].has_values() || (streams[s].fitted() && !all)) continue;
    const Judge judge(inputs, s);
    JudgedStream found{s, {}, {}, ""};
    for (std::size_t c = 0; c < columns.n_run(); ++c)
      found.of_column.push_back(
          judge.of(c, columns.failed[c] ? StreamFit{} : columns.stream(c, s)));
    found.all = summary_of(inputs.ranks, found.of_column);
    found.verdict = verdict_on(streams[s].settings, found.all);
    judged.push_back(std::move(found));
  }
  return judged;
}

} // namespace glebe
