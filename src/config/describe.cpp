// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/describe.hpp"

#include "glebe/config/settings_table.hpp"

#include <fmt/format.h>

#include <cmath>

namespace glebe {

namespace {

constexpr std::size_t line_width = 100;

/// `text` as comment lines, broken between words.
std::string comment(std::string_view text, std::string_view indent) {
  const std::string start = fmt::format("{}!", indent);
  std::string lines;
  std::string line = start;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (line.size() + 1 + word.size() > line_width) {
      lines += line + '\n';
      line = start;
    }
    line += fmt::format(" {}", word);
  }
  return lines + line + '\n';
}

std::string type_with_unit(const FieldText& field) {
  return field.unit.empty() ? field.type : fmt::format("{} [{}]", field.type, field.unit);
}

std::string occurrence(const GroupText& group) {
  if (group.repeatable) return "May be repeated.";
  return group.required ? "Required." : "May be left out.";
}

std::string code(const std::string& text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string default_in_words(const ParameterInfo& parameter) {
  if (std::isnan(parameter.default_value)) return "";
  if (parameter.name == info(Parameter::kersten_shape).name) return "depends on conductivity_model";
  if (parameter.name == info(Parameter::heat_roughness).name)
    return "0.13, or 2.3 with heat_roughness_model = 'constant'";
  if (parameter.name == info(Parameter::sensor_depth).name) return "depth of its &observation";
  return code(fmt::format("{:g}", parameter.default_value));
}

std::string default_in_words(const Default& otherwise) {
  switch (otherwise.kind) {
  case Default::Kind::required:
    return "required";
  case Default::Kind::absent:
    return "";
  case Default::Kind::text:
    return code(otherwise.text);
  }
  return {};
}

} // namespace

std::string describe() {
  std::string text = comment("Every setting of Glebe with its default. A key without a value has "
                             "the same effect as no key. Relative paths start from the folder of "
                             "the namelist; ${NAME} in a text stands for an environment variable.",
                             "");
  for (const GroupText& group : settings_in_words()) {
    text += '\n' + comment(fmt::format("{} {}", group.meaning, occurrence(group)), "");
    text += fmt::format("&{}\n", group.name);
    for (const FieldText& field : group.fields) {
      const bool required = field.otherwise.kind == Default::Kind::required;
      text += comment(fmt::format("{}; {}{}{}{}", field.meaning, type_with_unit(field),
                                  field.allowed.empty() ? "" : ": ", field.allowed,
                                  required ? "; required" : ""),
                      "  ");
      text += fmt::format("  {} ={}{}\n", field.key, field.otherwise.text.empty() ? "" : " ",
                          field.otherwise.text);
    }
    text += "/\n";
  }
  return text;
}

std::string reference_markdown() {
  std::string page =
      "# Namelist reference\n\n"
      "Keys without a default are not set unless they are given. Relative paths start from the\n"
      "folder of the namelist; `${NAME}` in a text stands for an environment variable. Times are\n"
      "ISO 8601 dates, or dates and times, in UTC.\n";
  for (const GroupText& group : settings_in_words()) {
    page += fmt::format("\n## `&{}`\n\n{} {}\n\n", group.name, group.meaning, occurrence(group));
    page += "| Key | Type | Unit | Default | Allowed | Meaning |\n|---|---|---|---|---|---|\n";
    for (const FieldText& field : group.fields)
      page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", field.key, field.type, field.unit,
                          default_in_words(field.otherwise), field.allowed, field.meaning);
  }
  page += "\n## Parameters\n\n| Name | Symbol | Unit | Allowed | Default | Meaning "
          "|\n|---|---|---|---|---|---|\n";
  for (const ParameterInfo& parameter : parameter_table)
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", parameter.name, parameter.symbol,
                        parameter.unit, allowed_range(parameter).describe(""),
                        default_in_words(parameter), parameter.long_name);
  page += "\n## Kinds of observation\n\n| Kind | Unit | Depth | Meaning |\n|---|---|---|---|\n";
  for (const ObservationKindInfo& kind : observation_kind_table)
    page += fmt::format("| `{}` | {} | {} | {} |\n", kind.name, kind.unit,
                        kind.has_depth ? "yes" : "no", kind.long_name);
  return page;
}

} // namespace glebe
