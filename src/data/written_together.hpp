// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mpi.h>

#include <filesystem>

namespace glebe {

/// A file while all ranks write it through MPI-IO. A rank whose write fails within a library may
/// never return from it: the library goes on to the next call that is collective, and the others
/// are at another one. So the error is met where MPI notices it, before the library does: unless
/// all ranks have one, which the library then returns to all, the run ends, with its reason. To be
/// made before the file is opened, one at a time. Not collective.
class WrittenTogether {
public:
  /// Of the output `path`, in its temporary name.
  WrittenTogether(std::filesystem::path path, std::filesystem::path temporary);
  ~WrittenTogether();
  WrittenTogether(const WrittenTogether&) = delete;
  WrittenTogether& operator=(const WrittenTogether&) = delete;

  /// Of an error with these words of MPI.
  void meet(const char* words);

private:
  std::filesystem::path path_, temporary_;
  MPI_Errhandler before_ = MPI_ERRHANDLER_NULL; ///< of files
  bool met_ = false;
};

} // namespace glebe
