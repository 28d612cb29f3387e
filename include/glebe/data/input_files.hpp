// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/file_series.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace glebe {

/// The files that inputs come from, opened once for all variables of the same files.
class InputFiles {
public:
  InputFiles(const Ranks& ranks, const DateTime& start, const Log& log)
      : ranks_(ranks), start_(start), log_(log) {}

  /// The series of some files, which have `variable`. Collective. Throws InputError as FileSeries.
  const FileSeries& series(const std::vector<std::filesystem::path>& paths,
                           const std::string& variable);

private:
  const Ranks& ranks_;
  DateTime start_;
  const Log& log_;
  std::map<std::vector<std::filesystem::path>, FileSeries> series_;
};

} // namespace glebe
