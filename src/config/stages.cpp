// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/stages.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/parameter_reference.hpp"

#include <algorithm>
#include <sstream>

#include "check_settings.hpp"

namespace glebe {

namespace {

// Whether a reference includes a parameter in one place.
bool includes(const ParameterReference& reference, const ParameterSlot& slot,
              const Settings& settings) {
  return reference.parameter == slot.parameter &&
         (reference.horizon.empty() || reference.horizon == settings.horizons[slot.index].name);
}

class StageChecks {
public:
  StageChecks(const Settings& settings, Problems& problems)
      : settings_(settings), where_(settings.stages.where("free")), problems_(problems) {
    for (const ParameterSettings& parameter : settings.parameters)
      for (const GivenPlace& place : places_of(parameter, settings)) places_.push_back(place);
  }

  void check() {
    for (std::size_t stage = 0; stage < settings_.stages.free.size(); ++stage) {
      for (const std::string& name : names_in_stage(settings_.stages.free[stage]))
        check_name(name, stage);
    }
  }

private:
  void check_name(const std::string& name, std::size_t stage) {
    try {
      check_reference(parse_reference(name, settings_), name, stage);
    } catch (const InputError& error) {
      problems_.add("{}: {}", where_, error.what());
    }
  }

  void check_reference(const ParameterReference& reference, const std::string& name,
                       std::size_t stage) {
    std::size_t n_estimated = 0;
    const GivenPlace* follower = nullptr;
    for (const GivenPlace& place : places_) {
      if (!includes(reference, place.slot, settings_)) continue;
      n_estimated += place.settings->estimate;
      if (!place.settings->same_as.empty()) follower = &place;
    }
    for (const auto& [other, other_stage] : named_)
      for (const GivenPlace& place : places_)
        if (includes(reference, place.slot, settings_) && includes(other, place.slot, settings_)) {
          problems_.add("{} = '{}': named twice, in stage {} and in stage {}", where_, name,
                        other_stage + 1, stage + 1);
          return;
        }
    named_.emplace_back(reference, stage);
    if (n_estimated > 0) return;
    if (follower)
      problems_.add("{} = '{}': follows '{}', which is to be named in its place", where_, name,
                    follower->settings->same_as);
    else
      problems_.add("{} = '{}': is not a parameter that is estimated{}", where_, name,
                    did_you_mean(name, estimated()));
  }

  std::vector<std::string> estimated() const {
    std::vector<std::string> names;
    for (const GivenPlace& place : places_)
      if (place.settings->estimate)
        names.push_back(reference_to(place.slot, horizon_names(settings_)));
    return names;
  }

  const Settings& settings_;
  const std::string where_;
  Problems& problems_;
  std::vector<GivenPlace> places_;
  std::vector<std::pair<ParameterReference, std::size_t>> named_;
};

} // namespace

std::vector<std::string> names_in_stage(const std::string& free) {
  std::istringstream words(free);
  std::vector<std::string> names;
  for (std::string word; words >> word;) names.push_back(word);
  return names;
}

std::size_t stage_of(const ParameterSlot& slot, const Settings& settings) {
  const std::vector<std::string>& free = settings.stages.free;
  for (std::size_t stage = 0; stage < free.size(); ++stage)
    for (const std::string& name : names_in_stage(free[stage]))
      if (includes(parse_reference(name, settings), slot, settings)) return stage;
  return free.size();
}

void check_stages(const Settings& settings, Problems& problems) {
  const StagesSettings& stages = settings.stages;
  if (stages.free.empty() || stages.faulty("free")) return;
  const OptimizerSettings& optimizer = settings.optimizer;
  if (optimizer.starts > 1 && !optimizer.faulty("starts"))
    problems.add("{} = {}: must be 1 with &stages, each of which starts from the last",
                 optimizer.where("starts"), optimizer.starts);
  for (const HorizonSettings& horizon : settings.horizons)
    if (horizon.faulty("name")) return;
  for (const ParameterSettings& parameter : settings.parameters)
    for (const char* key : {"name", "horizon", "estimate", "same_as"})
      if (parameter.faulty(key)) return;
  StageChecks(settings, problems).check();
}

} // namespace glebe
