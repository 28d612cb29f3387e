// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/namelist.hpp"

#include "glebe/base/files.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "text_cursor.hpp"

namespace glebe {

namespace {

/// Lists of settings are shorter than this; a larger repeat or index is a mistake.
constexpr int max_list_length = 1'000'000;

class NamelistParser : private TextCursor {
public:
  NamelistParser(std::string_view text, const std::string& file, Problems& problems)
      : TextCursor(without_byte_order_mark(text)), file_(file), problems_(problems) {}

  std::vector<NamelistGroup> groups() {
    std::vector<NamelistGroup> groups;
    while (!at_end()) {
      if (peek() == '!') {
        skip_line();
      } else if (at_group()) {
        advance();
        const int first_line = line();
        std::string name = take_name();
        if (name != "end") groups.push_back(group(std::move(name), first_line));
      } else {
        advance();
      }
    }
    return groups;
  }

private:
  template <class... Args>
  void problem(int line, fmt::format_string<Args...> format, Args&&... args) {
    problems_.add("{}:{}: {}", file_, line, fmt::format(format, std::forward<Args>(args)...));
  }

  NamelistGroup group(std::string name, int first_line) {
    NamelistGroup group{std::move(name), first_line, {}};
    for (;;) {
      skip_blanks();
      if (at_end()) {
        if (!string_open_) problem(first_line, "&{}: not closed by '/'", group.name);
        return group;
      }
      group.end = position();
      if (peek() == '/') {
        advance();
        return group;
      }
      if (peek() == '&' || peek() == '$') {
        if (take_end()) return group;
        problem(first_line, "&{}: not closed by '/' before line {}", group.name, line());
        if (!at_group()) advance();
        return group;
      }
      if (at_key()) {
        group.assignments.push_back(assignment(group.name));
      } else {
        if (peek() != ',')
          problem(line(), "&{}: expected 'name = value', found '{}'", group.name, word());
        recover();
      }
    }
  }

  /// After an error: moves to the next key or to the end of the group.
  void recover() {
    for (;;) {
      skip_blanks();
      if (at_end() || peek() == '/' || peek() == '&' || peek() == '$' || at_key()) return;
      if (is_quote(peek())) {
        quoted();
      } else {
        do advance();
        while (!at_end() && !ends_bare_value(peek()));
      }
    }
  }

  NamelistAssignment assignment(const std::string& group) {
    NamelistAssignment result;
    result.line = line();
    result.begin = position();
    result.key = take_name();
    const std::string where = fmt::format("&{} {}", group, result.key);
    skip_blanks();
    std::optional<int> last;
    if (peek() == '(') last = subscript(result, where);
    skip_blanks();
    advance(); // the '=' that at_key() has seen
    result.end = position();
    read_values(result, where);
    const auto room =
        last ? static_cast<std::size_t>(*last - result.first + 1) : result.values.size();
    if (result.values.size() > room)
      problem(result.line, "{}({}:{}): {} values for {} elements", where, result.first, *last,
              result.values.size(), room);
    return result;
  }

  /// Reads `(first)`, `(first:)`, `(first:last)` or `(:)`; returns the last index where given.
  std::optional<int> subscript(NamelistAssignment& result, const std::string& where) {
    std::string inside;
    for (advance(); peek() != ')' && peek() != '=' && peek() != '\n'; advance())
      if (!is_blank(peek())) inside += peek();
    const std::size_t colon = inside.find(':');
    const auto first = colon == 0 ? std::optional(1) : index(inside.substr(0, colon));
    const bool open = colon == std::string::npos || colon + 1 == inside.size();
    const auto last = open ? std::optional<int>{} : index(inside.substr(colon + 1));
    const bool good = peek() == ')' && first && (open || (last && *last >= *first));
    if (peek() == ')') advance();
    if (!good) {
      problem(line(), "{}: bad index '({})': must be like (2) or (2:4)", where, inside);
      return {};
    }
    result.indexed = true;
    result.first = *first;
    return last;
  }

  static std::optional<int> index(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = error == std::errc{} && end == text.data() + text.size() && value >= 1 &&
                      value <= max_list_length;
    return good ? std::optional(value) : std::nullopt;
  }

  void read_values(NamelistAssignment& result, const std::string& where) {
    bool value_before_comma = false;
    for (;;) {
      skip_blanks();
      if (at_end() || peek() == '/' || peek() == '&' || peek() == '$' || at_key()) return;
      if (peek() == ',') {
        if (!value_before_comma) result.values.emplace_back();
        value_before_comma = false;
        advance();
      } else if (read_item(result, where)) {
        value_before_comma = true;
      } else {
        recover();
        return;
      }
      result.end = position();
    }
  }

