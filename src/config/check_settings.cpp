// SPDX-License-Identifier: BSD-3-Clause
#include "check_settings.hpp"

#include "glebe/config/needed_inputs.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

std::optional<double> soil_depth(const Settings& settings) {
  const SoilSettings& soil = settings.soil;
  const BoundarySettings* bottom = settings.boundary_at(End::bottom);
  const bool measured = bottom && bottom->given("depth") && !bottom->faulty("depth");
  const bool known = soil.given("depth") || soil.given("node_depths") || measured;
  if (!known || soil.faulty("depth") || soil.faulty("node_depths")) return {};
  if (soil.depth <= soil.top) return {};
  return soil.depth;
}

double comparable_days(const DateTime& instant) {
  if (instant.second_of_day < 0.0 || instant.second_of_day > seconds_per_day) return std::nan("");
  return 372.0 * static_cast<double>(instant.year) + 31.0 * instant.month + instant.day +
         instant.second_of_day / seconds_per_day;
}

std::string minute_text(const DateTime& instant) {
  const int minutes = static_cast<int>(instant.second_of_day / 60.0);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", instant.year, instant.month, instant.day,
                     minutes / 60, minutes % 60);
}

namespace {

void check_run(const Settings& settings, Problems& problems) {
  const RunSettings& run = settings.run;
  check_outputs(settings, problems);
  if (run.faulty("mode") || run.line() == 0) return;

  const TwinSettings& twin = settings.twin;
  if (run.mode == Mode::twin) {
    if (twin.file.empty() && !twin.faulty("file"))
      problems.add("{}: required for mode = 'twin'", twin.where("file"));
    const std::size_t streams = settings.observations.size();
    if (streams == 0) problems.add("{}: mode 'twin' needs an &observation", run.where("mode"));
    if (twin.noise.size() != 1 && twin.noise.size() != streams && !twin.faulty("noise"))
      problems.add("{}: {} values for {} observations: must be one, or one for each",
                   twin.where("noise"), twin.noise.size(), streams);
  }
  const char* mode = name_of(run.mode, mode_names);
  if (compares_with_data(settings) || run.mode == Mode::design) {
    const auto& parameters = settings.parameters;
    if (std::none_of(parameters.begin(), parameters.end(),
                     [](const auto& p) { return p.estimate || p.faulty("estimate"); }))
      problems.add("{}: mode '{}' needs a &parameter with estimate = .true.", run.where("mode"),
                   mode);
  }
  if (compares_with_data(settings)) {
    const auto& observations = settings.observations;
    if (std::none_of(observations.begin(), observations.end(), [](const auto& o) {
          return (!o.file.empty() || o.faulty("file")) && !o.withhold;
        }))
      problems.add("{}: mode '{}' needs an &observation with a file that is not withheld",
                   run.where("mode"), mode);
  }
}

void check_time(const TimeSettings& time, Problems& problems) {
  if (!time.given("start") || !time.given("stop") || time.faulty("start") || time.faulty("stop"))
    return;
  if (comparable_days(time.start) >= comparable_days(time.stop))
    problems.add("{} = '{}': must be after start = '{}'", time.where("stop"),
                 minute_text(time.stop), minute_text(time.start));
}

void check_soil(const Settings& settings, Problems& problems) {
  const SoilSettings& soil = settings.soil;
  const bool refused = soil.faulty("depth") || soil.faulty("node_depths");
  if (soil.line() > 0 && !refused && !soil.given("depth") && !soil.given("node_depths") &&
      !settings.boundary_at(End::bottom))
    problems.add("{}: depth or node_depths is required", soil.where());
  if (soil.given("node_depths")) {
    for (const char* key : {"depth", "nodes", "stretch"})
      if (soil.given(key)) problems.add("{}: must not be given with node_depths", soil.where(key));
    if (!soil.faulty("node_depths")) {
      const auto& depths = soil.node_depths;
      const bool increasing =
          std::adjacent_find(depths.begin(), depths.end(), std::greater_equal<>()) == depths.end();
      if (std::abs(depths.front() - soil.top) > depth_tolerance || !increasing)
        problems.add("{}: must increase from {}", soil.where("node_depths"), soil.top);
      if (depths.size() < 3)
        problems.add("{}: {} depths: must be 3 or more", soil.where("node_depths"), depths.size());
    }
  }
  if (soil.initial == Initial::file && !soil.faulty("initial")) {
    if (soil.initial_file.empty() && !soil.faulty("initial_file"))
      problems.add("{}: required for initial = 'file'", soil.where("initial_file"));
    if (soil.initial_variable.empty() && !soil.faulty("initial_variable"))
      problems.add("{}: required for initial = 'file'", soil.where("initial_variable"));
  }
}

void check_horizons(const Settings& settings, Problems& problems) {
  const auto& horizons = settings.horizons;
  if (horizons.front().line() == 0) return; // made, not given
  bool sound = true;
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const HorizonSettings& horizon = horizons[i];
    sound = sound && !horizon.faulty("bottom");
    if (i == 0 && sound && horizon.bottom <= settings.soil.top)
      problems.add("{} = {}: must be below the top of the column, {} m", horizon.where("bottom"),
                   horizon.bottom, settings.soil.top);
    if (i > 0 && sound && horizon.bottom <= horizons[i - 1].bottom)
      problems.add("{} = {}: must be below the bottom of the horizon above, {} m",
                   horizon.where("bottom"), horizon.bottom, horizons[i - 1].bottom);
    if (horizon.faulty("name")) continue;
    if (horizon.name.empty()) problems.add("{}: must not be empty", horizon.where("name"));
    const auto first = std::find_if(horizons.begin(), horizons.end(),
                                    [&](const auto& other) { return other.name == horizon.name; });
    if (&*first != &horizon && !horizon.name.empty())
      problems.add("{} = '{}': already the name of the horizon at {}", horizon.where("name"),
                   horizon.name, first->at());
  }
  const auto depth = soil_depth(settings);
  const HorizonSettings& last = horizons.back();
  if (sound && depth && std::abs(last.bottom - *depth) > depth_tolerance)
    problems.add("{} = {}: the last horizon must end at the depth of the soil, {} m",
                 last.where("bottom"), last.bottom, *depth);
}

