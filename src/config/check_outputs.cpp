// SPDX-License-Identifier: BSD-3-Clause
// No output may replace an input or another output.
#include "glebe/base/files.hpp"
#include "glebe/config/output_paths.hpp"

#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

using Path = std::filesystem::path;

std::vector<Path> input_files(const Settings& settings) {
  std::vector<Path> files{settings.file, settings.soil.initial_file, settings.grid.mask_file};
  const auto add = [&](const std::vector<Path>& more) {
    files.insert(files.end(), more.begin(), more.end());
  };
  add(settings.forcing.file);
  for (const InputSettings& input : settings.inputs) add(input.file);
  for (const BoundarySettings& boundary : settings.boundaries) add(boundary.file);
  add(settings.moisture.file);
  for (const ParameterSettings& parameter : settings.parameters)
    add({parameter.file, parameter.region_file});
  // A twin writes these files for an estimate. A design does not read them, but they are data.
  if (settings.run.mode != Mode::twin)
    for (const ObservationSettings& observation : settings.observations) add(observation.file);
  std::erase_if(files, [](const Path& path) { return path.empty(); });
  return files;
}

// The path with all links followed as far as it exists. Where that fails (a circle of links), the
// path as it is.
Path resolved(const Path& path) {
  std::error_code code;
  const Path absolute = std::filesystem::absolute(followed(path), code);
  const Path folder = std::filesystem::weakly_canonical(absolute.parent_path(), code);
  return code ? absolute : folder / absolute.filename();
}

// Whether two files that are not there yet would be one: of one name in one folder, which may be
// mounted in two places.
bool same_place(const Path& a, const Path& b) {
  std::error_code code;
  return a == b || (a.filename() == b.filename() &&
                    std::filesystem::equivalent(folder_of(a), folder_of(b), code));
}

} // namespace

std::string OutputPath::where() const {
  return fmt::format("{} = '{}'", group->where(key), path.string());
}

std::vector<OutputPath> output_paths(const Settings& settings) {
  std::vector<OutputPath> paths;
  const auto add = [&](const GroupOrigin& group, const char* key, const Path& path) {
    if (!path.empty() && !group.faulty(key)) paths.push_back({&group, key, path});
  };
  if (settings.run.mode != Mode::gradient_test) add(settings.run, "output", settings.run.output);
  if (settings.run.mode == Mode::twin) add(settings.twin, "file", settings.twin.file);
  add(settings.checkpoint, "file", settings.checkpoint.file);
  return paths;
}

bool same_file(const Path& a, const Path& b) {
  std::error_code code;
  return std::filesystem::equivalent(a, b, code) || same_place(resolved(a), resolved(b));
}

void check_outputs(const Settings& settings, Problems& problems) {
  std::vector<Path> taken = input_files(settings);
  for (const OutputPath& output : output_paths(settings)) {
    if (std::any_of(taken.begin(), taken.end(),
                    [&](const Path& path) { return same_file(path, output.path); }))
      problems.add("{}: would overwrite a file that the run also reads or writes", output.where());
    taken.push_back(output.path);
  }
}

} // namespace glebe
