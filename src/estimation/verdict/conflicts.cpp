// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/verdict/conflicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace glebe {

namespace {

constexpr std::size_t max_lines = 20; ///< with more controls, they are counted by parameter

bool is_temperature(const ControlTraits& control) {
  return !control.is_ratio && (control.parameter == Parameter::deep_temperature ||
                               control.parameter == Parameter::initial_temperature);
}

// What would hold a temperature that takes up the errors of the rest.
std::string what_holds(Parameter parameter) {
  return parameter == Parameter::deep_temperature
             ? "; it takes up what is wrong elsewhere: leave its bounds, and hold it by a "
               "prior_std, "
               "a deeper thermometer or bottom = 'flux'"
             : "; it takes up what is wrong elsewhere: leave its bounds, and hold it by a "
               "prior_std, "
               "a thermometer at its depth or initial = 'spinup'";
}

std::string colder_or_warmer(double beyond) {
  return fmt::format("{:.3g} K {} than anything measured in the window", std::abs(beyond),
                     beyond < 0.0 ? "colder" : "warmer");
}

std::string range_in_words(const TemperatureRange& range) {
  return fmt::format("{:.1f} to {:.1f} K", range.lowest, range.highest);
}

// Causes that the line before has told are not told again.
std::string once(const std::string& causes, std::string& told) {
  if (causes.empty() || causes == told) return causes.empty() ? "" : "; causes as before";
  return told = causes;
}

void append(std::string& text, const std::string& part) {
  text += (text.empty() ? "" : ", ") + part;
}

} // namespace

double TemperatureRange::beyond(double value) const {
  if (value < lowest - far_from_measured) return value - lowest;
  if (value > highest + far_from_measured) return value - highest;
  return 0.0;
}

double from_prior(const ControlTraits& control, double estimate, double prior) {
  return control.prior_std > 0.0 ? (estimate - prior) / control.prior_std : 0.0;
}

std::vector<double> beyond_measured(const VerdictContext& context, const ColumnEstimates& column) {
  std::vector<double> beyond;
  for (std::size_t k = 0; k < context.controls.size(); ++k)
    beyond.push_back(
        is_temperature(context.controls[k]) ? column.measured.beyond(column.estimate[k]) : 0.0);
  return beyond;
}

void ConflictSummary::Found::include(const Found& other) {
  far += other.far;
  colder += other.colder;
  warmer += other.warmer;
  at_lower += other.at_lower;
  at_upper += other.at_upper;
  if (std::abs(other.farthest) > std::abs(farthest)) farthest = other.farthest;
  coldest = std::min(coldest, other.coldest);
  warmest = std::max(warmest, other.warmest);
}

ConflictSummary::Found ConflictSummary::over_ranks(Found local) const {
  for (std::int64_t* count :
       {&local.far, &local.colder, &local.warmer, &local.at_lower, &local.at_upper})
    *count = ranks_.sum(*count);
  const double highest = ranks_.max(local.farthest), lowest = ranks_.min(local.farthest);
  local.farthest = highest >= -lowest ? highest : lowest;
  local.coldest = ranks_.min(local.coldest);
  local.warmest = ranks_.max(local.warmest);
  return local;
}

std::string ConflictSummary::causes(Parameter parameter) const {
  const Place place = info(parameter).place;
  const Sight sight = place == Place::surface ? Sight::all : Sight::soil;
  const std::string shown = likely_causes(misfits_, sight);
  if (!without_frost_) return shown;
  return shown + (causes_in_words(misfits_, sight).empty() ? "; likely" : ", or") +
         " the frost or snow that the model does not have";
}

void ConflictSummary::add(const ColumnEstimates& column) {
  lines_.clear();
  const std::vector<double> beyond = beyond_measured(context_, column);
  const auto of = [](double from_prior, double beyond_range, AtBound bound) {
    const bool far = std::abs(from_prior) > far_from_prior;
    return Found{far,
                 beyond_range<0.0, beyond_range> 0.0,
                 bound == AtBound::lower,
                 bound == AtBound::upper,
                 far ? from_prior : 0.0,
                 std::min(beyond_range, 0.0),
                 std::max(beyond_range, 0.0)};
  };
  bool cause_known = false; // of a profile that goes too far
  std::string told;
  for (std::size_t k = 0; k < context_.controls.size(); ++k) {
    const double far = from_prior(context_.controls[k], column.estimate[k], column.prior[k]);
    const Found found = of(far, beyond[k], column.bound[k]);
    found_[k].include(found);
    cause_known = cause_known || beyond[k] != 0.0;
    if (found.any())
      lines_.push_back(line_of(column, k) + once(causes(context_.controls[k].parameter), told));
  }
  const double colder = column.measured.beyond(column.profile.lowest),
               warmer = column.measured.beyond(column.profile.highest);
  if (cause_known || (colder == 0.0 && warmer == 0.0)) return;
  found_.back().include({0, colder<0.0, warmer> 0.0, 0, 0, 0.0, colder, warmer});
  lines_.push_back(profile_line(column) + once(causes(Parameter::deep_temperature), told));
}

