// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/forms.hpp"
#include "glebe/config/result_names.hpp"

#include <algorithm>
#include <cctype>

#include "check_settings.hpp"

namespace glebe {

namespace {

/// Whether NetCDF accepts a name, and tools need not escape it.
bool is_netcdf_name(std::string_view name) {
  const auto alphanumeric = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto usable = [&](char c) {
    return alphanumeric(c) || std::string_view("_.@+-").find(c) != std::string_view::npos;
  };
  return !name.empty() && (alphanumeric(name[0]) || name[0] == '_') &&
         std::all_of(name.begin(), name.end(), usable);
}

void check_depth(const Settings& settings, const ObservationSettings& observation,
                 Problems& problems) {
  if (observation.faulty("kind") || observation.faulty("depth")) return;
  const auto& kind = info(observation.kind);
  if (kind.has_depth && !observation.depth)
    problems.add("{}: required for kind = '{}'", observation.where("depth"), kind.name);
  if (!kind.has_depth && observation.depth)
    problems.add("{}: kind = '{}' has no depth", observation.where("depth"), kind.name);
  if (!kind.has_depth && !settings.has_surface())
    problems.add("{} = '{}': is of the surface, and the column begins below it, with &boundary end "
                 "= 'top'",
                 observation.where("kind"), kind.name);
  const double top = settings.soil.top;
  const auto bottom = soil_depth(settings);
  if (kind.has_depth && observation.depth && bottom &&
      (*observation.depth > *bottom + depth_tolerance ||
       *observation.depth < top - depth_tolerance))
    problems.add("{} = {}: must be within the soil, {} to {} m", observation.where("depth"),
                 *observation.depth, top, *bottom);
}

// What net radiation leaves to be observed of itself.
void check_radiation(const Settings& settings, const ObservationSettings& observation,
                     Problems& problems) {
  if (observation.faulty("kind") || !settings.has_surface()) return;
  if (!settings.forcing.has(Input::net_radiation)) return;
  const char* name = info(observation.kind).name;
  if (observation.kind == ObservationKind::net_radiation)
    problems.add("{} = '{}': is an input of this run, &forcing net_radiation",
                 observation.where("kind"), name);
  if (!is_modelled(observation.kind, settings))
    problems.add(
        "{} = '{}': needs shortwave and longwave radiation, not &forcing net_radiation, in "
        "which the emission of the surface is contained",
        observation.where("kind"), name);
}

void check_data(const Settings& settings, const ObservationSettings& observation,
                Problems& problems) {
  const bool has_file = !observation.file.empty();
  const bool number = observation.given("sigma");
  const bool variable = !observation.sigma_variable.empty();
  if (number && variable)
    problems.add("{}: must not be given with sigma_variable", observation.where("sigma"));
  const bool fitted =
      !settings.run.faulty("mode") && compares_with_data(settings) && !observation.withhold;
  if (has_file && fitted && !number && !variable && !observation.faulty("sigma_variable"))
    problems.add("{}: sigma or sigma_variable is required for mode = '{}' unless the stream is "
                 "withheld",
                 observation.where(), name_of(settings.run.mode, mode_names));
  if (observation.faulty("file")) return;
  if (has_file && !observation.given("stamp"))
    problems.add("{}: required with file", observation.where("stamp"));
  if (has_file) return;
  if (variable)
    problems.add("{}: needs file, from which it is read", observation.where("sigma_variable"));
  if (!observation.qc_variable.empty())
    problems.add("{}: needs file, from which it is read", observation.where("qc_variable"));
}

void check_memory(const Settings& settings, const ObservationSettings& observation,
                  Problems& problems) {
  if (observation.faulty("error_memory") || !observation.error_memory.any()) return;
  if (!observation.faulty("loss") && observation.loss == Loss::huber)
    problems.add(
        "{}: must not be given with loss = 'huber': an error that lasts is told by the values "
        "after it, so that a single bad one cannot be weighed by itself; leave outliers out "
        "by qc_variable, and use loss = 'gaussian'",
        observation.where("error_memory"));
  if (settings.run.faulty("mode") || !observation.error_memory.automatic) return;
  const Mode mode = settings.run.mode;
  if (mode == Mode::twin || mode == Mode::design || mode == Mode::gradient_test)
    problems.add("{} = 'auto': is found by mode = 'estimate'; mode = '{}' needs a number of hours",
                 observation.where("error_memory"), name_of(mode, mode_names));
}

/// Whether a stream has the name of another kind: forward runs write a variable for every kind.
bool is_other_kind(const ObservationSettings& observation) {
  return std::any_of(observation_kind_table.begin(), observation_kind_table.end(),
                     [&](const ObservationKindInfo& kind) {
                       return observation.name == kind.name && &kind != &info(observation.kind);
                     });
}

} // namespace

void check_observations(const Settings& settings, Problems& problems) {
  const auto& observations = settings.observations;
  for (const ObservationSettings& observation : observations) {
    check_depth(settings, observation, problems);
    check_radiation(settings, observation, problems);
    check_data(settings, observation, problems);
    check_memory(settings, observation, problems);
    check_errors(observation, problems);
    if (observation.faulty("name") || observation.faulty("kind") || observation.faulty("depth"))
      continue;
    if (!is_netcdf_name(observation.name))
      problems.add("{} = '{}': must be a NetCDF name: letters, digits and _ . @ + -, beginning "
                   "with a letter, a digit or _",
                   observation.where("name"), observation.name);
    if (is_result_name(observation.name) || is_other_kind(observation))
      problems.add("{} = '{}': is the name of another variable of the result",
                   observation.where("name"), observation.name);
    const auto first =
        std::find_if(observations.begin(), observations.end(),
                     [&](const auto& other) { return other.name == observation.name; });
    if (&*first != &observation)
      problems.add("{} = '{}': already the name of the stream at {}", observation.where("name"),
                   observation.name, first->at());
  }
}

} // namespace glebe
