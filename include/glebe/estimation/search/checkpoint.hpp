// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/estimation/search/checkpoint_file.hpp"

#include <functional>
#include <string>
#include <vector>

namespace glebe {

/// What the names of searches begin with, and the keys of lines whose value is a hash.
inline constexpr const char* search_name = "search";
inline constexpr const char* data_key = "data: ";

/// What identifies a problem: lines "key=value". A checkpoint belongs to one whose lines for the
/// search are the same. Where only those for the analysis differ, its searches are still good.
struct ProblemLines {
  std::vector<std::string> search;
  std::vector<std::string> analysis;
};

/// What is kept of an analysis while it is made, part by part in a fixed order, so that a run that
/// is made again can take what there is and go on from there. Every part has a name; one that
/// changes makes those after it void. Also where a run stops when it is asked to.
class Checkpoint {
public:
  /// Without a file: parts that are done are kept in memory. The arguments must outlive the object.
  explicit Checkpoint(const Ranks& ranks) : ranks_(ranks) {}
  /// By the settings, from which it goes on where they say so. Collective. Throws InputError for a
  /// checkpoint that is damaged, or of another problem: then with what differs.
  Checkpoint(const Ranks& ranks, const Log& log, const CheckpointSettings& settings,
             const ProblemLines& lines, const ColumnShare& columns);
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

  /// Where a run goes on from what is kept, in words; empty: from the beginning.
  std::string place() const;
  /// Whether the file of the settings has all that is done.
  bool is_written() const { return settings_ && !unwritten_; }
  /// Begins another analysis beside the first, of a part of the window: all names are its own.
  void begin(const std::string& analysis);
  /// The name of the next search, counted.
  std::string next_search();
  /// What is kept of a part; null if nothing is.
  const KeptPart* find(const std::string& name) const;

  /// A point at which the run can stop, `done` iterations into a part; `where` is in words ("at
  /// iteration 12"). Where it is time for a checkpoint, or the run is asked to stop, keeps the part
  /// as `state` makes it, and writes. Collective. Throws Interrupted.
  void pass(int done, const std::string& where, const std::function<KeptPart()>& state);
  /// The same at the end of a part, which is kept in any case.
  void finish(const std::string& where, const std::function<KeptPart()>& state);
  /// The same between parts, where there is nothing new to keep.
  void pass(const std::string& where);

  /// Writes the parts that are done to another file than the settings name, for a problem of these
  /// lines. Returns why this failed, in words; empty if it did not. Collective.
  std::string write_to(const std::filesystem::path& file, const ProblemLines& lines);

private:
  enum class Wish : std::int64_t { nothing, write, stop };

  Wish wish(bool due) const;
  void keep(KeptPart part);
  void identify(const ProblemLines& lines);
  void write();
  void accept(const ProblemLines& lines, KeptAnalysis& kept) const;
  [[noreturn]] void stop(const std::string& where) const;

  const Ranks& ranks_;
  const Log* log_ = nullptr;
  const CheckpointSettings* settings_ = nullptr; ///< null: no file was asked for
  ColumnShare columns_;
  KeptAnalysis kept_;
  std::string prefix_; ///< of names of the present analysis
  int n_search_ = 0;
  bool unwritten_ = false; ///< there is more in memory than in the file
  double written_ = 0.0;   ///< when, by the clock of this rank [s]
  std::string failure_;    ///< of the last write
};

} // namespace glebe
