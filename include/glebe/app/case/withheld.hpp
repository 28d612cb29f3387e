// SPDX-License-Identifier: BSD-3-Clause
// What a run predicts of observations that it has not been fitted to, beside what they vary by and
// what linear regressions on the forcing tell of them.
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace glebe {

/// How one stream is predicted in one column, in the unit of the stream; NaN where it is not
/// defined. The regressions are fitted to the same observations, which the model has not seen: 1lin
/// on shortwave radiation, 2lin on shortwave radiation and air temperature (Best et al. 2015,
/// doi:10.1175/JHM-D-14-0158.1).
struct Skill {
  double rmse;
  double bias;         ///< mean of model minus observation
  double observed_std; ///< about the observations' own mean
  double skill;        ///< 1 - rmse^2 / observed_std^2; negative: worse than that mean
  double rmse_1lin;
  double rmse_2lin;
};

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
};
Regressions regressions_of(const Forcing& forcing);

/// `y` [n] are observations, `fit` the model's differences to them, `shortwave` and
/// `air_temperature` [n] the inputs at their times, or empty. Not collective.
Skill skill_of(const StreamFit& fit, const std::vector<double>& y,
               const std::vector<double>& shortwave, const std::vector<double>& air_temperature);

/// Judges the withheld streams of a run, or, where `all`, every stream with observations.
/// `columns` is what running this rank's columns gave. Collective.
std::vector<JudgedStream> judge_streams(const Case& inputs, const Evaluation& columns, bool all);

} // namespace glebe
