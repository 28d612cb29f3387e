// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/parameter_use.hpp"
#include "glebe/config/settings_table.hpp"

#include <algorithm>
#include <cmath>

#include "check_settings.hpp"

namespace glebe {

namespace {

/// Whether value, lower and upper are those of a ratio to another parameter; the range of the
/// products is checked when the values are known.
bool is_ratio(const ParameterSettings& parameter) { return !parameter.ratio_to.empty(); }

void check_numbers(const ParameterSettings& parameter, Problems& problems) {
  if (is_ratio(parameter)) return;
  const ParameterInfo& known = info(parameter.name);
  const Range range = allowed_range(known);
  const bool not_zero = parameter.name == Parameter::bowen_ratio;
  const auto check = [&](const char* key, double number) {
    if (!range.contains(number))
      problems.add("{} = {}: {} must be {}", parameter.where(key), number, known.name,
                   range.describe(known.unit));
    if (not_zero && std::abs(number) < 1e-9)
      problems.add("{} = {}: {} must not be 0", parameter.where(key), number, known.name);
  };
  if (!parameter.faulty("value"))
    for (const double value : parameter.value) check("value", value);
  if (parameter.lower && !parameter.faulty("lower")) check("lower", *parameter.lower);
  if (parameter.upper && !parameter.faulty("upper")) check("upper", *parameter.upper);
}

/// Controls are scaled by the width of their bounds, and priors with them: neither may be lost in
/// the rounding of the other numbers.
void check_width(const ParameterSettings& parameter, double width, double size,
                 Problems& problems) {
  constexpr double least = 1e-9, most = 1e9;
  if (width < least * size)
    problems.add("{} = {}: must be above lower = {} by a billionth of it or more",
                 parameter.where("upper"), *parameter.upper, *parameter.lower);
  const auto check = [&](const char* key, const std::optional<double>& std) {
    if (!std || parameter.faulty(key) || (*std >= least * width && *std <= most * width)) return;
    problems.add("{} = {}: must be {:g} to {:g} times upper - lower = {:g}", parameter.where(key),
                 *std, least, most, width);
  };
  if (!parameter.estimate) return;
  check("prior_std", parameter.prior_std);
  check("time_std", parameter.time_std);
}

void check_bounds(const ParameterSettings& parameter, Problems& problems) {
  if (parameter.estimate)
    for (const char* key : {"lower", "upper"})
      if (!parameter.given(key))
        problems.add("{}: required with estimate = .true.", parameter.where(key));
  if (!parameter.lower || !parameter.upper) return;
  if (parameter.faulty("lower") || parameter.faulty("upper")) return;
  const double lower = *parameter.lower;
  const double upper = *parameter.upper;
  if (lower >= upper) {
    problems.add("{} = {}: must be less than upper = {}", parameter.where("lower"), lower, upper);
    return;
  }
  check_width(parameter, upper - lower, std::max(std::abs(lower), std::abs(upper)), problems);
  if (parameter.name == Parameter::bowen_ratio && !is_ratio(parameter) && lower < 0 && upper > 0)
    problems.add("{} = {}: lower and upper = {} must not enclose 0", parameter.where("lower"),
                 lower, upper);
  if (!parameter.estimate || parameter.faulty("value")) return;
  for (const double value : parameter.value)
    if (value < lower || value > upper)
      problems.add("{} = {}: must be from lower = {} to upper = {}", parameter.where("value"),
                   value, lower, upper);
}

void check_knots(const Settings& settings, const ParameterSettings& parameter, Problems& problems) {
  const ParameterInfo& known = info(parameter.name);
  const bool knots = known.place == Place::knot;
  if (parameter.faulty("depth")) return;
  const auto& depths = parameter.depth;
  if (!knots && parameter.given("depth"))
    problems.add("{}: {} has no depth", parameter.where("depth"), known.name);
  if (knots) {
    if (depths.empty()) problems.add("{}: required for {}", parameter.where("depth"), known.name);
    if (std::adjacent_find(depths.begin(), depths.end(), std::greater_equal<>()) != depths.end())
      problems.add("{}: must increase", parameter.where("depth"));
    const auto bottom = soil_depth(settings);
    for (const double depth : depths)
      if (bottom && depth > *bottom + depth_tolerance)
        problems.add("{} = {}: must be within the soil, 0 to {} m", parameter.where("depth"), depth,
                     *bottom);
  }
  const std::size_t count = parameter.value.size();
  if (count <= 1 || parameter.faulty("value") || parameter.faulty("time")) return;
  if (knots && count != depths.size())
    problems.add("{}: {} values for {} depths: must be one, or one for each",
                 parameter.where("value"), count, depths.size());
  if (!knots && parameter.time == TimeBasis::constant)
    problems.add("{}: must be one value, found {}", parameter.where("value"), count);
}

/// Returns whether the horizons of the parameter are known.
bool check_horizon(const Settings& settings, const ParameterSettings& parameter,
                   Problems& problems) {
  if (parameter.faulty("horizon")) return false;
  if (parameter.horizon.empty()) return true;
  if (info(parameter.name).place != Place::horizon) {
    problems.add("{}: {} does not belong to a horizon", parameter.where("horizon"),
                 info(parameter.name).name);
    return true;
  }
  std::vector<std::string> names;
  for (const HorizonSettings& horizon : settings.horizons) {
    if (horizon.faulty("name")) return false;
    names.push_back(horizon.name);
  }
  if (std::find(names.begin(), names.end(), parameter.horizon) != names.end()) return true;
  problems.add("{} = '{}': no such horizon{}", parameter.where("horizon"), parameter.horizon,
               did_you_mean(parameter.horizon, names));
  return false;
}

void check_source(const ParameterSettings& parameter, Problems& problems) {
  if (!parameter.same_as.empty()) return;
  if (parameter.faulty("value") || parameter.faulty("file")) return;
  const bool has_file = !parameter.file.empty();
  if (has_file && !parameter.value.empty())
    problems.add("{}: must not be given with value", parameter.where("file"));
  if (!has_file && parameter.value.empty())
    problems.add("{}: value or file is required", parameter.where());
}

/// Checks that a parameter is given where it is needed, once for each place, and not elsewhere.
void check_presence(Parameter parameter, const Settings& settings, Problems& problems) {
  const ParameterInfo& known = info(parameter);
  const ParameterUse use = use_of(parameter, settings);
  const bool required = std::isnan(known.default_value);
  std::vector<const ParameterSettings*> given;
  for (const ParameterSettings& candidate : settings.parameters)
    if (candidate.name == parameter && !candidate.faulty("name")) given.push_back(&candidate);

  if (!use.used) {
    for (const ParameterSettings* unused : given)
      problems.add("{} = '{}': not used by this model, only with {}", unused->where("name"),
                   known.name, use.choice);
    return;
  }
  const auto missing = [&](const std::string& where) {
    problems.add("{}: &parameter: {} is missing{}{}{}", settings.file, known.name, where,
                 use.choice.empty() ? "" : ", needed with ", use.choice);
  };
  const auto twice = [&](const ParameterSettings& second, const ParameterSettings& first,
                         const std::string& where) {
    problems.add("{} = '{}': given twice{}, first at {}", second.where("name"), known.name, where,
                 first.at());
  };

  if (known.place == Place::horizon) {
    for (const HorizonSettings& horizon : settings.horizons) {
      const ParameterSettings* first = nullptr;
      for (const ParameterSettings* candidate : given) {
        if (!candidate->horizon.empty() && candidate->horizon != horizon.name) continue;
        if (first) twice(*candidate, *first, fmt::format(" for horizon '{}'", horizon.name));
        if (!first) first = candidate;
      }
      if (!first && required) missing(fmt::format(" for horizon '{}'", horizon.name));
    }
    return;
  }
  if (known.place == Place::stream) {
    for (std::size_t i = 1; i < given.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (given[i]->stream == given[j]->stream && !given[i]->stream.empty())
          twice(*given[i], *given[j], fmt::format(" for stream '{}'", given[i]->stream));
    return;
  }
  if (given.empty() && required) missing("");
  for (std::size_t i = 1; i < given.size(); ++i) {
    if (known.place != Place::knot) {
      twice(*given[i], *given[0], "");
      continue;
    }
    // The profile may be given by several groups, but each depth only once.
    for (std::size_t j = 0; j < i; ++j)
      for (const double depth : given[i]->depth)
        if (std::count(given[j]->depth.begin(), given[j]->depth.end(), depth) > 0)
          twice(*given[i], *given[j], fmt::format(" for depth {} m", depth));
  }
}

} // namespace

void check_parameters(const Settings& settings, Problems& problems) {
  bool places_known = true;
  for (const ParameterSettings& parameter : settings.parameters) {
    check_source(parameter, problems);
    if (parameter.faulty("name")) {
      places_known = false;
      continue;
    }
    check_numbers(parameter, problems);
    check_bounds(parameter, problems);
    check_knots(settings, parameter, problems);
    check_sensor(settings, parameter, problems);
    places_known = check_horizon(settings, parameter, problems) && places_known;
  }
  for (const HorizonSettings& horizon : settings.horizons)
    places_known = places_known && !horizon.faulty("name");
  const bool physics_known = !settings.surface.faulty("turbulence") &&
                             !settings.surface.faulty("snow_conductivity_model") &&
                             !settings.surface.faulty("exchange") &&
                             !settings.surface.faulty("evaporation") &&
                             !settings.soil.faulty("bottom") && !settings.soil.faulty("initial");
  if (!places_known || !physics_known) return;
  for (std::size_t i = 0; i < parameter_count; ++i)
    check_presence(static_cast<Parameter>(i), settings, problems);
}

} // namespace glebe
