// SPDX-License-Identifier: BSD-3-Clause
// One `--set group.key=value` of the command line.
#pragma once

#include "glebe/base/error.hpp"

#include <optional>
#include <string>

namespace glebe {

/// `group(place).key(index)=value` in its parts; place and subscript may be empty.
struct Override {
  std::string option; ///< as messages name it
  std::string group, place, key, subscript, value;
};

/// The parts of `group.key=value`; empty if it is not of this form. Group and key are in lower
/// case.
std::optional<Override> parse_override(const std::string& text);

/// The same `text` with group and key in lower case and without needless blanks; unchanged if it is
/// not of this form.
std::string canonical_override(const std::string& text);

/// What the table of settings knows of a key.
struct KeyForm {
  bool repeatable = false; ///< its group
  bool is_text = false;    ///< its values are written in quotes
  bool is_list = false;
  bool or_number = false; ///< not in quotes if it is a number
};

/// What the table of settings has for a key; an unknown group or key is added to `problems`.
std::optional<KeyForm> find_form(const Override& given, Problems& problems);

/// A value as a namelist has it: a text in quotes, the elements of a list of texts each.
std::string in_namelist(const std::string& value, const KeyForm& form);

} // namespace glebe
