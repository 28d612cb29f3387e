// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/withheld_output.hpp"

#include "glebe/app/output/stream_output.hpp"

namespace glebe {

namespace {

struct Statistic {
  StreamResult result;
  SkillMember value;
};

std::vector<Statistic> statistics(const Case& inputs) {
  std::vector<Statistic> found{{StreamResult::observed_std, &Skill::observed_std},
                               {StreamResult::skill, &Skill::skill}};
  const Regressions regressions = regressions_of(inputs.forcing);
  if (regressions.shortwave) found.push_back({StreamResult::rmse_1lin, &Skill::rmse_1lin});
  if (regressions.air_temperature) found.push_back({StreamResult::rmse_2lin, &Skill::rmse_2lin});
  if (regressions.humidity) found.push_back({StreamResult::rmse_3km27, &Skill::rmse_3km27});
  return found;
}

} // namespace

void define_withheld(OutputFile& file, const Case& inputs) {
  for (const Stream& stream : inputs.observations.streams) {
    if (!stream.has_values() || stream.fitted()) continue;
    for (const Statistic& one : statistics(inputs))
      file.define(stream_variable(one.result, stream.settings));
  }
}

void describe_withheld(OutputFile& file, const Case& inputs,
                       const std::vector<JudgedStream>& judged) {
  for (const JudgedStream& one : judged)
    if (!one.verdict.empty())
      file.attribute(
          name_of(StreamResult::skill, inputs.observations.streams[one.stream].settings.name),
          "verdict", one.verdict);
}

void write_withheld(OutputFile& file, const Case& inputs, const std::vector<JudgedStream>& judged) {
  for (const JudgedStream& stream : judged)
    for (const Statistic& one : statistics(inputs)) {
      std::vector<double> values;
      for (const Skill& skill : stream.of_column) values.push_back(skill.*one.value);
      file.write(name_of(one.result, inputs.observations.streams[stream.stream].settings.name),
                 values);
    }
}

} // namespace glebe
