// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

/// Adds a problem for every name in `names` that is not an estimated parameter.
void check_estimated(const Settings& settings, const GroupOrigin& group, const char* key,
                     const std::vector<std::string>& names, Problems& problems) {
  if (group.faulty(key)) return;
  std::vector<std::string> estimated;
  for (const ParameterSettings& parameter : settings.parameters) {
    if (parameter.faulty("name") || parameter.faulty("estimate")) return;
    if (parameter.estimate) estimated.emplace_back(info(parameter.name).name);
  }
  for (const std::string& name : names)
    if (std::find(estimated.begin(), estimated.end(), name) == estimated.end())
      problems.add("{} = '{}': is not a parameter that is estimated{}", group.where(key), name,
                   did_you_mean(name, estimated));
}

const ObservationSettings* find_stream(const Settings& settings, const std::string& name) {
  for (const ObservationSettings& observation : settings.observations)
    if (observation.name == name) return &observation;
  return nullptr;
}

void check_error(const ObservationSettings& stream, Problems& problems) {
  if (!stream.sigma && !stream.faulty("sigma"))
    problems.add("{}: required for mode = 'design'", stream.where("sigma"));
}

void check_streams(const Settings& settings, const DesignSettings& design, Problems& problems) {
  if (design.faulty("streams")) return;
  std::vector<std::string> names;
  for (const ObservationSettings& observation : settings.observations)
    names.push_back(observation.name);
  for (const std::string& name : design.streams) {
    const ObservationSettings* stream = find_stream(settings, name);
    if (!stream)
      problems.add("{} = '{}': no such &observation{}", design.where("streams"), name,
                   did_you_mean(name, names));
  }
  if (design.streams.empty() && design.depths.empty() && !design.faulty("depths") && names.empty())
    problems.add("{}: needs streams or depths: there is no &observation", design.where());
}

void check_candidates(const Settings& settings, const DesignSettings& design, Problems& problems) {
  if (design.faulty("depths")) return;
  if (design.depths.empty()) {
    for (const char* key : {"sigma", "error_memory", "sensors", "kind"})
      if (design.given(key)) problems.add("{}: needs depths", design.where(key));
    return;
  }
  if (!design.sigma && !design.faulty("sigma"))
    problems.add("{}: required with depths", design.where("sigma"));
  if (!design.faulty("kind") && !info(design.kind).has_depth)
    problems.add("{} = '{}': has no depth", design.where("kind"), info(design.kind).name);
  if (!design.faulty("sensors") && static_cast<std::size_t>(design.sensors) > design.depths.size())
    problems.add("{} = {}: more than the number of depths, {}", design.where("sensors"),
                 design.sensors, design.depths.size());
  auto sorted = design.depths;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) problems.add("{} = {}: given twice", design.where("depths"), *twice);
  const auto bottom = soil_depth(settings);
  for (const double depth : design.depths)
    if (bottom && depth > *bottom + depth_tolerance)
      problems.add("{} = {}: must be within the soil, 0 to {} m", design.where("depths"), depth,
                   *bottom);
}

} // namespace

void check_posterior(const Settings& settings, Problems& problems) {
  const PosteriorSettings& posterior = settings.posterior;
  if (settings.run.faulty("mode")) return;
  check_estimated(settings, posterior, "profile", posterior.profile, problems);
  if (posterior.bootstrap == 1)
    problems.add("{} = 1: must be 0 or at least 2", posterior.where("bootstrap"));
}

void check_designs(const Settings& settings, Problems& problems) {
  const bool wanted = settings.run.mode == Mode::design;
  if (settings.run.faulty("mode") || !wanted) return;
  if (settings.designs.empty())
    problems.add("{}: mode 'design' needs a &design", settings.run.where("mode"));
  for (const ObservationSettings& observation : settings.observations)
    check_error(observation, problems);
  for (const DesignSettings& design : settings.designs) {
    check_streams(settings, design, problems);
    check_candidates(settings, design, problems);
    const auto first =
        std::find_if(settings.designs.begin(), settings.designs.end(),
                     [&](const DesignSettings& other) { return other.name == design.name; });
    if (&*first != &design && !design.faulty("name"))
      problems.add("{} = '{}': already the name of the design at {}", design.where("name"),
                   design.name, first->at());
  }
  check_estimated(settings, settings.ranking, "parameters", settings.ranking.parameters, problems);
}

} // namespace glebe
