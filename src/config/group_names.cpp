// SPDX-License-Identifier: BSD-3-Clause
#include "group_names.hpp"

#include <cmath>

namespace glebe {

namespace {

std::optional<NamelistValue> first_value(const NamelistGroup& group, const std::string& key) {
  std::optional<NamelistValue> found;
  for (const NamelistAssignment& assignment : group.assignments)
    if (assignment.key == key && !assignment.values.empty() && assignment.values.front())
      found = assignment.values.front();
  return found;
}

std::string text_of(const NamelistGroup& group, const std::string& key) {
  const auto value = first_value(group, key);
  return value ? as_text(*value).value_or("") : "";
}

std::string own_name(const NamelistGroup& group, std::size_t number) {
  const std::string name = text_of(group, group.name == "boundary" ? "end" : "name");
  if (!name.empty()) return name;
  if (group.name == "design") return design_name(number);
  const std::string kind = text_of(group, "kind");
  if (group.name != "observation" || kind.empty()) return "";
  const auto depth = first_value(group, "depth");
  return stream_name(kind, depth ? as_real(*depth) : std::nullopt);
}

} // namespace

std::string stream_name(const std::string& kind, std::optional<double> depth) {
  if (!depth) return kind;
  const long millimetres = std::lround(*depth * 1000);
  return millimetres % 10 == 0 ? fmt::format("{}_{}cm", kind, millimetres / 10)
                               : fmt::format("{}_{}mm", kind, millimetres);
}

std::string design_name(std::size_t number) { return fmt::format("design_{}", number + 1); }

std::vector<std::string> names_of(const NamelistGroup& group, std::size_t number) {
  const std::string name = own_name(group, number);
  if (name.empty()) return {};
  std::vector<std::string> names{name};
  if (group.name == "parameter")
    for (const char* place : {"horizon", "stream"})
      if (const std::string text = text_of(group, place); !text.empty())
        names.push_back(fmt::format("{}({})", name, text));
  return names;
}

} // namespace glebe
