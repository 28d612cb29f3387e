// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/level_choice.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"

#include <charconv>

namespace glebe {

namespace {

// The number that a text is; nothing for any other text.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  const std::string_view inside = trimmed(text);
  Number number{};
  const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), number);
  if (error != std::errc{} || end != inside.data() + inside.size()) return {};
  return number;
}

} // namespace

std::optional<LevelChoice> parse_level(std::string_view text) {
  const std::string_view all = trimmed(text);
  const std::size_t at = all.find_first_of("=(");
  if (at == std::string_view::npos || at == 0) return {};
  LevelChoice level{std::string(trimmed(all.substr(0, at)))};
  if (all[at] == '=') {
    level.value = number_in<double>(all.substr(at + 1));
    if (!level.value) return {};
    return level;
  }
  if (all.back() != ')') return {};
  const auto number = number_in<std::size_t>(all.substr(at + 1, all.size() - at - 2));
  if (!number || *number == 0) return {};
  level.number = *number - 1;
  return level;
}

std::vector<LevelChoice> parse_levels(const std::vector<std::string>& texts) {
  std::vector<LevelChoice> levels;
  for (const std::string& text : texts) {
    const auto level = parse_level(text);
    if (!level)
      throw InputError(fmt::format("the level '{}': must be a dimension with a number from 1, such "
                                   "as 'height(1)', or with the value of its coordinate, such as "
                                   "'height = 2'",
                                   text));
    levels.push_back(*level);
  }
  return levels;
}

} // namespace glebe
