// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/input_sources.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/needed_inputs.hpp"

#include <algorithm>

namespace glebe {

namespace {

constexpr const char* east = "wind_east";
constexpr const char* north = "wind_north";

const InputSettings* input_named(const Settings& settings, std::string_view name) {
  const auto found = std::ranges::find(settings.inputs, name, &InputSettings::name);
  return found == settings.inputs.end() ? nullptr : &*found;
}

} // namespace

std::vector<std::string> source_names() {
  std::vector<std::string> names;
  for (const InputInfo& input : input_table)
    if (input.group == InputGroup::forcing) names.emplace_back(input.name);
  names.emplace_back(east);
  names.emplace_back(north);
  return names;
}

std::string& variable_of(ForcingSettings& forcing, std::string_view name) {
  if (name == east) return forcing.wind_east;
  if (name == north) return forcing.wind_north;
  for (std::size_t i = 0; i < input_count; ++i)
    if (input_table[i].name == name) return forcing.variable[Input(i)];
  throw InputError(
      fmt::format("'{}' is not an input of &forcing{}", name, did_you_mean(name, source_names())));
}

InputSource source_of(const Settings& settings, std::string_view name) {
  ForcingSettings forcing = settings.forcing;
  InputSource source{forcing.file,          variable_of(forcing, name),  forcing.stamp,
                     forcing.interval,      parse_levels(forcing.level), false,
                     Accumulation::interval};
  const InputSettings* own = input_named(settings, name);
  if (!own) return source;
  if (!own->file.empty()) source.file = own->file;
  if (own->given("stamp")) source.stamp = own->stamp;
  if (own->interval) source.interval = own->interval;
  source.levels_of_its_own = !own->level.empty();
  if (source.levels_of_its_own) source.levels = parse_levels(own->level);
  source.accumulation = own->accumulation;
  return source;
}

std::vector<InputSource> sources_of(const Settings& settings) {
  const ForcingSettings& forcing = settings.forcing;
  std::vector<InputSource> sources;
  if (!settings.has_surface() || forcing.source != ForcingSource::file) return sources;
  for (const Input input : needed_inputs(settings, InputGroup::forcing)) {
    if (forcing.constant[input] || (input == Input::longwave && forcing.models_longwave()))
      continue;
    if (input == Input::wind && forcing.has_wind_components())
      for (const char* component : {east, north}) sources.push_back(source_of(settings, component));
    else
      sources.push_back(source_of(settings, info(input).name));
  }
  return sources;
}

} // namespace glebe
