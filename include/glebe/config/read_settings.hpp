// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <filesystem>
#include <string>

namespace glebe {

/// The settings in the namelist `file`: complete, with defaults filled in, names made, `${NAME}`
/// expanded and paths resolved from the namelist's folder. Throws one InputError with every
/// problem that can be seen without opening data. Not collective.
Settings read_settings(const std::filesystem::path& file);

/// The same from a namelist's `text`, as if it had been read from `file`; so that one rank can
/// read for all.
Settings parse_settings(std::string text, const std::filesystem::path& file);

} // namespace glebe
