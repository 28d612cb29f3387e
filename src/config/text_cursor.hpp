// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cctype>
#include <string>
#include <string_view>

namespace glebe {

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
inline bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
inline bool is_quote(char c) { return c == '\'' || c == '"'; }
/// '%' occurs in names such as `a%b`: no setting has one, but a message should show the whole name.
inline bool is_name_part(char c) { return is_letter(c) || is_digit(c) || c == '%'; }
inline bool ends_bare_value(char c) {
  return is_blank(c) || is_quote(c) || c == ',' || c == '/' || c == '!' || c == '=';
}

/// A position in a namelist text, with functions to recognise what begins there.
class TextCursor {
public:
  explicit TextCursor(std::string_view text) : text_(text) {}

  int line() const { return line_; }
  bool at_end() const { return position_ >= text_.size(); }
  char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
  char peek() const { return at(position_); }
  void advance() {
    if (text_[position_++] == '\n') ++line_;
  }
  void skip_line() {
    while (!at_end() && peek() != '\n') advance();
  }
  void skip_blanks() {
    while (!at_end() && (is_blank(peek()) || peek() == '!')) {
      if (peek() == '!') {
        skip_line();
      } else {
        advance();
      }
    }
  }

  /// Whether a group begins here: '&' or '$' directly followed by a name. Text between groups may
  /// contain a single '&'.
  bool at_group() const {
    const bool mark = peek() == '&' || peek() == '$';
    const bool apart =
        position_ == 0 || is_blank(text_[position_ - 1]) || text_[position_ - 1] == '/';
    return mark && apart && is_letter(at(position_ + 1));
  }

  /// Whether `name =` or `name(…) =` begins here, not a value.
  bool at_key() const {
    std::size_t p = position_;
    if (!is_letter(at(p))) return false;
    while (is_name_part(at(p))) ++p;
    while (is_blank(at(p))) ++p;
    if (at(p) == '(') {
      while (p < text_.size() && at(p) != ')' && at(p) != '=' && at(p) != '\n') ++p;
      if (at(p) == ')') ++p;
      while (is_blank(at(p))) ++p;
    }
    return at(p) == '=';
  }

  /// The text up to the next blank, for messages.
  std::string_view word() const {
    std::size_t end = position_;
    while (end < text_.size() && !is_blank(text_[end]) && end - position_ < 40) ++end;
    return text_.substr(position_, end - position_);
  }

  std::string take_name() {
    std::string name;
    while (!at_end() && is_name_part(peek())) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(peek())));
      advance();
    }
    return name;
  }

  /// Reads `&end` if it is here; returns whether it was.
  bool take_end() {
    const std::size_t mark = position_;
    const int line = line_;
    advance();
    if (take_name() == "end") return true;
    position_ = mark;
    line_ = line;
    return false;
  }

protected:
  /// The text from here to `end`.
  std::string_view text_to(std::size_t end) const {
    return text_.substr(position_, end - position_);
  }
  std::size_t position() const { return position_; }
  void move_along_line_to(std::size_t position) { position_ = position; }

private:
  std::string_view text_;
  std::size_t position_ = 0;
  int line_ = 1;
};

} // namespace glebe
