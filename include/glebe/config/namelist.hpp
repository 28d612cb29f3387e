// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// One value as written in the namelist. The reader of the key decides its type.
struct NamelistValue {
  std::string text; ///< without the quotes, doubled quotes replaced by one
  bool quoted = false;
  int line = 0;
};

/// `key = values`, `key(2) = values` or `key(2:3) = values`. Repeats are expanded; an empty entry
/// is a null value, which does not change its element.
struct NamelistAssignment {
  std::string key; ///< lower case
  int line = 0;
  bool indexed = false;
  int first = 1; ///< index of the first value, counted from 1
  std::vector<std::optional<NamelistValue>> values;
  std::string option = {};        ///< of the command line, where it was given there
  std::size_t begin = 0, end = 0; ///< where it stands in the text
};

/// `&name … /`; a group may occur several times in a namelist.
struct NamelistGroup {
  std::string name; ///< lower case
  int line = 0;
  std::vector<NamelistAssignment> assignments;
  std::size_t end = 0; ///< where in the text what closes it stands
};

struct Namelist {
  std::string file; ///< as named in messages; then the options that change it, a line each
  std::vector<NamelistGroup> groups;
};

/// What an option of the command line gives has a line from here on: its number, counted from 0,
/// more than this one. No namelist is so long.
inline constexpr int first_option_line = 1'000'000'000;

/// `case.nml:12` for messages, `case.nml` for line 0, and for an option itself: `--set
/// soil.depth=2`. `file` is that of a Namelist.
std::string position_of(const std::string& file, int line);

/// A text without the byte-order mark that it may begin with; positions count from there.
std::string_view without_byte_order_mark(std::string_view text);

/// The groups of a Fortran namelist `text`, in their order. Syntax errors are added to `problems`
/// as `file:line: …`; the parts that could be read are returned. Not collective.
Namelist parse_namelist(std::string_view text, const std::string& file, Problems& problems);

/// The same; throws InputError with all syntax errors.
Namelist parse_namelist(std::string_view text, const std::string& file);

/// The text of a file; throws InputError when it cannot be read. Not collective.
std::string read_text(const std::filesystem::path& file);

/// The value as a Fortran logical (T, .t., TRUE, .true. and their opposites, in any letter case),
/// integer, real (1.5, .5, 1d3, 1.D+3, 1+3, inf, nan) or string (quoted, without the trailing
/// blanks, which Fortran ignores); empty when the value is not of this type.
std::optional<bool> as_logical(const NamelistValue& value);
std::optional<int> as_integer(const NamelistValue& value);
std::optional<double> as_real(const NamelistValue& value);
std::optional<std::string> as_text(const NamelistValue& value);

} // namespace glebe
