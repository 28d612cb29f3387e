// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/namelist.hpp"

#include <cctype>
#include <charconv>
#include <limits>

namespace glebe {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number of digits at the beginning of `text`.
std::size_t digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  return n;
}

bool is_sign(char c) { return c == '+' || c == '-'; }

template <class T>
std::optional<T> from_characters(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

/// An unsigned Fortran real in C notation. In Fortran the exponent letter may be e, d or q, and may
/// be omitted before a signed exponent. Empty when `text` is not a number.
std::string c_notation(std::string_view text) {
  const std::size_t whole = digits(text);
  std::size_t end = whole;
  std::size_t fraction = 0;
  if (end < text.size() && text[end] == '.') {
    fraction = digits(text.substr(end + 1));
    end += 1 + fraction;
  }
  if (whole + fraction == 0) return {};
  std::string number(text.substr(0, end));
  std::string_view exponent = text.substr(end);
  if (exponent.empty()) return number;
  const bool has_letter = std::string_view("edq").find(exponent[0]) != std::string_view::npos;
  if (has_letter) exponent.remove_prefix(1);
  const bool has_sign = !exponent.empty() && is_sign(exponent[0]);
  if (!has_letter && !has_sign) return {};
  const std::string sign(has_sign && exponent[0] == '-' ? "-" : "");
  if (has_sign) exponent.remove_prefix(1);
  if (exponent.empty() || digits(exponent) != exponent.size()) return {};
  return number + 'e' + sign + std::string(exponent);
}

} // namespace

std::optional<bool> as_logical(const NamelistValue& value) {
  if (value.quoted) return {};
  std::string word = lower_case(value.text);
  if (!word.empty() && word.front() == '.') word.erase(0, 1);
  if (!word.empty() && word.back() == '.') word.pop_back();
  if (word == "t" || word == "true") return true;
  if (word == "f" || word == "false") return false;
  return {};
}

std::optional<int> as_integer(const NamelistValue& value) {
  if (value.quoted) return {};
  std::string_view text = value.text;
  // from_chars does not accept a plus sign, and a minus sign must not follow it.
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  return from_characters<int>(text);
}

std::optional<double> as_real(const NamelistValue& value) {
  if (value.quoted || value.text.empty()) return {};
  const std::string lower = lower_case(value.text);
  std::string_view text = lower;
  const double sign = text[0] == '-' ? -1.0 : 1.0;
  if (is_sign(text[0])) text.remove_prefix(1);
  if (text == "inf" || text == "infinity") return sign * std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  const auto magnitude = from_characters<double>(c_notation(text));
  if (!magnitude) return {};
  return sign * *magnitude;
}

std::optional<std::string> as_text(const NamelistValue& value) {
  if (!value.quoted) return {};
  return value.text.substr(0, value.text.find_last_not_of(' ') + 1);
}

} // namespace glebe
