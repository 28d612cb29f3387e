// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/files.hpp"

#include <filesystem>
#include <optional>

namespace glebe {

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

private:
  void close();

  std::filesystem::path path_;
  std::optional<FileState> state_; ///< when it was first opened
  int id_ = -1;
};

} // namespace glebe
