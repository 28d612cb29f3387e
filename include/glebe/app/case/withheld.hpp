// SPDX-License-Identifier: BSD-3-Clause
// What a run predicts of observations that it has not been fitted to, beside what they vary by and
// what linear regressions on the forcing tell of them.
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/data/input_average.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// How one stream is predicted in one column, in the unit of the stream; NaN where it is not
/// defined. The regressions are those of PLUMBER (Best et al. 2015, doi:10.1175/JHM-D-14-0158.1):
/// 1lin on shortwave radiation, 2lin on shortwave radiation and air temperature, 3km27 on these and
/// humidity in 27 clusters. They are fitted to the same observations, which the model has not seen,
/// or, where a window is split, to those of another part.
struct Skill {
  double rmse;
  double bias;         ///< mean of model minus observation
  double observed_std; ///< about the observations' own mean
  double skill;        ///< 1 - rmse^2 / observed_std^2; negative: worse than that mean
  double rmse_1lin;
  double rmse_2lin;
  double rmse_3km27;
};
inline constexpr Skill no_skill{
    std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(),
    std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(),
    std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(),
    std::numeric_limits<double>::quiet_NaN()};

/// One of the regressions, or another number of a Skill.
using SkillMember = double Skill::*;

/// The same over all columns: medians, and the number of columns that have a skill.
struct SkillSummary {
  Skill median;
  std::int64_t n_column; ///< with observations
  std::int64_t n_judged; ///< with a skill
  std::int64_t n_worse;  ///< worse than the mean
};

struct JudgedStream {
  std::size_t stream;
  std::vector<Skill> of_column;
  SkillSummary all;    ///< the same on all ranks
  std::string verdict; ///< in words, of a stream that is worse than its mean; otherwise empty
};

/// Which regressions the inputs of a run allow.
struct Regressions {
  const InputTrack* shortwave = nullptr;       ///< for 1lin; none: no regression
  const InputTrack* air_temperature = nullptr; ///< for 2lin as well
  const InputTrack* humidity = nullptr;        ///< for 3km27 as well
};
Regressions regressions_of(const Forcing& forcing);

/// What was observed of a stream in one column, and the inputs at the same times [n]; empty where
/// the run does not have the input.
struct ObservedSeries {
  std::vector<double> y, shortwave, air_temperature, humidity;
};

/// The observations of one stream with the inputs at their times. `inputs` must outlive the object.
class ObservedStream {
public:
  ObservedStream(const Case& inputs, std::size_t stream);
  /// Of one column. Not collective.
  ObservedSeries of(std::size_t column) const;

private:
  const Observations& observations_;
  std::size_t stream_;
  std::optional<InputAverage> shortwave_, air_temperature_, humidity_;
};

/// `fit` are the model's differences to the observations; the regressions are fitted to `trained`,
/// which may be the same series. Not collective.
Skill skill_of(const StreamFit& fit, const ObservedSeries& observed, const ObservedSeries& trained);

/// Medians over columns, and how many have a skill. Collective.
SkillSummary summary_of(const Ranks& ranks, const std::vector<Skill>& columns);

/// Judges the withheld streams of a run, or, where `all`, every stream with observations.
/// `columns` is what running this rank's columns gave. Collective.
std::vector<JudgedStream> judge_streams(const Case& inputs, const Evaluation& columns, bool all);

} // namespace glebe
