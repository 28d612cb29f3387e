// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/read_settings.hpp"

#include "glebe/config/input_sources.hpp"
#include "glebe/config/namelist.hpp"
#include "glebe/config/products.hpp"
#include "glebe/config/sensors.hpp"
#include "glebe/config/settings_table.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "check_settings.hpp"
#include "group_names.hpp"
#include "override.hpp"
#include "overrides.hpp"
#include "value_reader.hpp"

namespace glebe {

namespace {

/// Reads the groups of one namelist by the table of settings.
class SettingsReader {
public:
  SettingsReader(const Namelist& namelist, std::filesystem::path folder, Problems& problems)
      : namelist_(namelist), folder_(std::move(folder)), problems_(problems),
        may_be_incomplete_(!problems.empty()) {}

  Settings read() {
    report_unknown_groups();
    Settings settings;
    for_each_group([&](const auto& table) { read_groups(table, settings); });
    return settings;
  }

private:
  using Elements = std::vector<std::optional<NamelistValue>>;

  void report_unknown_groups() {
    std::vector<std::string> known;
    for_each_group([&](const auto& table) { known.emplace_back(table.name); });
    for (const NamelistGroup& group : namelist_.groups)
      if (std::find(known.begin(), known.end(), group.name) == known.end())
        problems_.add("{}: &{}: unknown group{}", position_of(namelist_.file, group.line),
                      group.name, did_you_mean(group.name, known));
  }

  template <class Group>
  void read_groups(const GroupTable<Group>& table, Settings& settings) {
    std::vector<const NamelistGroup*> given;
    for (const NamelistGroup& group : namelist_.groups)
      if (group.name == table.name) given.push_back(&group);

    if (table.repeatable()) {
      auto& list = settings.*std::get<1>(table.member);
      for (const NamelistGroup* group : given) list.push_back(read_group(table, *group));
      return;
    }
    if (given.empty() && table.required && !may_be_incomplete_)
      problems_.add("{}: &{}: required group is missing", position_of(namelist_.file, 0),
                    table.name);
    for (std::size_t i = 1; i < given.size(); ++i)
      problems_.add("{}: &{}: given twice, first on line {}",
                    position_of(namelist_.file, given[i]->line), table.name, given[0]->line);
    settings.*std::get<0>(table.member) =
        read_group(table, given.empty() ? NamelistGroup{table.name, 0, {}} : *given[0]);
  }

  template <class Group>
  Group read_group(const GroupTable<Group>& table, const NamelistGroup& given) {
    Group group;
    static_cast<GroupOrigin&>(group) = GroupOrigin(namelist_.file, given.name, given.line);
    std::vector<std::string> keys;
    for (const Field<Group>& field : table.fields) keys.emplace_back(field.key);
    for (const NamelistAssignment& assignment : given.assignments)
      if (std::find(keys.begin(), keys.end(), assignment.key) == keys.end())
        problems_.add("{}: &{} {}: unknown key{}", position_of(namelist_.file, assignment.line),
                      given.name, assignment.key, did_you_mean(assignment.key, keys));
    for (const Field<Group>& field : table.fields)
      if (!read_field(field, given, group)) group.note_fault(field.key);
    return group;
  }

  /// Sets the member by the namelist or the default. Returns whether this was possible.
  template <class Group>
  bool read_field(const Field<Group>& field, const NamelistGroup& given, Group& group) {
    const std::string key = fmt::format("&{} {}", given.name, field.key);
    Elements elements = default_elements(field.otherwise);
    for (const NamelistAssignment& assignment : given.assignments) {
      if (assignment.key != field.key) continue;
      if (assignment.indexed && !is_list(field)) {
        problems_.add("{}: {}: is not a list and takes no index",
                      position_of(namelist_.file, assignment.line), key);
        return false;
      }
      if (assign(assignment, elements)) group.note_key(field.key, assignment.line);
    }
    if (elements.empty()) {
      const bool missing = field.otherwise.kind == Default::Kind::required;
      if (missing && given.line > 0 && !may_be_incomplete_)
        problems_.add("{}: required, but not given", group.where(field.key));
      return !missing;
    }
    std::vector<NamelistValue> values;
    for (const auto& element : elements) {
      if (!element) {
        problems_.add("{}: element {} is not given", group.where(field.key), values.size() + 1);
        return false;
      }
      values.push_back(*element);
    }
    const ValueReader reader(namelist_.file, folder_, key, field.range, field.unit, problems_);
    return std::visit(
        [&](const auto& member) {
          if constexpr (std::is_same_v<std::decay_t<decltype(member)>, Choice<Group>>) {
            const auto chosen = reader.read_choice(values, member.names, member.or_logical);
            if (chosen) member.store(group, *chosen);
            return chosen.has_value();
          } else {
            return reader.read(values, member_of(group, member));
          }
        },
        field.member);
  }

  template <class Group>
  static bool is_list(const Field<Group>& field) {
    return std::holds_alternative<std::vector<int> Group::*>(field.member) ||
           std::holds_alternative<std::vector<double> Group::*>(field.member) ||
           std::holds_alternative<KnotDates Group::*>(field.member) ||
           std::holds_alternative<std::vector<std::string> Group::*>(field.member) ||
           std::holds_alternative<std::vector<std::filesystem::path> Group::*>(field.member);
  }

  static Elements default_elements(const Default& otherwise) {
    if (otherwise.kind != Default::Kind::text) return {};
    const std::string text = fmt::format("&default value = {} /", otherwise.text);
    return parse_namelist(text, "default").groups.at(0).assignments.at(0).values;
  }

