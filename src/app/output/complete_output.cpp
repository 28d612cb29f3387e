// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/complete_output.hpp"

#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/data/destination.hpp"

#include <optional>

namespace glebe {

namespace {

using Path = std::filesystem::path;

/// What is done to make an output.
struct Steps {
  std::function<void(OutputFile&)> define, write;
};

// The later of two runs on one output has the last word, and says so.
void warn_of_another_run(const Case& inputs, const Path& path) {
  const auto earlier = inputs.earlier_outputs.find(path);
  if (earlier != inputs.earlier_outputs.end() && state_of(path) != earlier->second)
    inputs.log.warning("{}: was written or removed by something else while this run went on; "
                       "this result takes its place",
                       path.string());
}

// Why the output could not be made, or nothing. Collective.
std::optional<std::string> try_to_make(const Case& inputs, const Path& path, Storage storage,
                                       const Steps& steps) {
  try {
    OutputFile file = inputs.output(path, storage);
    steps.define(file);
    file.end_definitions();
    steps.write(file);
    warn_of_another_run(inputs, path);
    file.commit();
    return std::nullopt;
  } catch (...) {
    const Failure failure = current_failure();
    if (!all_ranks_arrive()) end_alone(failure);
    return failure.messages.front();
  }
}

// Whether it is worth while that all ranks write. Collective.
bool is_large(const Case& inputs, const Path& path, const Steps& steps) {
  constexpr double bytes_of_a_second = 1e8;
  OutputFile trial = inputs.output(path, Storage::memory);
  steps.define(trial);
  trial.end_definitions();
  return trial.size() > bytes_of_a_second;
}

// The path of the output that was made elsewhere, or nothing. Collective.
std::optional<Path> rescue(const Case& inputs, const Path& path, const Steps& steps) {
  const Ranks& ranks = inputs.ranks;
  std::error_code ignored;
  for (const Path& folder :
       {std::filesystem::temp_directory_path(ignored), std::filesystem::current_path(ignored)}) {
    Path other;
    if (ranks.is_root()) other = new_file(folder, path.filename());
    other = ranks.broadcast_from_root(other.string());
    if (other.empty()) continue;
    if (!try_to_make(inputs, other, Storage::file_of_root, steps)) return other;
    if (ranks.is_root()) std::filesystem::remove(other, ignored);
  }
  return std::nullopt;
}

} // namespace

void complete_output(const Case& inputs, const Path& path,
                     const std::function<void(OutputFile&)>& define,
                     const std::function<void(OutputFile&)>& write) {
  const Steps steps{define, write};
  const bool large = is_large(inputs, path, steps);
  std::optional<std::string> failed =
      try_to_make(inputs, path, large ? Storage::file : Storage::file_of_root, steps);
  if (failed && large) failed = try_to_make(inputs, path, Storage::file_of_root, steps);
  if (!failed) {
    inputs.log.info("written: {}", path.string());
    return;
  }
  const std::optional<Path> other = rescue(inputs, path, steps);
  throw RunError(other ? fmt::format("{}; written instead: {}", *failed, other->string())
                       : fmt::format("{}; nor could it be written elsewhere", *failed));
}

} // namespace glebe
