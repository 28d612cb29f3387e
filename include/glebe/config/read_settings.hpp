// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace glebe {

/// The settings in the namelist `file`, complete: with defaults and default names, `${NAME}`
/// expanded and paths relative to the namelist's folder resolved. Throws one InputError with every
/// problem that can be found without opening data files. Not collective.
Settings read_settings(const std::filesystem::path& file);

/// The same from a namelist's `text`, as if it had been read from `file`. One rank can thus read
/// the file for all. `overrides` are `group.key=value`, each in place of what the text has or in
/// addition to it; the text in the settings is then the one that they make.
Settings parse_settings(std::string text, const std::filesystem::path& file,
                        const std::vector<std::string>& overrides = {});

} // namespace glebe