void check_grid(const GridSettings& grid, Problems& problems) {
  if (!grid.mask_file.empty() && grid.mask_variable.empty() && !grid.faulty("mask_variable"))
    problems.add("{}: required with mask_file", grid.where("mask_variable"));
  if (grid.mask_file.empty() && !grid.mask_variable.empty() && !grid.faulty("mask_file"))
    problems.add("{}: required with mask_variable", grid.where("mask_file"));
}

// Whether every input that is read has its own value of a key.
bool each_has_its_own(const Settings& settings, const char* key) {
  const auto has = [&](const std::string& name) {
    return std::ranges::any_of(settings.inputs, [&](const InputSettings& input) {
      return input.name == name && input.given(key);
    });
  };
  const ForcingSettings& forcing = settings.forcing;
  return std::ranges::all_of(needed_inputs(settings, InputGroup::forcing), [&](Input input) {
    if (forcing.constant[input]) return true;
    if (input == Input::longwave && forcing.models_longwave()) return true;
    if (input == Input::wind && forcing.has_wind_components())
      return has("wind_east") && has("wind_north");
    return has(info(input).name);
  });
}

void check_site(const SiteSettings& site, Problems& problems) {
  const auto either = [&](const char* key) { return site.given(key) || site.faulty(key); };
  for (const char* key : {"latitude", "longitude"})
    if (!either(key) && (either("latitude") || either("longitude")))
      problems.add("{}: latitude and longitude must be given together", site.where(key));
}

// The longwave radiation comes from one of variable, constant and model.
void check_longwave_model(const ForcingSettings& forcing, Problems& problems) {
  if (forcing.faulty("longwave_model") || forcing.faulty("cloud")) return;
  if (!forcing.models_longwave()) {
    if (forcing.cloud != ForcingSettings().cloud)
      problems.add("{}: not used, only with a longwave_model", forcing.where("cloud"));
    return;
  }
  if (forcing.source != ForcingSource::file)
    problems.add("{}: only for source = 'file'", forcing.where("longwave_model"));
  for (const char* key : {"longwave", "longwave_constant"})
    if (forcing.given(key))
      problems.add("{}: must not be given with longwave_model", forcing.where(key));
  if (forcing.cloud != Cloud::none && forcing.constant[Input::shortwave])
    problems.add(
        "{}: must not be given with a longwave_model unless cloud = 'none', because clouds "
        "are told from shortwave radiation",
        forcing.where("shortwave_constant"));
}

