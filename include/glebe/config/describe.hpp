// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace glebe {

/// A namelist of all groups and keys with their defaults, commented with meaning, type, unit and
/// allowed values. Keys without a default have no value, which has the same effect as no key.
std::string describe();

/// The namelist reference page in Markdown: one table for each group.
std::string reference_markdown();

} // namespace glebe