std::string ConflictSummary::line_of(const ColumnEstimates& column, std::size_t k) const {
  const ControlTraits& control = context_.controls[k];
  const std::string unit = unit_suffix(control);
  const double far = from_prior(control, column.estimate[k], column.prior[k]);
  const double beyond = beyond_measured(context_, column)[k];
  std::string what;
  if (std::abs(far) > far_from_prior)
    append(what,
           fmt::format("{:.2g} prior_std {} its prior, {:.5g} +- {:.3g}{}", std::abs(far),
                       far < 0.0 ? "below" : "above", column.prior[k], control.prior_std, unit));
  if (beyond != 0.0)
    append(what, fmt::format("{} ({})", colder_or_warmer(beyond), range_in_words(column.measured)));
  if (column.bound[k] != AtBound::free)
    append(what,
           fmt::format("at its {} bound", column.bound[k] == AtBound::lower ? "lower" : "upper"));
  return fmt::format("{} = {:.5g}{}: {}{}", control.name, column.estimate[k], unit, what,
                     beyond != 0.0 ? what_holds(control.parameter) : "");
}

std::string ConflictSummary::profile_line(const ColumnEstimates& column) const {
  std::string what;
  for (const double value : {column.profile.lowest, column.profile.highest})
    if (const double beyond = column.measured.beyond(value); beyond != 0.0)
      append(what, colder_or_warmer(beyond));
  return fmt::format("simulated profile: {} ({}) below the uppermost thermometer", what,
                     range_in_words(column.measured));
}

std::vector<std::string> ConflictSummary::counted(std::int64_t n_column) const {
  const bool by_parameter = context_.controls.size() > max_lines;
  std::vector<std::string> names;
  std::vector<Found> found;
  std::vector<std::int64_t> n_value;
  std::vector<Parameter> parameters;
  for (std::size_t k = 0; k <= context_.controls.size(); ++k) {
    const bool profile = k == context_.controls.size();
    const Parameter parameter =
        profile ? Parameter::deep_temperature : context_.controls[k].parameter;
    const std::string name = profile        ? "simulated profile"
                             : by_parameter ? context_.controls[k].quantity()
                                            : context_.controls[k].name;
    const auto at = std::size_t(std::ranges::find(names, name) - names.begin());
    if (at == names.size()) {
      names.push_back(name);
      found.emplace_back();
      n_value.push_back(0);
      parameters.push_back(parameter);
    }
    found[at].include(found_[k]);
    ++n_value[at];
  }
  std::vector<std::string> lines;
  std::string told;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Found all = over_ranks(found[i]);
    if (!all.any()) continue;
    std::string what;
    const auto add = [&](std::int64_t n, const std::string& text) {
      if (n > 0) append(what, fmt::format("{} in {}", text, n));
    };
    add(all.far, fmt::format("more than {:g} prior_std from its prior (farthest {:+.2g})",
                             far_from_prior, all.farthest));
    add(all.colder, fmt::format("up to {}", colder_or_warmer(all.coldest)));
    add(all.warmer, fmt::format("up to {}", colder_or_warmer(all.warmest)));
    add(all.at_lower, "at its lower bound");
    add(all.at_upper, "at its upper bound");
    const std::int64_t total = n_value[i] * n_column;
    lines.push_back(fmt::format("{}: {} of {} {}{}{}", names[i], what, total,
                                n_column == 1     ? "values"
                                : n_value[i] == 1 ? "columns"
                                                  : "values",
                                all.colder + all.warmer > 0 && names[i] != "simulated profile"
                                    ? what_holds(parameters[i])
                                    : "",
                                once(causes(parameters[i]), told)));
  }
  return lines;
}

std::vector<std::string> ConflictSummary::lines(std::int64_t n_column) const {
  if (n_column != 1 || context_.controls.size() > max_lines) return counted(n_column);
  std::string local;
  for (const std::string& line : lines_) local += line + '\n';
  const std::int64_t owner = ranks_.max(std::int64_t{local.empty() ? -1 : ranks_.rank()});
  std::vector<std::string> result;
  if (owner < 0) return result;
  std::istringstream text(ranks_.broadcast(static_cast<int>(owner), local));
  for (std::string line; std::getline(text, line);) result.push_back(line);
  return result;
}

} // namespace glebe
