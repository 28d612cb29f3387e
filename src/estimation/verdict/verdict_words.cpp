// SPDX-License-Identifier: BSD-3-Clause
// The verdict in words, and what would help.
#include "glebe/estimation/verdict/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "uncertainty_words.hpp"

namespace glebe {

namespace {

bool is_soil(Parameter parameter) { return info(parameter).place == Place::horizon; }
bool is_of_freezing(Parameter parameter) {
  return parameter == Parameter::frozen_kersten_shape ||
         (Parameter::freezing_a <= parameter && parameter <= Parameter::unfrozen_water);
}
bool is_of_wetting(Parameter parameter) {
  return parameter == Parameter::kersten_shape || parameter == Parameter::dry_conductivity;
}
bool is_transfer(Parameter parameter) {
  return parameter == Parameter::heat_transfer || parameter == Parameter::heat_transfer_wind ||
         parameter == Parameter::latent_transfer || parameter == Parameter::bowen_ratio;
}
bool is_of_exchange(Parameter parameter) {
  return parameter == Parameter::stability || parameter == Parameter::roughness_length ||
         parameter == Parameter::heat_roughness;
}
bool is_of_evaporation(Parameter parameter) {
  return parameter == Parameter::surface_resistance || parameter == Parameter::dry_layer;
}
bool is_of_canopy(Parameter parameter) {
  return parameter == Parameter::vegetation_fraction || parameter == Parameter::canopy_transfer;
}

bool is_of_sensor(Parameter parameter) { return info(parameter).place == Place::stream; }

bool observes(const VerdictContext& context, ObservationKind kind) {
  return std::any_of(context.streams.begin(), context.streams.end(),
                     [&](const ObservationSettings& stream) { return stream.kind == kind; });
}

bool tells_surface_temperature(const ObservationSettings& stream) {
  return stream.kind == ObservationKind::surface_temperature ||
         stream.kind == ObservationKind::radiometric_temperature ||
         stream.kind == ObservationKind::longwave_up;
}

bool has_heat_flux(const VerdictContext& context) {
  return observes(context, ObservationKind::ground_heat_flux) ||
         std::ranges::any_of(context.boundaries, [](const BoundarySettings& boundary) {
           return boundary.kind == BoundaryKind::flux;
         });
}

// The number of depths at which a temperature is given or fitted, including the surface.
std::size_t temperature_depths(const VerdictContext& context) {
  std::set<double> depths;
  for (const ObservationSettings& stream : context.streams)
    if (tells_surface_temperature(stream) || stream.kind == ObservationKind::soil_temperature)
      depths.insert(stream.depth.value_or(0.0));
  for (const BoundarySettings& boundary : context.boundaries)
    if (boundary.kind == BoundaryKind::temperature) depths.insert(boundary.depth);
  return depths.size();
}

// What a number should not be taken for, however small its error.
std::string caveat(const VerdictContext& context, Parameter parameter) {
  if (parameter == Parameter::stability)
    return "; leave it at 1: it follows other errors of the model";
  if (parameter == Parameter::longwave_bias)
    return "; it takes up every constant error of the heat fluxes";
  if (parameter == Parameter::air_temperature_bias)
    return "; with the transfer of heat it takes up constant errors of the heat fluxes";
  if (is_of_evaporation(parameter) && !observes(context, ObservationKind::latent_heat))
    return "; without latent heat as data it only takes up what differs between day and night";
  return "";
}

// What contradicts an estimate, however well the data determine it.
std::string contradiction(const ColumnEvidence& evidence, std::size_t k) {
  std::string text;
  if (!evidence.beyond_measured.empty() && evidence.beyond_measured[k] != 0.0)
    text +=
        fmt::format("; but {:.2g} K {} than anything measured in the window: not to be believed",
                    std::abs(evidence.beyond_measured[k]),
                    evidence.beyond_measured[k] < 0.0 ? "colder" : "warmer");
  if (!evidence.from_prior.empty() && std::abs(evidence.from_prior[k]) > far_from_prior)
    text += fmt::format("; but {:.2g} prior_std from its prior", std::abs(evidence.from_prior[k]));
  return text;
}

std::string bound_in_words(const VerdictContext& context, const ColumnEvidence& evidence,
                           std::size_t k) {
  const ControlTraits& control = context.controls[k];
  const bool lower = evidence.bound[k] == AtBound::lower;
  return fmt::format("{} = {:g}{}, its {} bound", control.name,
                     lower ? control.lower : control.upper, unit_suffix(control),
                     lower ? "lower" : "upper");
}

std::string line_of(const VerdictContext& context, const ColumnEvidence& evidence,
                    const Condition& condition) {
  const ControlTraits& control = context.controls[condition.control];
  const std::string unit = unit_suffix(control);
  std::vector<std::string> bounds;
  for (const std::size_t j : condition.given)
    bounds.push_back(bound_in_words(context, evidence, j));
  if (bounds.empty()) bounds.emplace_back("what bounds hold in other columns");
  return fmt::format("{}: conditional, {:.5g}{} given {}; free, at most +- {:.2g}{}{}{}{}",
                     control.name, evidence.estimate[condition.control], unit, joined(bounds),
                     condition.free_std, unit, within_bounds(evidence, condition.control, 0.0),
                     considered_in_words(context, evidence, condition.control),
                     disagreement(evidence, condition.control));
}

// No soil is colder or warmer than all that was measured in and above it: wider bounds would only
// make room for errors.
std::string bound_advice(const VerdictContext& context, const ColumnEvidence& evidence,
                         std::size_t k) {
  if (context.controls[k].is_ratio)
    return "the two differ by more than the bounds of the ratio allow: widen them";
  const Parameter parameter = context.controls[k].parameter;
  const double beyond = evidence.beyond_measured.empty() ? 0.0 : evidence.beyond_measured[k];
  if (beyond != 0.0)
    return fmt::format(
        "{:.2g} K {} than anything measured in the window; leave the bounds, and see "
        "the conflicts",
        std::abs(beyond), beyond < 0.0 ? "colder" : "warmer");
  return advice_at_bound(parameter, is_soil(parameter) ? context.phase_in_soil : context.phase);
}

std::string line_of(const VerdictContext& context, const ColumnEvidence& evidence,
                    const ColumnVerdict& verdict, std::size_t k) {
  const ControlTraits& control = context.controls[k];
  const std::string unit = unit_suffix(control);
  const double estimate = evidence.estimate[k];
  const double std = control.scale() * std::sqrt(evidence.covariance(k, k));
  switch (verdict.of_control[k]) {
  case Verdict::determined:
  case Verdict::several_minima: {
    const bool relative = info(control.parameter).lower == 0.0 && estimate != 0.0;
    const std::string part =
        relative ? fmt::format(" ({:.2g} %)", 100.0 * std / std::abs(estimate)) : "";
    const std::string minima =
        verdict.of_control[k] == Verdict::several_minima
            ? fmt::format(", but {} minima were found by {} starts, costs within {:.3g}: narrow "
                          "the bounds, give a prior or add observations",
                          evidence.distinct_minima, evidence.starts, evidence.cost_spread)
            : "";
    // Wide bounds make much of little: half of the estimate is never known well.
    const double likely = std * evidence.enlargement(k);
    const double known = context.limits.precision * prior_knowledge_std(control, estimate, false);
    const bool rough = likely >= known || (relative && likely > 0.5 * std::abs(estimate));
    return fmt::format("{}: {}determined, {}{}{}{}{}{}{}{}{}", control.name,
                       rough ? "roughly " : "", with_error(estimate, std), unit, part,
                       within_bounds(evidence, k, std), considered_in_words(context, evidence, k),
                       disagreement(evidence, k), minima, caveat(context, control.parameter),
                       contradiction(evidence, k));
  }
  case Verdict::conditional: {
    const auto condition = std::ranges::find(verdict.conditions, k, &Condition::control);
    return line_of(context, evidence, *condition);
  }
  case Verdict::not_determined: {
    const std::string advice = advice_for(context, {&k, 1});
    const std::string blamed = advice_on_considered(context, evidence, k);
    if (std::isnan(std))
      return fmt::format("{}: not determined, the data say nothing of it: {}", control.name,
                         advice);
    return fmt::format("{}: not determined, standard deviation {:.3g}{} compared with {:.3g}{} "
                       "without data{}{}: {}",
                       control.name, std, unit, prior_knowledge_std(control, estimate, true), unit,
                       considered_in_words(context, evidence, k), disagreement(evidence, k),
                       blamed.empty() ? advice : blamed);
  }
  case Verdict::at_lower_bound:
  case Verdict::at_upper_bound: {
    const bool lower = verdict.of_control[k] == Verdict::at_lower_bound;
    return fmt::format("{} at its {} bound, {:g}{}{}: {}", control.name, lower ? "lower" : "upper",
                       lower ? control.lower : control.upper, unit, within_bounds(evidence, k, 0.0),
                       bound_advice(context, evidence, k));
  }
  default:
    return {};
  }
}

std::string line_of(const VerdictContext& context, const Combination& combination) {
  const std::string members = members_in_words(context, combination);
  const std::string known =
      combination.std > 0.0
          ? fmt::format(" = {:.5g}, known to {:.2g} %", combination.value, 100.0 * combination.std)
          : "";
  const std::string advice = advice_for(context, combination.members);
  switch (combination.kind) {
  case Combination::Kind::exact:
    return fmt::format("{} enter only as {}{}: fix one of them{}", members, combination.quantity,
                       known,
                       combination.quantity.find("bowen_ratio") != std::string::npos
                           ? " or observe a turbulent flux; turbulence = 'humidity' can separate "
                             "sensible and latent heat"
                           : " or take a window in which the wind changes");
  case Combination::Kind::correlated:
    return fmt::format(
        "{}: correlation {:.4f}, not separable{}{}: {}", members, combination.correlation,
        combination.quantity.empty() ? "" : fmt::format("; only {}", combination.quantity), known,
        advice);
  case Combination::Kind::several:
    return fmt::format("{}: known only in combination (multiple correlation {:.4f}): {}", members,
                       combination.correlation, advice);
  }
  return {};
}

} // namespace

static std::string suffix(const std::string& unit) { return unit == "1" ? "" : " " + unit; }

std::string unit_suffix(const ControlTraits& control) { return suffix(control.unit); }

std::string unit_suffix(const ConsideredTraits& considered) { return suffix(considered.unit); }

std::string members_in_words(const VerdictContext& context, const Combination& combination) {
  constexpr std::size_t max_names = 4; // more, such as knots in time, are named by the parameter
  std::vector<std::string> names;
  for (const std::size_t k : combination.members) {
    const std::string name = combination.members.size() <= max_names
                                 ? context.controls[k].name
                                 : context.controls[k].quantity();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return joined(names);
}

std::string advice_at_bound(Parameter parameter, std::optional<bool> phase) {
  const bool check = phase.value_or(true);
  switch (parameter) {
  case Parameter::thermal_conductivity:
  case Parameter::heat_capacity:
    return check ? "check depths and time stamps of the soil sensors, and the bounds"
                 : "check the bounds; the residuals do not point to depths or times";
  case Parameter::porosity:
  case Parameter::water_content:
  case Parameter::dry_conductivity:
  case Parameter::solid_conductivity:
  case Parameter::solid_heat_capacity:
    return check ? "check depths and time stamps of the sensors of temperature and water, and the "
                   "bounds"
                 : "check the sensors of water, and the bounds";
  case Parameter::kersten_shape:
  case Parameter::frozen_kersten_shape:
    return "check the water content, &soil conductivity_model and the bounds";
  case Parameter::freezing_a:
  case Parameter::freezing_b:
  case Parameter::retention_alpha:
  case Parameter::retention_n:
  case Parameter::freezing_window:
  case Parameter::unfrozen_water:
    return "check the water content, &soil freezing_model and the bounds";
  case Parameter::water_flux:
    return check ? "check depths and time stamps of the soil sensors, of which an error looks like "
                   "a flow"
                 : "check the bounds; the residuals do not point to depths or times";
  case Parameter::cover_resistance:
  case Parameter::snow_conductivity:
    return "check the depth of the snow, and observe the surface temperature";
  case Parameter::stability:
    return "leave it at 1";
  case Parameter::roughness_length:
  case Parameter::heat_roughness:
    return "check wind_height and air_height, and fix one of the two roughnesses";
  case Parameter::surface_resistance:
  case Parameter::dry_layer:
    return "observe the latent heat, or fix it";
  case Parameter::vegetation_fraction:
  case Parameter::canopy_transfer:
    return "observe the upward longwave radiation, which sees leaves and soil, or leave them out";
  case Parameter::albedo:
    return check ? "check units and time stamps of the shortwave radiation"
                 : "check units of the shortwave radiation, and the bounds";
  case Parameter::emissivity:
    return "check units of the longwave radiation and &surface longwave";
  case Parameter::longwave_bias:
    return "check the longwave radiation: its units, its sensor, or the model that it is from";
  case Parameter::shortwave_scale:
    return "check the shortwave radiation: its units, its time stamps, what shades its sensor";
  case Parameter::air_temperature_bias:
    return "check the air temperature: its units, the height and the shield of its sensor";
  case Parameter::sensor_depth:
    return "check the depth of the sensor, and from where it is counted";
  case Parameter::sensor_bias:
    return "check the units and the calibration of the sensor";
  case Parameter::deep_temperature:
  case Parameter::initial_temperature:
    return "check units of the soil temperatures, and widen the bounds";
  case Parameter::geothermal_flux:
    return "lengthen the spin-up or widen the bounds";
  case Parameter::top_offset:
  case Parameter::top_flux_offset:
  case Parameter::bottom_offset:
  case Parameter::bottom_flux_offset:
    return "check the depth, the calibration and the time stamps of the sensor at this end";
  default:
    return check ? "check time stamps and units of the forcing"
                 : "check units of the forcing, and the bounds";
  }
}

std::string advice_for(const VerdictContext& context, std::span<const std::size_t> controls) {
  const auto any = [&](auto is) {
    return std::any_of(controls.begin(), controls.end(),
                       [&](std::size_t k) { return is(context.controls[k].parameter); });
  };
  if (any(is_of_sensor))
    return "give the error of the sensor a narrower prior, from its installation or calibration";
  if (any([](Parameter p) { return p == Parameter::shortwave_scale; }))
    return "what is absorbed, (1 - albedo) shortwave_scale, is known better than either: give "
           "shortwave_scale the prior_std of its sensor, or fix the albedo";
  if (any(is_of_freezing)) return "take a window in which more of the soil freezes and thaws";
  if (any(is_of_wetting)) return "take a window in which the water content changes more";
  if (any(is_soil)) {
    if (temperature_depths(context) < 2) return "add a second depth";
    if (!has_heat_flux(context))
      return "add a ground heat flux, a longer window or depths farther apart";
    return "use a longer window or depths farther apart";
  }
  if (any([](Parameter p) { return p == Parameter::longwave_bias; }))
    return observes(context, ObservationKind::net_radiation)
               ? "longwave_bias absorbs the same as a constant heat flux: give it a prior_std"
               : "longwave_bias absorbs the same as a constant heat flux: give it a prior_std, or "
                 "add net radiation";
  if (any([](Parameter p) { return p == Parameter::stability; })) return "leave stability at 1";
  if (any(is_of_evaporation) && !observes(context, ObservationKind::latent_heat))
    return "add the latent heat";
  if (any(is_of_canopy) && !observes(context, ObservationKind::longwave_up))
    return "add the upward longwave radiation, which sees leaves and soil";
  if (any(is_of_exchange) && controls.size() > 1 && std::ranges::all_of(controls, [&](auto k) {
        return is_of_exchange(context.controls[k].parameter);
      }))
    return "fix one of them, or add a turbulent flux and a window with other winds";
  if (any(is_transfer) || any(is_of_exchange)) {
    if (std::ranges::none_of(context.streams, tells_surface_temperature))
      return "add the surface temperature or a turbulent flux";
    return "add a turbulent flux or a longer window with changing weather";
  }
  if (any([](Parameter p) { return info(p).place == Place::surface; }))
    return context.net_radiation ? "add the surface temperature"
                                 : "add the surface temperature or net radiation";
  return "add a deeper sensor or a longer window, or give a prior";
}

std::vector<std::string> in_words(const VerdictContext& context, const ColumnEvidence& evidence,
                                  const ColumnVerdict& verdict) {
  std::vector<std::string> lines;
  for (const Combination& combination : verdict.combinations)
    lines.push_back(line_of(context, combination));
  for (std::size_t k = 0; k < context.controls.size(); ++k) {
    std::string line = line_of(context, evidence, verdict, k);
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

} // namespace glebe
