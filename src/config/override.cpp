// SPDX-License-Identifier: BSD-3-Clause
#include "override.hpp"

#include "glebe/config/namelist.hpp"
#include "glebe/config/settings_table.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <tuple>

namespace glebe {

namespace {

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t") + 1 - begin));
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// What stands outside the parentheses at the end of `name`, and within them.
std::pair<std::string, std::string> without_parentheses(const std::string& all) {
  const std::string name = trimmed(all);
  const std::size_t open = name.find('(');
  if (open == std::string::npos || name.back() != ')') return {name, ""};
  return {trimmed(name.substr(0, open)), trimmed(name.substr(open + 1, name.size() - open - 2))};
}

/// The '.' between group and key: the first one outside of parentheses.
std::size_t point_of(const std::string& name) {
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    depth += name[i] == '(' ? 1 : name[i] == ')' ? -1 : 0;
    if (name[i] == '.' && depth == 0) return i;
  }
  return std::string::npos;
}

template <class Group>
struct FormOf {
  KeyForm operator()(std::string Group::*) const { return {false, true}; }
  KeyForm operator()(std::filesystem::path Group::*) const { return {false, true}; }
  KeyForm operator()(DateTime Group::*) const { return {false, true}; }
  KeyForm operator()(KnotDates Group::*) const { return {false, true, true}; }
  KeyForm operator()(std::vector<std::string> Group::*) const { return {false, true, true}; }
  KeyForm operator()(std::vector<std::filesystem::path> Group::*) const {
    return {false, true, true};
  }
  KeyForm operator()(const Choice<Group>&) const { return {false, true}; }
  KeyForm operator()(const Entry<Group, std::string>&) const { return {false, true}; }
  KeyForm operator()(ErrorMemory Group::*) const { return {false, true, false, true}; }
  template <class Number>
  KeyForm operator()(const Number&) const {
    return {};
  }
};

std::string in_quotes(const std::string& text) {
  if (!text.empty() && (text.front() == '\'' || text.front() == '"')) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

} // namespace

std::optional<Override> parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {};
  const std::string name = trimmed(text.substr(0, equals));
  const std::size_t point = point_of(name);
  if (point == std::string::npos) return {};
  Override result{"--set " + text, "", "", "", "", trimmed(text.substr(equals + 1))};
  std::tie(result.group, result.place) = without_parentheses(name.substr(0, point));
  std::tie(result.key, result.subscript) = without_parentheses(name.substr(point + 1));
  result.group = lower_case(result.group);
  result.key = lower_case(result.key);
  if (result.group.empty() || result.key.empty()) return {};
  return result;
}

std::string canonical_override(const std::string& text) {
  const auto given = parse_override(text);
  if (!given) return text;
  const auto in_parentheses = [](const std::string& inside) {
    return inside.empty() ? "" : fmt::format("({})", inside);
  };
  return fmt::format("{}{}.{}{}={}", given->group, in_parentheses(given->place), given->key,
                     in_parentheses(given->subscript), given->value);
}

std::optional<KeyForm> find_form(const Override& given, Problems& problems) {
  std::vector<std::string> groups, keys;
  std::optional<KeyForm> form;
  for_each_group([&]<class Group>(const GroupTable<Group>& table) {
    groups.emplace_back(table.name);
    if (table.name != given.group) return;
    for (const Field<Group>& field : table.fields) {
      keys.push_back(field.key);
      if (field.key != given.key) continue;
      form = std::visit(FormOf<Group>{}, field.member);
      form->repeatable = table.repeatable();
    }
  });
  if (form) return form;
  if (keys.empty())
    problems.add("{}: &{}: unknown group{}", given.option, given.group,
                 did_you_mean(given.group, groups));
  else
    problems.add("{}: &{} {}: unknown key{}", given.option, given.group, given.key,
                 did_you_mean(given.key, keys));
  return {};
}

std::string in_namelist(const std::string& value, const KeyForm& form) {
  if (!form.is_text) return value;
  if (form.or_number && as_real({value})) return value;
  const bool quoted = !value.empty() && (value.front() == '\'' || value.front() == '"');
  if (!form.is_list || quoted) return in_quotes(value);
  std::vector<std::string> elements;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find(',', begin), value.size());
    elements.push_back(in_quotes(trimmed(value.substr(begin, end - begin))));
    begin = end + 1;
  }
  return fmt::format("{}", fmt::join(elements, ", "));
}

} // namespace glebe
