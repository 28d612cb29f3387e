// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
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

/// The text with control characters as `\x1b`, so that no name in a file can drive a terminal; line
/// ends and tabs stay. Of UTF-8, those of two bytes too.
inline std::string printable(std::string_view text) {
  constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7',
                              '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair =
        byte(i) == 0xc2 && i + 1 < text.size() && byte(i + 1) >= 0x80 && byte(i + 1) < 0xa0;
    const bool control = (byte(i) < 0x20 && text[i] != '\n' && text[i] != '\t') || byte(i) == 0x7f;
    if (pair) ++i;
    if (pair || control)
      result += {'\\', 'x', digits[byte(i) / 16U], digits[byte(i) % 16U]};
    else
      result += text[i];
  }
  return result;
}

/// A word as a shell has to be given it.
inline std::string in_shell(const std::string& word) {
  constexpr std::string_view plain = "._=-+/:,@%";
  bool harmless = !word.empty();
  for (const char c : word)
    harmless = harmless && (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                            plain.find(c) != std::string_view::npos);
  if (harmless) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

} // namespace glebe
