// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/input_sources.hpp"

#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

void check_level(const GroupOrigin& group, const std::vector<std::string>& level,
                 Problems& problems) {
  if (group.faulty("level")) return;
  for (const std::string& text : level)
    if (!parse_level(text))
      problems.add("{} = '{}': must be a dimension with a number from 1, such as 'height(1)', or "
                   "with the value of its coordinate, such as 'height = 2'",
                   group.where("level"), text);
}

void check_name(const InputSettings& input, const std::vector<InputSettings>& all,
                Problems& problems) {
  if (input.faulty("name")) return;
  if (!input.given("name") && input.name.empty()) {
    problems.add("{}: name is required", input.where());
    return;
  }
  const std::vector<std::string> names = source_names();
  if (std::ranges::find(names, input.name) == names.end())
    problems.add("{} = '{}': is not an input of &forcing{}", input.where("name"), input.name,
                 did_you_mean(input.name, names));
  const auto first = std::ranges::find(all, input.name, &InputSettings::name);
  if (&*first != &input)
    problems.add("{} = '{}': already given at {}", input.where("name"), input.name, first->at());
}

} // namespace

void check_inputs(const Settings& settings, Problems& problems) {
  for (const InputSettings& input : settings.inputs) {
    check_name(input, settings.inputs, problems);
    check_level(input, input.level, problems);
    check_errors(input, problems);
    if (input.accumulation == Accumulation::since_midnight && input.given("stamp") &&
        input.stamp != Stamp::end)
      problems.add("{} = 'since_midnight': needs stamp = 'end'", input.where("accumulation"));
    if (settings.forcing.source != ForcingSource::file && !settings.forcing.faulty("source"))
      problems.add("{}: only with &forcing source = 'file'", input.where());
  }
  check_level(settings.forcing, settings.forcing.level, problems);
  for (const BoundarySettings& boundary : settings.boundaries)
    check_level(boundary, boundary.level, problems);
  for (const ObservationSettings& observation : settings.observations)
    check_level(observation, observation.level, problems);
  for (const ParameterSettings& parameter : settings.parameters)
    check_level(parameter, parameter.level, problems);
}

} // namespace glebe
