// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/complete_output.hpp"

#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"
#include "glebe/data/destination.hpp"

#include <optional>

namespace glebe {

namespace {

using Path = std::filesystem::path;

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
                                       const OutputSteps& steps) {
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
bool is_large(const Case& inputs, const Path& path, const OutputSteps& steps) {
  constexpr double bytes_of_a_second = 1e8;
  OutputFile trial = inputs.output(path, Storage::memory);
  steps.define(trial);
  trial.end_definitions();
  return trial.size() > bytes_of_a_second;
}

// Whether all ranks can write together. Open MPI maps files of the temporary folder into memory:
// without room for them it ends the program, and a rank that cannot make one leaves the others
// waiting. Collective.
bool can_write_together(const Ranks& ranks) {
  constexpr double room = 1e7; // bytes
  std::error_code failed;
  const Path folder = std::filesystem::temp_directory_path(failed);
  const Path made = failed ? Path() : new_file(folder, "room");
  const bool can = !made.empty() && free_space(made) >= room;
  if (!made.empty()) std::filesystem::remove(made, failed);
  return !ranks.any(!can);
}

// What is kept while the output is not made, if anything is. Collective.
class KeptFile {
public:
  KeptFile(const Case& inputs, const OutputSteps& steps) : inputs_(inputs), steps_(steps) {}

  void make() {
    if (path_.empty() && steps_.keep) path_ = steps_.keep();
  }
  void remove() {
    std::error_code ignored;
    if (inputs_.ranks.is_root() && !path_.empty()) std::filesystem::remove(path_, ignored);
  }
  // How another run goes on from it; empty if there is none.
  std::string in_words() const {
    if (path_.empty()) return {};
    return fmt::format("what was done is in '{}': run again with --set {} --set "
                       "checkpoint.restart=always to go on to the result",
                       path_.string(), in_shell("checkpoint.file=" + path_.string()));
  }

private:
  const Case& inputs_;
  const OutputSteps& steps_;
  Path path_;
};

// By all ranks together, and by the root if they fail. Why not, or nothing. Collective.
std::optional<std::string> try_to_make_large(const Case& inputs, const Path& path,
                                             const OutputSteps& steps, KeptFile& kept) {
  kept.make();
  if (const std::string words = kept.in_words(); !words.empty())
    inputs.log.info("until {} is written, {}", path.string(), words);
  if (!try_to_make(inputs, path, Storage::file, steps)) return std::nullopt;
  return try_to_make(inputs, path, Storage::file_of_root, steps);
}

} // namespace

void complete_output(const Case& inputs, const Path& path, const OutputSteps& steps) {
  KeptFile kept(inputs, steps);
  const bool together = is_large(inputs, path, steps) && can_write_together(inputs.ranks);
  const std::optional<std::string> failed =
      together ? try_to_make_large(inputs, path, steps, kept)
               : try_to_make(inputs, path, Storage::file_of_root, steps);
  if (!failed) {
    kept.remove();
    inputs.log.info("written: {}", path.string());
    return;
  }
  const Path other =
      make_elsewhere(inputs.ranks, other_folders(), path.filename(), [&](const Path& place) {
        return !try_to_make(inputs, place, Storage::file_of_root, steps);
      });
  if (!other.empty()) {
    kept.remove();
    throw RunError(fmt::format("{}; written instead: {}", *failed, other.string()));
  }
  kept.make();
  const std::string words = kept.in_words();
  throw RunError(fmt::format("{}; nor could it be written elsewhere{}{}", *failed,
                             words.empty() ? "" : "; ", words));
}

Path make_elsewhere(const Ranks& ranks, std::span<const Path> folders, const Path& name,
                    const std::function<bool(const Path&)>& make) {
  for (const Path& folder : folders) {
    Path place;
    if (ranks.is_root()) place = new_file(folder, name);
    place = ranks.broadcast_from_root(place.string());
    if (place.empty()) continue;
    if (make(place)) return place;
    std::error_code ignored;
    if (ranks.is_root()) std::filesystem::remove(place, ignored);
  }
  return {};
}

std::vector<Path> other_folders() {
  std::error_code ignored;
  return {std::filesystem::temp_directory_path(ignored), std::filesystem::current_path(ignored)};
}

} // namespace glebe
