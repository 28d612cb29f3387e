// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/input_files.hpp"

namespace glebe {

const FileSeries& InputFiles::series(const std::vector<std::filesystem::path>& paths,
                                     const std::string& variable) {
  const auto found = series_.find(paths);
  if (found != series_.end()) return found->second;
  return series_.emplace(paths, FileSeries(ranks_, paths, variable, start_, log_)).first->second;
}

} // namespace glebe
