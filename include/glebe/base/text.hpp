// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cctype>
#include <string>
#include <string_view>

namespace glebe {

/// The text without blanks and line ends on either side; a view into the same characters.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

/// The text with ASCII capitals in lower case.
inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

} // namespace glebe
