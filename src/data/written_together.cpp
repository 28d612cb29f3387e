// SPDX-License-Identifier: BSD-3-Clause
#include "written_together.hpp"

#include "glebe/base/ending.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/destination.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace glebe {

namespace {

WrittenTogether* present = nullptr; // for the handler, which MPI gives nothing of ours

void meet_error(MPI_File*, int* code, ...) {
  std::array<char, MPI_MAX_ERROR_STRING> words{};
  int length = 0;
  MPI_Error_string(*code, words.data(), &length);
  if (present) present->meet(words.data());
}

// Of files that are opened from now on.
void handle_errors_of_files(MPI_Errhandler handler) {
  check_mpi(MPI_File_set_errhandler(MPI_FILE_NULL, handler), "MPI_File_set_errhandler");
}

// Open MPI returns success for a write that the system refused, of which only the count of what was
// written tells. HDF5 looks at it, and then the library is lost to the other ranks.
void check_count(int code, const MPI_Status* status, int count, MPI_Datatype type) {
  int size = 0, written = count;
  if (!present || code != MPI_SUCCESS || status == MPI_STATUS_IGNORE) return;
  MPI_Type_size(type, &size);
  if (size == 0 || count == 0) return;
  MPI_Get_count(status, type, &written);
  if (written != count) present->meet("less was written than there was to write");
}

} // namespace

WrittenTogether::WrittenTogether(std::filesystem::path path, std::filesystem::path temporary)
    : path_(std::move(path)), temporary_(std::move(temporary)) {
  check_mpi(MPI_File_get_errhandler(MPI_FILE_NULL, &before_), "MPI_File_get_errhandler");
  MPI_Errhandler handler = MPI_ERRHANDLER_NULL;
  check_mpi(MPI_File_create_errhandler(meet_error, &handler), "MPI_File_create_errhandler");
  // Not freed: MPICH counts one use too few, and would free it while it is in use.
  handle_errors_of_files(handler);
  present = this;
}

WrittenTogether::~WrittenTogether() {
  present = nullptr;
  MPI_File_set_errhandler(MPI_FILE_NULL, before_);
}

void WrittenTogether::meet(const char* words) {
  if (std::exchange(met_, true) || all_ranks_arrive()) return;
  end_alone({{fmt::format("{}: cannot be written: {}", path_.string(),
                          reason_of_failure(temporary_, words))},
             1});
}

} // namespace glebe

// Called by HDF5 instead of MPI's own, which has a second name for this purpose (MPI 4.0,
// section 15.2, profiling interface).
extern "C" {
int MPI_File_write_at(MPI_File file, MPI_Offset at, const void* values, int count,
                      MPI_Datatype type, MPI_Status* status) {
  const int code = PMPI_File_write_at(file, at, values, count, type, status);
  glebe::check_count(code, status, count, type);
  return code;
}

int MPI_File_write_at_all(MPI_File file, MPI_Offset at, const void* values, int count,
                          MPI_Datatype type, MPI_Status* status) {
  const int code = PMPI_File_write_at_all(file, at, values, count, type, status);
  glebe::check_count(code, status, count, type);
  return code;
}
}
