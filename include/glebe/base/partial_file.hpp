// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

namespace glebe {

/// The name of a file that is being written. The file is removed with the object, unless keep() was
/// called, and also when the run ends by end_alone(). Move-only. Not collective.
class PartialFile {
public:
  PartialFile() = default;
  /// `removes`: whether this rank removes the file with the object. In end_alone() every rank does.
  PartialFile(std::filesystem::path path, bool removes);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&& other) noexcept;
  ~PartialFile();

  bool empty() const { return path_.empty(); }
  const std::filesystem::path& path() const { return path_; }
  /// Removes the file now, on a rank that does.
  void remove() noexcept;
  /// The file is complete and has another name, or is none of this object's.
  void keep() noexcept;

private:
  std::filesystem::path path_;
  bool removes_ = false;
};

/// Removes the files of all PartialFile objects of this rank.
void remove_partial_files() noexcept;

} // namespace glebe
