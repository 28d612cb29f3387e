// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/file_series.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace glebe {

/// The files that inputs come from, opened once for all variables of the same files.
class InputFiles {
public:
  InputFiles(const Ranks& ranks, const Settings& settings, const Log& log);

  /// The series of some files, which have `variable`. Collective. Throws InputError as FileSeries.
  const FileSeries& series(const std::vector<std::filesystem::path>& paths,
                           const std::string& variable);

private:
  const Ranks& ranks_;
  DateTime start_;
  const Log& log_;
  std::map<std::vector<std::filesystem::path>, std::set<std::string>>
      named_; ///< the variables that the settings name, by their files
  std::map<std::vector<std::filesystem::path>, FileSeries> series_;
};

} // namespace glebe
