// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// Settings as lines "group.key=value", or "group(name).key=value" for a group that is repeated, in
/// the order of the table, each number with all its digits: equal lines, equal settings. Of the
/// keys for which `wanted(group, key)`, except names of files, whose content counts.
std::vector<std::string>
setting_lines(const Settings& settings,
              const std::function<bool(std::string_view, std::string_view)>& wanted);

} // namespace glebe
