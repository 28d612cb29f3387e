// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/settings_lines.hpp"

#include "glebe/config/settings_table.hpp"

#include <fmt/ranges.h>

#include <map>

namespace glebe {

namespace {

std::string text_of(const std::string& value) { return fmt::format("'{}'", value); }
std::string text_of(int value) { return fmt::format("{}", value); }
std::string text_of(double value) { return fmt::format("{}", value); }
std::string text_of(bool value) { return value ? ".true." : ".false."; }
std::string text_of(const DateTime& value) {
  return fmt::format("{:04}-{:02}-{:02} {} s", value.year, value.month, value.day,
                     value.second_of_day);
}
std::string text_of(const ErrorMemory& value) {
  return value.automatic ? "'auto'" : text_of(value.hours);
}
template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? text_of(*value) : "";
}
template <class T>
std::string text_of(const std::vector<T>& values) {
  std::vector<std::string> texts;
  for (const T& value : values) texts.push_back(text_of(value));
  return fmt::format("{}", fmt::join(texts, ", "));
}
std::string text_of(const KnotDates& value) {
  return value.monthly ? "'monthly'" : text_of(value.dates);
}

/// The value of a member as text; empty for names of files.
template <class Group>
struct ValueText {
  const Group& group;

  std::string operator()(std::filesystem::path Group::*) const { return {}; }
  std::string operator()(std::vector<std::filesystem::path> Group::*) const { return {}; }
  std::string operator()(const Choice<Group>& choice) const {
    return text_of(choice.names[choice.load(group)]);
  }
  template <class Value>
  std::string operator()(const Entry<Group, Value>& entry) const {
    return text_of((group.*entry.member)[entry.input]);
  }
  template <class Value>
  std::string operator()(Value Group::*member) const {
    return text_of(group.*member);
  }
};

/// What names a group among others of its kind: its key `name`, else its kind.
template <class Group>
std::string own_name(const GroupTable<Group>& table, const Group& group) {
  for (const char* key : {"name", "end", "kind"})
    for (const Field<Group>& field : table.fields)
      if (field.key == key) {
        const std::string text = std::visit(ValueText<Group>{group}, field.member);
        if (text.size() > 2) return text.substr(1, text.size() - 2);
      }
  return {};
}

class Lines {
public:
  explicit Lines(const std::function<bool(std::string_view, std::string_view)>& wanted)
      : wanted_(wanted) {}

  template <class Group>
  void add(const GroupTable<Group>& table, const Group& group, const std::string& name) {
    for (const Field<Group>& field : table.fields) {
      if (!wanted_(table.name, field.key)) continue;
      const std::string text = std::visit(ValueText<Group>{group}, field.member);
      if (!text.empty()) lines_.push_back(fmt::format("{}.{}={}", name, field.key, text));
    }
  }

  template <class Group>
  void add_all(const GroupTable<Group>& table, const std::vector<Group>& groups) {
    std::map<std::string, int> count;
    for (const Group& group : groups) {
      const std::string own = own_name(table, group);
      const int number = ++count[own];
      add(table, group,
          number == 1 && !own.empty() ? fmt::format("{}({})", table.name, own)
                                      : fmt::format("{}({} {})", table.name, own, number));
    }
  }

  std::vector<std::string> lines() && { return std::move(lines_); }

private:
  const std::function<bool(std::string_view, std::string_view)>& wanted_;
  std::vector<std::string> lines_;
};

} // namespace

std::vector<std::string>
setting_lines(const Settings& settings,
              const std::function<bool(std::string_view, std::string_view)>& wanted) {
  Lines lines(wanted);
  for_each_group([&](const auto& table) {
    if (table.repeatable())
      lines.add_all(table, settings.*std::get<1>(table.member));
    else
      lines.add(table, settings.*std::get<0>(table.member), table.name);
  });
  return std::move(lines).lines();
}

} // namespace glebe
