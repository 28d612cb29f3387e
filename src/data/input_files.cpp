// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/input_files.hpp"

#include "glebe/config/input_sources.hpp"

namespace glebe {

InputFiles::InputFiles(const Ranks& ranks, const Settings& settings, const Log& log)
    : ranks_(ranks), start_(settings.time.start), log_(log) {
  for (const InputSource& source : sources_of(settings))
    named_[source.file].insert(source.variable);
  for (const ObservationSettings& stream : settings.observations)
    for (const auto& name : {stream.variable, stream.sigma_variable, stream.qc_variable})
      if (!name.empty()) named_[stream.file].insert(name);
  named_[settings.moisture.file].insert(settings.moisture.variable.begin(),
                                        settings.moisture.variable.end());
}

const FileSeries& InputFiles::series(const std::vector<std::filesystem::path>& paths,
                                     const std::string& variable) {
  const auto found = series_.find(paths);
  if (found != series_.end()) return found->second;
  return series_.emplace(paths, FileSeries(ranks_, paths, variable, start_, log_, named_[paths]))
      .first->second;
}

} // namespace glebe
