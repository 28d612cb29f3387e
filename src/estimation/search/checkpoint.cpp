// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/checkpoint.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/interruption.hpp"
#include "glebe/base/wall_time.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "kept_search.hpp"

namespace glebe {

namespace {

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

// The values of lines "key=value"; the key may contain no '='.
std::map<std::string, std::string> by_key(const std::string& lines) {
  std::map<std::string, std::string> values;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    const std::string line = lines.substr(begin, end - begin);
    const std::size_t equals = std::min(line.find('='), line.size());
    values[line.substr(0, equals)] = line.substr(std::min(equals + 1, line.size()));
    begin = end + 1;
  }
  return values;
}

std::string in_words(const std::string& value) { return value.empty() ? "not given" : value; }

// What differs between the lines of a checkpoint and those of this run, each in words. Of data only
// a hash is known, and that they differ is all there is to say.
std::vector<std::string> differences(const std::string& kept, const std::string& now) {
  auto before = by_key(kept), after = by_key(now);
  std::map<std::string, char> keys;
  for (const auto& values : {before, after})
    for (const auto& [key, ignored] : values) keys[key];
  std::vector<std::string> found;
  for (const auto& [key, ignored] : keys) {
    if (before[key] == after[key] && before.contains(key) == after.contains(key)) continue;
    if (key.starts_with(data_key))
      found.push_back(fmt::format("{} differ", key.substr(std::string(data_key).size())));
    else
      found.push_back(
          fmt::format("{} = {}; now {}", key, in_words(before[key]), in_words(after[key])));
  }
  return found;
}

} // namespace

Checkpoint::Checkpoint(const Ranks& ranks, const Log& log, const CheckpointSettings& settings,
                       const ProblemLines& lines, const ColumnShare& columns)
    : ranks_(ranks), log_(&log), columns_(columns), written_(wall_time()) {
  if (settings.file.empty()) return;
  settings_ = &settings;
  bool there = settings.restart == Restart::always;
  if (settings.restart == Restart::automatic) {
    std::error_code ignored;
    there = ranks.any(ranks.is_root() && std::filesystem::exists(settings.file, ignored));
    if (!there)
      log.info("no checkpoint {} to go on from: from the beginning", settings.file.string());
  }
  if (there)
    kept_ = read_checkpoint_file(ranks, settings.file, columns,
                                 [&](KeptAnalysis& found) { accept(lines, found); });
  identify(lines);
}

void Checkpoint::identify(const ProblemLines& lines) {
  kept_.problem = joined(lines.search);
  kept_.analysis = joined(lines.analysis);
}

void Checkpoint::accept(const ProblemLines& lines, KeptAnalysis& kept) const {
  constexpr std::size_t most = 12;
  const std::string file = settings_->file.string();
  std::vector<std::string> changed = differences(kept.problem, joined(lines.search));
  if (!changed.empty()) {
    if (changed.size() > most) {
      const std::size_t more = changed.size() - most;
      changed.resize(most);
      changed.push_back(fmt::format("{} more settings", more));
    }
    throw InputError(
        fmt::format("{}: belongs to another problem: {}", file, fmt::join(changed, "; ")));
  }
  const std::vector<std::string> other = differences(kept.analysis, joined(lines.analysis));
  if (other.empty()) return;
  const auto end = std::ranges::find_if(
      kept.parts, [](const KeptPart& part) { return !part.name.starts_with(search_name); });
  if (end != kept.parts.end())
    log_->info("{}: of what came after the search, nothing is used: {}", file,
               fmt::join(other, "; "));
  kept.parts.erase(end, kept.parts.end());
}

std::string Checkpoint::place() const {
  if (kept_.parts.empty()) return {};
  const KeptPart& last = kept_.parts.back();
  if (last.name.find(search_name) == std::string::npos) return fmt::format("'{}'", last.name);
  const SearchRecord record = record_of(last, last.words.substr(0, last.words.find('\n')));
  if (record.ended()) return fmt::format("the end of {}", last.name);
  return fmt::format("iteration {} of {}", record.iteration, last.name);
}

void Checkpoint::begin(const std::string& analysis) {
  prefix_ = analysis + ": ";
  n_search_ = 0;
}

std::string Checkpoint::next_search() { return fmt::format("{} {}", search_name, ++n_search_); }

const KeptPart* Checkpoint::find(const std::string& name) const {
  const auto found = std::ranges::find(kept_.parts, prefix_ + name, &KeptPart::name);
  return found == kept_.parts.end() ? nullptr : &*found;
}

Checkpoint::Wish Checkpoint::wish(bool due) const {
  if (interruption_asked(ranks_)) return Wish::stop;
  if (!settings_) return Wish::nothing;
  // The clocks of ranks may differ: that of the root decides.
  const bool late = ranks_.is_root() && settings_->minutes &&
                    wall_time() - written_ >= 60.0 * *settings_->minutes;
  return due || ranks_.any(late) ? Wish::write : Wish::nothing;
}

void Checkpoint::pass(int done, const std::string& where, const std::function<KeptPart()>& state) {
  const Wish wished = wish(settings_ && done > 0 && done % settings_->interval == 0);
  if (wished == Wish::nothing) return;
  if (settings_) keep(state());
  if (settings_) write();
  if (wished == Wish::stop) stop(where);
}

void Checkpoint::finish(const std::string& where, const std::function<KeptPart()>& state) {
  keep(state());
  const Wish wished = wish(true);
  if (wished == Wish::nothing) return;
  if (settings_) write();
  if (wished == Wish::stop) stop(where);
}

void Checkpoint::pass(const std::string& where) {
  const Wish wished = wish(false);
  if (wished == Wish::nothing) return;
  if (settings_ && unwritten_) write();
  if (wished == Wish::stop) stop(where);
}

void Checkpoint::keep(KeptPart part) {
  part.name = prefix_ + part.name;
  const auto found = std::ranges::find(kept_.parts, part.name, &KeptPart::name);
  kept_.parts.erase(found, kept_.parts.end());
  kept_.parts.push_back(std::move(part));
  unwritten_ = true;
}

// A search that is well must not end because its checkpoint cannot be written: the next may be.
void Checkpoint::write() {
  std::string failure = write_checkpoint_file(ranks_, settings_->file, kept_, columns_);
  written_ = wall_time();
  unwritten_ = !failure.empty();
  if (!failure.empty() && failure != failure_)
    log_->warning("no checkpoint could be written to {}: {}; it will be tried again",
                  settings_->file.string(), failure);
  failure_ = std::move(failure);
}

std::string Checkpoint::write_to(const std::filesystem::path& file, const ProblemLines& lines) {
  identify(lines);
  return write_checkpoint_file(ranks_, file, kept_, columns_);
}

void Checkpoint::stop(const std::string& where) const {
  if (!settings_)
    throw Interrupted(fmt::format("interrupted {}; nothing is kept, because &checkpoint names no "
                                  "file: with --set checkpoint.file=NAME.h5 a run can go on where "
                                  "it was interrupted",
                                  where));
  const std::string file = settings_->file.string();
  if (!failure_.empty())
    throw Interrupted(fmt::format("interrupted {}; what was done last is lost, because {} could "
                                  "not be written: {}",
                                  where, file, failure_));
  if (kept_.parts.empty())
    throw Interrupted(fmt::format("interrupted {}; there is nothing to keep yet", where));
  throw Interrupted(fmt::format("interrupted {}; what was done is in '{}': run again with --set "
                                "checkpoint.restart=auto to go on",
                                where, file));
}

} // namespace glebe
