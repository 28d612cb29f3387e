// SPDX-License-Identifier: BSD-3-Clause
// The files that a run reads and writes, as far as its namelist tells.
#pragma once

#include "glebe/config/settings.hpp"

#include <filesystem>
#include <vector>

namespace glebe {

/// A file that a run writes, and the setting that names it.
struct OutputPath {
  const GroupOrigin* group;
  const char* key;
  std::filesystem::path path;

  /// "case.nml:12: &run output = 'x.nc'", the beginning of a message.
  std::string where() const;
};

/// The files that the mode of a run writes. Not collective.
std::vector<OutputPath> output_paths(const Settings& settings);

/// Whether two paths lead to one file, by whatever spelling: with `..`, through links of folders or
/// files, or by another name of the same file. A path to no file is compared by its folder and its
/// last name. Not collective.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace glebe
