// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/files.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chunk_reader.hpp"
#include "packing.hpp"

namespace glebe {

/// What was asked of a file since it was opened. The library takes a microsecond and more for every
/// answer, and the same is asked for every variable and dimension.
struct Answers {
  std::map<std::string, bool> has_variable;
  std::map<std::string, bool> is_user_defined;
  std::map<std::string, NetcdfFile::VariableInfo> variable;
  std::map<std::string, std::vector<std::string>> variable_names; ///< by the name of the group, ""
  std::map<std::pair<std::string, std::string>, std::optional<std::string>>
      text_attribute; ///< by variable and attribute
  std::map<std::string, Packing> packing;
};

/// A NetCDF file that is read. A process may not have any number of files open: the one that was
/// not used for longest is closed when there are too many, and opened again when it is needed. Not
/// collective.
class ReadHandle {
public:
  explicit ReadHandle(std::filesystem::path path);
  ReadHandle(const ReadHandle&) = delete;
  ReadHandle& operator=(const ReadHandle&) = delete;
  ~ReadHandle();

  /// Opens the file; returns the status of the library.
  int open();
  /// The number by which the library knows it. Throws InputError if it cannot be opened again, or
  /// is another file than it was.
  int id();
  /// Those of the open file; none of a closed one, so that many files take little memory.
  Answers& answers() { return answers_; }
  /// The file's reader of compressed variables. Throws InputError as id().
  ChunkReader& chunks();

  /// Until it is needed again.
  void close();

private:
  void check_state() const;

  std::filesystem::path path_;
  std::optional<FileState> state_; ///< when it was first opened
  int id_ = -1;
  Answers answers_;
  std::unique_ptr<ChunkReader> chunks_;
};

/// The answer to a question about a file, asked once while an input is open. Outputs change.
template <class Key, class Answer, class Ask>
Answer answer(ReadHandle* input, std::map<Key, Answer> Answers::*kind, const Key& key, Ask ask) {
  if (!input) return ask();
  if (const auto known = (input->answers().*kind).find(key);
      known != (input->answers().*kind).end())
    return known->second;
  Answer found = ask(); // which may open the file again
  return (input->answers().*kind).emplace(key, std::move(found)).first->second;
}

} // namespace glebe
