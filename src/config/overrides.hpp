// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/config/namelist.hpp"

#include <string>
#include <vector>

namespace glebe {

/// Puts `overrides` into the groups of a namelist, in place of what it has or in addition to it,
/// and returns its `text` with them: the namelist that does the same without options. Each is
/// `group.key=value` or `group(place).key=value`, where place is the number, counted from 1, or the
/// name of a group that is repeated; `key(2)` is one element of a list. Values are those of a
/// namelist; a text needs no quotes, and the elements of a list are then separated by commas. What
/// is wrong is added to `problems`, as `--set group.key=value: ...`.
std::string override_settings(const std::vector<std::string>& overrides, Namelist& namelist,
                              std::string text, Problems& problems);

} // namespace glebe
