// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/named_files.hpp"

#include "glebe/base/collect.hpp"
#include "glebe/config/input_sources.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

namespace {

using Path = std::filesystem::path;

/// Files in the order in which they are named, with the variables that are read from each.
class NamedFiles {
public:
  void add(const Path& path, const std::string& variable) {
    if (path.empty()) return;
    auto known = std::ranges::find(files_, path, &File::path);
    if (known == files_.end()) known = files_.insert(files_.end(), File{path, {}});
    auto& variables = known->variables;
    if (!variable.empty() && std::ranges::find(variables, variable) == variables.end())
      variables.push_back(variable);
  }
  /// Of several files of one series the first: the others are opened for their times, which is
  /// soon.
  void add(const std::vector<Path>& paths, const std::string& variable) {
    if (!paths.empty()) add(paths.front(), variable);
  }

  Problems problems(const Ranks& ranks) const {
    Problems found;
    for (const auto& [path, variables] : files_)
      collect(found, [&, &path = path, &variables = variables] {
        const NetcdfFile file = NetcdfFile::open(ranks, path);
        for (const std::string& variable : variables)
          collect(found, [&] { static_cast<void>(file.variable(variable)); });
      });
    return found;
  }

private:
  struct File {
    Path path;
    std::vector<std::string> variables;
  };
  std::vector<File> files_;
};

} // namespace

void check_named_files(const Ranks& ranks, const Settings& settings, bool observed) {
  NamedFiles named;
  // How to do without longwave radiation, its reader says.
  const std::string& longwave = settings.forcing.variable[Input::longwave];
  for (const InputSource& source : sources_of(settings))
    named.add(source.file, source.variable == longwave ? "" : source.variable);
  for (const BoundarySettings& boundary : settings.boundaries)
    named.add(boundary.file, boundary.variable);
  for (const std::string& variable : settings.moisture.variable)
    named.add(settings.moisture.file, variable);
  if (observed)
    for (const ObservationSettings& observation : settings.observations)
      for (const std::string& variable :
           {observation.variable, observation.sigma_variable, observation.qc_variable})
        named.add(observation.file, variable);
  for (const ParameterSettings& parameter : settings.parameters) {
    named.add(parameter.file, parameter.variable);
    named.add(parameter.region_file, parameter.region_variable);
  }
  named.add(settings.grid.mask_file, settings.grid.mask_variable);
  if (settings.soil.initial == Initial::file)
    named.add(settings.soil.initial_file, settings.soil.initial_variable);
  named.problems(ranks).throw_if_any();
}

} // namespace glebe
