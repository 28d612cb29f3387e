// SPDX-License-Identifier: BSD-3-Clause
// The table of all settings, from which reading, checking, `--describe` and the reference page are
// derived. A new setting is a member in settings.hpp and a row here.
#pragma once

#include "glebe/config/settings.hpp"

#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace glebe {

/// The values a number may take; infinite ends mean no limit.
struct Range {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool lower_excluded = false;

  bool contains(double value) const;
  /// "> 0 s", ">= 1", "0 to 24 h", or an empty string without limits.
  std::string describe(std::string_view unit) const;
};

/// The physically allowed values of a parameter; where zero is not allowed, neither is less than a
/// billionth of the largest value.
Range allowed_range(const ParameterInfo& parameter);

/// What applies when the namelist does not give a key: an error, no value, or a namelist text.
struct Default {
  enum class Kind { required, absent, text };
  Kind kind = Kind::absent;
  std::string text;

  Default(Kind k) : kind(k) {}
  Default(const char* t) : kind(Kind::text), text(t) {}
  Default(std::string t) : kind(Kind::text), text(std::move(t)) {}
};

/// A key whose value is the name of an enumerator.
template <class Group>
struct Choice {
  std::vector<std::string> names;
  std::function<void(Group&, std::size_t)> store;
  std::function<std::size_t(const Group&)> load;
  bool or_logical = false; ///< .false. stands for the first name, .true. for the second
};

/// The member for one input, of a group that has one for every input.
template <class Group, class Value>
struct Entry {
  PerInput<Value> Group::*member;
  Input input;
};

template <class Group, class Value>
Value& member_of(Group& group, Value Group::*member) {
  return group.*member;
}
template <class Group, class Value>
Value& member_of(Group& group, const Entry<Group, Value>& entry) {
  return (group.*entry.member)[entry.input];
}

/// The member of a group's struct that a key sets; its type is the type of the key.
template <class Group>
using Member =
    std::variant<std::string Group::*, std::filesystem::path Group::*, DateTime Group::*,
                 KnotDates Group::*, ErrorMemory Group::*, int Group::*, double Group::*,
                 bool Group::*, std::optional<double> Group::*, std::vector<int> Group::*,
                 std::vector<double> Group::*, std::vector<std::string> Group::*,
                 std::vector<std::filesystem::path> Group::*, Choice<Group>,
                 Entry<Group, std::string>, Entry<Group, std::optional<double>>>;

/// One row of the table.
template <class Group>
struct Field {
  std::string key;
  Member<Group> member;
  const char* unit;
  Default otherwise;
  Range range;
  std::string meaning;
};

/// One group of the table and its member of Settings, which is a list if the group can be repeated.
template <class Group>
struct GroupTable {
  const char* name;
  std::variant<Group Settings::*, std::vector<Group> Settings::*> member;
  bool required;
  const char* meaning;
  std::vector<Field<Group>> fields;

  bool repeatable() const { return member.index() == 1; }
};

using SettingsTable = std::tuple<
    GroupTable<RunSettings>, GroupTable<TimeSettings>, GroupTable<SoilSettings>,
    GroupTable<HorizonSettings>, GroupTable<SurfaceSettings>, GroupTable<GridSettings>,
    GroupTable<SiteSettings>, GroupTable<ForcingSettings>, GroupTable<InputSettings>,
    GroupTable<BoundarySettings>, GroupTable<MoistureSettings>, GroupTable<ParameterSettings>,
    GroupTable<ObservationSettings>, GroupTable<OptimizerSettings>, GroupTable<StagesSettings>,
    GroupTable<SplitSettings>, GroupTable<PosteriorSettings>, GroupTable<DesignSettings>,
    GroupTable<RankingSettings>, GroupTable<TwinSettings>, GroupTable<CheckpointSettings>>;

const SettingsTable& settings_table();

/// Calls `visit` with every GroupTable in order.
template <class Visitor>
void for_each_group(Visitor&& visit) {
  std::apply([&](const auto&... group) { (visit(group), ...); }, settings_table());
}

/// A row of the table as text.
struct FieldText {
  std::string key;
  std::string type; ///< "real", "list of integers", "path", …
  std::string unit;
  Default otherwise;
  std::string allowed; ///< the range or the choices, or empty
  std::string meaning;
};

struct GroupText {
  std::string name;
  bool required;
  bool repeatable;
  std::string meaning;
  std::vector<FieldText> fields;
};

/// The whole table as text, in its order.
std::vector<GroupText> settings_in_words();

} // namespace glebe
