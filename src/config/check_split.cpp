// SPDX-License-Identifier: BSD-3-Clause
// What cannot be estimated in parts of the window.
#include "check_settings.hpp"

namespace glebe {

namespace {

// The state at the start of the window is not that at the start of the other parts.
void check_initial(const Settings& settings, const std::string& split, Problems& problems) {
  const SoilSettings& soil = settings.soil;
  if (soil.faulty("initial")) return;
  if (soil.initial == Initial::file)
    problems.add("{}: the state in &soil initial_file ({}) is that of the first part only: must be "
                 "initial = 'spinup', or 'profile' with initial_temperature estimated",
                 split, soil.at("initial"));
  if (soil.initial != Initial::profile) return;
  for (const ParameterSettings& parameter : settings.parameters) {
    if (parameter.faulty("name") || parameter.name != Parameter::initial_temperature) continue;
    if (!parameter.same_as.empty() || !parameter.ratio_to.empty())
      problems.add(
          "{}: the profile of initial_temperature ({}) is that of its part, and follows no "
          "other parameter: must be estimated by itself, or initial = 'spinup'",
          split, parameter.at(parameter.same_as.empty() ? "ratio_to" : "same_as"));
    else if (!parameter.faulty("estimate") && !parameter.estimate)
      problems.add("{}: the profile of initial_temperature ({}) is that of the first part only: "
                   "must be estimated, or initial = 'spinup'",
                   split, parameter.at());
  }
}

} // namespace

void check_split(const Settings& settings, Problems& problems) {
  const SplitSettings& split = settings.split;
  if (split.faulty("parts") || split.parts == 1) return;
  const std::string where = fmt::format("{} = {}", split.where("parts"), split.parts);
  const RunSettings& run = settings.run;
  if (run.line() > 0 && !run.faulty("mode") && run.mode != Mode::estimate)
    problems.add("{}: needs mode = 'estimate', not '{}'", where, name_of(run.mode, mode_names));
  for (const ParameterSettings& parameter : settings.parameters)
    if (!parameter.faulty("time") && !parameter.faulty("name") &&
        parameter.time != TimeBasis::constant)
      problems.add("{}: {} ({}) varies in time, and the parts would have different knots: must be "
                   "time = 'constant'",
                   where, info(parameter.name).name, parameter.at("time"));
  check_initial(settings, where, problems);
}

} // namespace glebe