void check_forcing(const Settings& settings, Problems& problems) {
  const ForcingSettings& forcing = settings.forcing;
  if (forcing.line() == 0 && settings.has_surface())
    problems.add("{}: &forcing: required group is missing", settings.file);
  if (forcing.line() == 0 || forcing.faulty("source")) return;
  check_longwave_model(forcing, problems);
  const bool from_file = forcing.source == ForcingSource::file;
  if (from_file) {
    for (const char* key : {"file", "stamp"})
      if (!forcing.given(key) && !forcing.faulty(key) && !each_has_its_own(settings, key))
        problems.add("{}: required for source = 'file'", forcing.where(key));
    if (forcing.given("file") && forcing.file.empty() && !forcing.faulty("file"))
      problems.add("{}: must not be empty", forcing.where("file"));
  } else if (forcing.constant[Input::shortwave]) {
    problems.add("{}: must not be given with source = 'clear_sky'",
                 forcing.where("shortwave_constant"));
  } else if (!forcing.faulty("sunrise") && !forcing.faulty("sunset") &&
             forcing.sunrise >= forcing.sunset) {
    problems.add("{} = {}: must be after sunrise, {} h", forcing.where("sunset"), forcing.sunset,
                 forcing.sunrise);
  }

  // An input comes from its variable or from its constant; a clear sky has no variables, but makes
  // its shortwave radiation.
  for (const Input input : needed_inputs(settings, InputGroup::forcing)) {
    const std::string key = info(input).name, constant_key = key + "_constant";
    const bool has_variable =
        !forcing.variable[input].empty() || (input == Input::wind && forcing.has_wind_components());
    if (input == Input::longwave && forcing.models_longwave()) continue;
    const bool given = from_file ? has_variable : input == Input::shortwave;
    if (given || forcing.constant[input]) continue;
    if (forcing.faulty(key) || forcing.faulty(constant_key)) continue;
    problems.add("{}: {} is required{}", forcing.where(),
                 !from_file                 ? constant_key
                 : input == Input::longwave ? "longwave, longwave_model or longwave_constant"
                                            : fmt::format("{} or {}", key, constant_key),
                 from_file || !purpose(input).empty() ? purpose(input)
                                                      : " for source = 'clear_sky'");
  }
  if (settings.has_surface() && forcing.has(Input::snow_density) &&
      !settings.surface.snow_by_density() && !settings.surface.faulty("snow_conductivity_model"))
    problems.add("{}: not used with &surface snow_conductivity_model = 'constant', only with "
                 "'jordan', 'sturm' or 'fsm'",
                 forcing.where(forcing.constant[Input::snow_density] ? "snow_density_constant"
                                                                     : "snow_density"));
  if (forcing.has_wind_components() && !forcing.variable[Input::wind].empty())
    problems.add("{}: must not be given with wind_east and wind_north", forcing.where("wind"));
  if (forcing.wind_east.empty() != forcing.wind_north.empty())
    problems.add("{}: wind_east and wind_north must be given together",
                 forcing.where(forcing.wind_east.empty() ? "wind_north" : "wind_east"));
}

} // namespace

void check_settings(const Settings& settings, Problems& problems) {
  check_run(settings, problems);
  check_time(settings.time, problems);
  check_soil(settings, problems);
  check_horizons(settings, problems);
  check_grid(settings.grid, problems);
  check_site(settings.site, problems);
  check_surface(settings, problems);
  check_boundaries(settings, problems);
  check_moisture(settings, problems);
  check_forcing(settings, problems);
  check_inputs(settings, problems);
  check_parameters(settings, problems);
  check_considered(settings, problems);
  check_ties(settings, problems);
  check_stages(settings, problems);
  check_observations(settings, problems);
  check_variation(settings, problems);
  check_optimizer(settings, problems);
  check_split(settings, problems);
  check_posterior(settings, problems);
  check_designs(settings, problems);
  const CheckpointSettings& checkpoint = settings.checkpoint;
  if (checkpoint.restart != Restart::never && checkpoint.file.empty() && !checkpoint.faulty("file"))
    problems.add("{}: required for restart = '{}'", checkpoint.where("file"),
                 name_of(checkpoint.restart, restart_names));
}

} // namespace glebe
