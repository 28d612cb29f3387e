// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/settings_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace glebe {

bool Range::contains(double value) const {
  return value <= upper && (lower_excluded ? value > lower : value >= lower);
}

std::string Range::describe(std::string_view unit) const {
  const bool has_unit = !unit.empty() && unit != "1";
  const std::string suffix = has_unit ? fmt::format(" {}", unit) : "";
  if (std::isfinite(lower) && std::isfinite(upper))
    return lower_excluded ? fmt::format("> {} and <= {}{}", lower, upper, suffix)
                          : fmt::format("{} to {}{}", lower, upper, suffix);
  if (std::isfinite(lower))
    return fmt::format("{} {}{}", lower_excluded ? ">" : ">=", lower, suffix);
  if (std::isfinite(upper)) return fmt::format("<= {}{}", upper, suffix);
  return {};
}

Range allowed_range(const ParameterInfo& parameter) {
  // Without a physical limit, what can still be computed with.
  constexpr double far = 1e12, parts = 1e9;
  Range range{.lower = std::max(parameter.lower, -far), .upper = std::min(parameter.upper, far)};
  const bool above_zero = parameter.lower_excluded && parameter.lower == 0.0;
  if (above_zero) range.lower = range.upper / parts;
  range.lower_excluded = parameter.lower_excluded && !above_zero;
  return range;
}

namespace {

template <class Group>
struct TypeName {
  std::string operator()(std::string Group::*) const { return "text"; }
  std::string operator()(std::filesystem::path Group::*) const { return "path"; }
  std::string operator()(DateTime Group::*) const { return "time"; }
  std::string operator()(ErrorMemory Group::*) const { return "real or 'auto'"; }
  std::string operator()(KnotDates Group::*) const { return "'monthly' or list of times"; }
  std::string operator()(int Group::*) const { return "integer"; }
  std::string operator()(double Group::*) const { return "real"; }
  std::string operator()(bool Group::*) const { return "logical"; }
  std::string operator()(std::optional<double> Group::*) const { return "real"; }
  std::string operator()(std::vector<int> Group::*) const { return "list of integers"; }
  std::string operator()(std::vector<double> Group::*) const { return "list of reals"; }
  std::string operator()(std::vector<std::string> Group::*) const { return "list of texts"; }
  std::string operator()(std::vector<std::filesystem::path> Group::*) const {
    return "list of paths";
  }
  std::string operator()(const Choice<Group>&) const { return "choice"; }
  std::string operator()(const Entry<Group, std::string>&) const { return "text"; }
  std::string operator()(const Entry<Group, std::optional<double>>&) const { return "real"; }
};

template <class Group>
FieldText in_words(const Field<Group>& field) {
  const auto* choice = std::get_if<Choice<Group>>(&field.member);
  return {field.key,
          std::visit(TypeName<Group>{}, field.member),
          field.unit,
          field.otherwise,
          choice ? fmt::format("'{}'", fmt::join(choice->names, "', '")) : field.range.describe(""),
          field.meaning};
}

} // namespace

std::vector<GroupText> settings_in_words() {
  std::vector<GroupText> groups;
  for_each_group([&](const auto& table) {
    GroupText group{table.name, table.required, table.repeatable(), table.meaning, {}};
    for (const auto& field : table.fields) group.fields.push_back(in_words(field));
    groups.push_back(std::move(group));
  });
  return groups;
}

} // namespace glebe
