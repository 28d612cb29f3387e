// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// One value as it stands in the namelist. Its type is decided by whoever asks for it.
struct NamelistValue {
  std::string text; ///< without the quotes, doubled quotes undone
  bool quoted = false;
  int line = 0;
};

/// `key = values`, `key(2) = values` or `key(2:3) = values`. Repeats are written out; an empty
/// entry is a null value, which leaves its element as it was.
struct NamelistAssignment {
  std::string key; ///< lower case
  int line = 0;
  bool indexed = false;
  int first = 1; ///< index of the first value, counted from 1
  std::vector<std::optional<NamelistValue>> values;
};

/// `&name … /`; a group may occur several times in a namelist.
struct NamelistGroup {
  std::string name; ///< lower case
  int line = 0;
  std::vector<NamelistAssignment> assignments;
};

struct Namelist {
  std::string file; ///< as named in messages
  std::vector<NamelistGroup> groups;
};

/// The groups of a Fortran namelist `text`, in their order. Syntax errors are added to `problems`
/// as `file:line: …`; what could be read in spite of them is returned. Not collective.
Namelist parse_namelist(std::string_view text, const std::string& file, Problems& problems);

/// The same; throws InputError with all syntax errors.
Namelist parse_namelist(std::string_view text, const std::string& file);

/// The text of a file; throws InputError when it cannot be read. Not collective.
std::string read_text(const std::filesystem::path& file);

/// The value as a Fortran logical (T, .t., TRUE, .true. and their opposites, in any letter case),
/// integer, real (1.5, .5, 1d3, 1.D+3, 1+3, inf, nan) or string (quoted, without the trailing
/// blanks, which mean nothing in Fortran); empty when it is none.
std::optional<bool> as_logical(const NamelistValue& value);
std::optional<int> as_integer(const NamelistValue& value);
std::optional<double> as_real(const NamelistValue& value);
std::optional<std::string> as_text(const NamelistValue& value);

} // namespace glebe