  /// Reads one value, a repeated value `3*x`, or repeated nulls `3*`.
  bool read_item(NamelistAssignment& result, const std::string& where) {
    const std::size_t begin = position();
    const auto count = repeat();
    if (!count) {
      problem(line(), "{}: bad repeat in '{}': must be a whole number before '*'", where, word());
      return false;
    }
    const bool repeated = position() > begin;
    std::optional<NamelistValue> value;
    if (is_quote(peek())) {
      const int first_line = line();
      value = quoted();
      if (!value) return false;
      if (!at_end() && (!ends_bare_value(peek()) || is_quote(peek()) || peek() == '=')) {
        problem(line(), "{}: '{}' follows the string that begins on line {}: is a quote missing?",
                where, word(), first_line);
        return false;
      }
    } else if (!(repeated && (at_end() || ends_bare_value(peek())))) {
      value = bare(result, where);
      if (!value) return false;
    }
    result.values.insert(result.values.end(), static_cast<std::size_t>(*count), value);
    return true;
  }

  /// Reads a repeat count and its '*'; 1 if there is none; empty if it is not valid.
  std::optional<int> repeat() {
    std::size_t end = position();
    while (at(end) != '\0' && at(end) != '*' && !ends_bare_value(at(end))) ++end;
    if (at(end) != '*') return 1;
    const auto count = index(text_to(end));
    if (count) move_along_line_to(end + 1);
    return count;
  }

  std::optional<NamelistValue> bare(const NamelistAssignment& result, const std::string& where) {
    NamelistValue value{"", false, line()};
    while (!at_end() && !ends_bare_value(peek())) {
      value.text += peek();
      advance();
    }
    if (value.text.empty() || (!at_end() && (is_quote(peek()) || peek() == '='))) {
      problem(line(), "{}: unexpected '{}{}'", where, value.text, peek());
      return {};
    }
    if (value.text.find('*') != std::string::npos) {
      problem(line(), "{}: bad repeat in '{}': one '*' only", where, value.text);
      return {};
    }
    // After a first value, a word that is not a value is probably a name without its '='.
    const bool word = is_letter(value.text[0]) && !as_logical(value) && !as_real(value);
    if (word && !result.values.empty()) {
      problem(line(), "{}: '{}' is neither a value nor followed by '='", where, value.text);
      return {};
    }
    return value;
  }

  /// A string; it may continue over lines, whose ends are not part of it.
  std::optional<NamelistValue> quoted() {
    const char quote = peek();
    NamelistValue value{"", true, line()};
    for (advance(); !at_end(); advance()) {
      if (peek() == quote && at(position() + 1) != quote) {
        advance();
        return value;
      }
      if (peek() == quote) advance();
      if (peek() != '\n' && peek() != '\r') value.text += peek();
    }
    problem(value.line, "the string that begins here is never closed");
    string_open_ = true;
    return {};
  }

  const std::string& file_;
  Problems& problems_;
  bool string_open_ = false; ///< then the open group is not reported as well
};

} // namespace

std::string position_of(const std::string& file, int line) {
  std::istringstream lines(file);
  std::string text;
  std::getline(lines, text);
  if (line < first_option_line) return line == 0 ? text : fmt::format("{}:{}", text, line);
  for (int i = first_option_line; i <= line; ++i) std::getline(lines, text);
  return text;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  return text;
}

Namelist parse_namelist(std::string_view text, const std::string& file, Problems& problems) {
  return {file, NamelistParser(text, file, problems).groups()};
}

Namelist parse_namelist(std::string_view text, const std::string& file) {
  Problems problems;
  Namelist namelist = parse_namelist(text, file, problems);
  problems.throw_if_any();
  return namelist;
}

std::string read_text(const std::filesystem::path& file) {
  // The beginning of a pipe may be all that it ever gives, and nobody can look it up later.
  if (const std::string found = what_else(file); !found.empty())
    throw InputError(
        fmt::format("{}: cannot be read, it is {}; a file is needed", file.string(), found));
  std::ifstream stream(file, std::ios::binary);
  if (!stream.is_open())
    throw InputError(fmt::format("{}: cannot be read ({})", file.string(), std::strerror(errno)));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  return text;
}

} // namespace glebe
