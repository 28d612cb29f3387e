// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/withheld_log.hpp"

#include <cmath>

namespace glebe {

namespace {

std::string skill_in_words(const SkillSummary& all) {
  if (all.n_judged == 0) return "no skill is defined";
  if (all.n_judged > 1)
    return fmt::format("skill {:.3g}, {} of {} columns worse than their own mean", all.median.skill,
                       all.n_worse, all.n_judged);
  return all.n_worse > 0 ? "worse than their own mean"
                         : fmt::format("skill {:.3g}", all.median.skill);
}

std::string regressions_in_words(const Skill& skill) {
  std::string words;
  if (!std::isnan(skill.rmse_1lin)) words += fmt::format("; 1lin {:.3g}", skill.rmse_1lin);
  if (!std::isnan(skill.rmse_2lin)) words += fmt::format(", 2lin {:.3g}", skill.rmse_2lin);
  if (!std::isnan(skill.rmse_3km27)) words += fmt::format(", 3km27 {:.3g}", skill.rmse_3km27);
  return words;
}

std::string line_of(const ObservationSettings& stream, const SkillSummary& all) {
  const std::string columns =
      all.n_column > 1 ? fmt::format(", median of {} columns", all.n_column) : "";
  return fmt::format("{} {}{}: rmse {:.3g}, bias {:.3g} {}; observations vary by {:.3g}: {}{}",
                     stream.withhold ? "withheld" : "not fitted", stream.name, columns,
                     all.median.rmse, all.median.bias, info(stream.kind).unit,
                     all.median.observed_std, skill_in_words(all),
                     regressions_in_words(all.median));
}

} // namespace

void log_judged_streams(const Case& inputs, const std::vector<JudgedStream>& judged) {
  for (const JudgedStream& one : judged)
    if (one.all.n_column > 0)
      inputs.log.info("{}", line_of(inputs.observations.streams[one.stream].settings, one.all));
  for (const JudgedStream& one : judged)
    if (!one.verdict.empty()) inputs.log.info("{}", one.verdict);
}

} // namespace glebe
