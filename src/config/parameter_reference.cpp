// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/parameter_reference.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/cf_names.hpp"

#include <algorithm>

namespace glebe {

namespace {

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (const ParameterInfo& row : parameter_table) names.emplace_back(row.name);
  return names;
}

Parameter parameter_named(const std::string& name) {
  const auto found = std::ranges::find_if(
      parameter_table, [&](const ParameterInfo& row) { return name == row.name; });
  if (found == parameter_table.end())
    throw InputError(
        fmt::format("'{}': no such parameter{}", name, did_you_mean(name, parameter_names())));
  return static_cast<Parameter>(found - parameter_table.begin());
}

std::size_t horizon_index(const std::string& name, const Settings& settings) {
  const std::vector<std::string> names = horizon_names(settings);
  return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

// The slot that a reference means, seen from another one.
ParameterSlot slot_meant(const ParameterReference& reference, const ParameterSlot& from,
                         const Settings& settings) {
  const ParameterInfo& row = info(reference.parameter);
  if (row.place == Place::knot)
    throw InputError(fmt::format("'{}': has a value at every depth, which is ambiguous", row.name));
  if (row.place == Place::stream)
    throw InputError(fmt::format("'{}': belongs to a stream, and no other follows it", row.name));
  if (row.place != Place::horizon) return {reference.parameter, 0};
  if (!reference.horizon.empty())
    return {reference.parameter, horizon_index(reference.horizon, settings)};
  if (info(from.parameter).place == Place::horizon) return {reference.parameter, from.index};
  if (settings.horizons.size() > 1)
    throw InputError(fmt::format("'{}': has a value in each of {} horizons, which is ambiguous: "
                                 "name one, as in '{}({})'",
                                 row.name, settings.horizons.size(), row.name,
                                 settings.horizons.front().name));
  return {reference.parameter, 0};
}

} // namespace

std::vector<std::string> horizon_names(const Settings& settings) {
  std::vector<std::string> names;
  for (const HorizonSettings& horizon : settings.horizons) names.push_back(horizon.name);
  return names;
}

ParameterReference parse_reference(const std::string& text, const Settings& settings) {
  const std::size_t open = text.find('(');
  if (open == std::string::npos) return {parameter_named(text), ""};
  if (text.back() != ')')
    throw InputError(fmt::format("'{}': must be the name of a parameter, or with that of a horizon "
                                 "in parentheses",
                                 text));
  const ParameterReference found{parameter_named(text.substr(0, open)),
                                 text.substr(open + 1, text.size() - open - 2)};
  if (info(found.parameter).place != Place::horizon)
    throw InputError(
        fmt::format("'{}': {} does not belong to a horizon", text, info(found.parameter).name));
  const std::vector<std::string> names = horizon_names(settings);
  if (std::ranges::find(names, found.horizon) == names.end())
    throw InputError(
        fmt::format("'{}': no such horizon{}", text, did_you_mean(found.horizon, names)));
  return found;
}

std::string reference_to(const ParameterSlot& slot, const std::vector<std::string>& horizons) {
  const ParameterInfo& row = info(slot.parameter);
  return row.place == Place::horizon && horizons.size() > 1
             ? fmt::format("{}({})", row.name, horizons[slot.index])
             : row.name;
}

std::vector<GivenPlace> places_of(const ParameterSettings& parameter, const Settings& settings) {
  if (info(parameter.name).place != Place::horizon) return {{{parameter.name, 0}, &parameter}};
  std::vector<GivenPlace> places;
  for (std::size_t h = 0; h < settings.horizons.size(); ++h)
    if (parameter.horizon.empty() || parameter.horizon == settings.horizons[h].name)
      places.push_back({{parameter.name, h}, &parameter});
  return places;
}

std::optional<ParameterSlot> followed(const GivenPlace& follower, const Settings& settings) {
  const ParameterSettings& group = *follower.settings;
  const bool same = !group.same_as.empty();
  if (!same && group.ratio_to.empty()) return {};
  const std::string& text = same ? group.same_as : group.ratio_to;
  try {
    return slot_meant(parse_reference(text, settings), follower.slot, settings);
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("{} = {}", group.where(same ? "same_as" : "ratio_to"), error.what()));
  }
}

std::string ratio_unit(Parameter follower, Parameter of) {
  const std::string unit = cf_unit(follower), unit_of = cf_unit(of);
  if (unit == unit_of) return "1";
  return unit_of == "1" ? unit : fmt::format("{} / ({})", unit, unit_of);
}

} // namespace glebe