  /// Sets the elements; null values do not change theirs. Returns whether any was set.
  static bool assign(const NamelistAssignment& assignment, Elements& elements) {
    bool any = false;
    for (std::size_t i = 0; i < assignment.values.size(); ++i) {
      if (!assignment.values[i]) continue;
      const std::size_t place = static_cast<std::size_t>(assignment.first - 1) + i;
      if (place >= elements.size()) elements.resize(place + 1);
      elements[place] = assignment.values[i];
      any = true;
    }
    return any;
  }

  const Namelist& namelist_;
  std::filesystem::path folder_;
  Problems& problems_;
  bool may_be_incomplete_; ///< after syntax errors, which may be why a key is missing
};

template <std::size_t n>
bool is_blank(const GroupOrigin& group, const std::array<const char*, n>& keys) {
  return std::ranges::none_of(keys, [&](const char* key) { return group.given(key); });
}

/// The column begins and ends where its ends are measured.
void complete_soil(SoilSettings& soil, const BoundarySettings& boundary) {
  if (boundary.end == End::top) {
    if (!soil.given("top")) soil.top = boundary.depth;
    return;
  }
  if (!soil.given("depth")) soil.depth = boundary.depth;
  if (!soil.given("bottom"))
    soil.bottom = boundary.kind == BoundaryKind::temperature ? Bottom::temperature : Bottom::flux;
}

/// What a parameter of a sensor is unless it is given: where its stream says that it is, and no
/// error.
void complete_sensor(ParameterSettings& parameter, const Settings& settings) {
  const auto number = stream_number(settings, parameter.stream);
  const bool has_source = !parameter.value.empty() || !parameter.file.empty() ||
                          !parameter.same_as.empty() || !parameter.ratio_to.empty();
  if (!number || has_source || parameter.faulty("value") || parameter.faulty("file")) return;
  const bool is_depth = parameter.name == Parameter::sensor_depth;
  parameter.value = {is_depth ? settings.observations[*number].depth.value_or(0.0) : 0.0};
}

/// A variable of &input is that of its input.
void complete_forcing(ForcingSettings& forcing, const std::vector<InputSettings>& inputs) {
  const std::vector<std::string> names = source_names();
  for (const InputSettings& input : inputs)
    if (!input.variable.empty() && std::ranges::find(names, input.name) != names.end())
      variable_of(forcing, input.name) = input.variable;
}

/// Sets what is derived from other settings.
void complete(Settings& settings, const std::filesystem::path& file) {
  if (settings.run.output.empty())
    settings.run.output = std::filesystem::path(file).replace_extension(".nc");
  std::erase_if(settings.inputs,
                [](const InputSettings& input) { return is_blank(input, input_keys); });
  complete_product(settings.forcing, settings.inputs, settings.surface);
  complete_forcing(settings.forcing, settings.inputs);
  SoilSettings& soil = settings.soil;
  std::erase_if(settings.boundaries,
                [](const BoundarySettings& boundary) { return is_blank(boundary, boundary_keys); });
  if (is_blank(settings.moisture, moisture_keys)) settings.moisture = {};
  // The usual names of the parts are not meant where net radiation takes their place.
  if (settings.forcing.has(Input::net_radiation))
    for (const Input part : {Input::shortwave, Input::longwave})
      if (!settings.forcing.given(info(part).name)) settings.forcing.variable[part].clear();
  for (const BoundarySettings& boundary : settings.boundaries) complete_soil(soil, boundary);
  if (!soil.node_depths.empty()) soil.depth = soil.node_depths.back();
  if (settings.horizons.empty()) {
    HorizonSettings& whole = settings.horizons.emplace_back();
    whole.bottom = soil.depth;
    whole.name = "soil";
  }
  for (ObservationSettings& observation : settings.observations) {
    if (observation.name.empty())
      observation.name = stream_name(info(observation.kind).name, observation.depth);
    if (observation.variable.empty()) observation.variable = observation.name;
  }
  if (CheckpointSettings& checkpoint = settings.checkpoint;
      checkpoint.minutes && !checkpoint.given("interval"))
    checkpoint.interval = std::numeric_limits<int>::max();
  for (std::size_t i = 0; i < settings.designs.size(); ++i)
    if (settings.designs[i].name.empty()) settings.designs[i].name = design_name(i);
  std::ranges::move(error_parameters(settings), std::back_inserter(settings.parameters));
  for (ParameterSettings& parameter : settings.parameters) {
    if (info(parameter.name).place == Place::stream) complete_sensor(parameter, settings);
    if (!parameter.variable.empty()) continue;
    parameter.variable = info(parameter.name).name;
    if (!parameter.stream.empty()) parameter.variable += '_' + parameter.stream;
  }
}

} // namespace

Settings parse_settings(std::string text, const std::filesystem::path& file,
                        const std::vector<std::string>& overrides) {
  Problems problems;
  Namelist namelist = parse_namelist(text, file.string(), problems);
  text = override_settings(overrides, namelist, std::move(text), problems);
  const bool understood = problems.empty();
  Settings settings = SettingsReader(namelist, file.parent_path(), problems).read();
  settings.file = file.string();
  settings.text = std::move(text);
  std::ranges::transform(overrides, std::back_inserter(settings.overrides), canonical_override);
  complete(settings, file);
  if (understood) check_settings(settings, problems);
  problems.throw_if_any();
  return settings;
}

Settings read_settings(const std::filesystem::path& file) {
  return parse_settings(read_text(file), file);
}

} // namespace glebe
