// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/ending.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/interruption.hpp"
#include "glebe/base/partial_file.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/base/text.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/base/wall_time.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <thread>

namespace glebe {

namespace {

// Long enough for ranks that share a failure to meet, short for a job that stands still. Ranks that
// are busy for longer end too, and with the same status: the failure is one of the whole run.
constexpr double patience = 5.0; // s

// Global for the process, as MPI is.
MPI_Comm meeting = MPI_COMM_NULL;
bool is_alone = false;
bool library_abandoned = false;
// What is given back when there is no more memory, so that there is enough to say so.
void* reserve = nullptr;
int local_works = 0;

std::string out_of_memory() {
  return fmt::format(
      "out of memory in the part '{}' of the run (the log has what was planned); use more ranks on "
      "more nodes, fewer columns or a shorter window",
      part_names[static_cast<std::size_t>(part_of_failure())]);
}

void tell(const std::string& message) {
  std::fprintf(stderr, "glebe: %s\n", printable(message).c_str());
}

void tell(const Failure& failure, const std::string& who) {
  const std::string kind = failure.status == interrupted_status ? "" : "error: ";
  for (const std::string& message : failure.messages) tell(kind + who + message);
  std::fflush(nullptr);
}

void give_reserve_back() {
  std::free(reserve);
  reserve = nullptr;
  throw std::bad_alloc();
}

} // namespace

Failure current_failure() {
  try {
    throw;
  } catch (const InputError& error) {
    return {error.problems(), 2};
  } catch (const Interrupted& interruption) {
    return {{interruption.what()}, interrupted_status};
  } catch (const std::bad_alloc&) {
    return {{out_of_memory()}, 1};
  } catch (const std::exception& error) {
    return {{error.what()}, 1};
  } catch (...) {
    return {{"unknown failure"}, 1};
  }
}

void prepare_ending() {
  constexpr std::size_t enough_to_end = 1U << 20U; // byte
  std::signal(SIGXFSZ, SIG_IGN);
  reserve = std::malloc(enough_to_end);
  std::set_new_handler(give_reserve_back);
  check_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &meeting), "MPI_Comm_dup");
  check_mpi(MPI_Comm_set_errhandler(meeting, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

bool completes_soon(MPI_Request& request) {
  const double started = wall_time();
  for (int done = 0;;) {
    if (MPI_Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS) return false;
    if (done) return true;
    if (wall_time() - started > patience) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool all_ranks_arrive() {
  if (is_alone || meeting == MPI_COMM_NULL) return !is_alone;
  MPI_Request request = MPI_REQUEST_NULL;
  is_alone = MPI_Ibarrier(meeting, &request) != MPI_SUCCESS || !completes_soon(request);
  return !is_alone;
}

bool can_clean_up() {
  return local_works > 0 || std::uncaught_exceptions() == 0 || all_ranks_arrive();
}

LocalWork::LocalWork() { ++local_works; }
LocalWork::~LocalWork() { --local_works; }

void note_abandoned_library() { library_abandoned = true; }

void end_alone(const Failure& failure) {
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  tell(failure, size > 1 ? fmt::format("rank {} of {}: ", rank, size) : "");
  remove_partial_files();
  // The launcher of MPICH drops what it has not passed on yet when a rank aborts.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  MPI_Abort(MPI_COMM_WORLD, failure.status);
  std::_Exit(failure.status);
}

int leave(int status) {
  if (!library_abandoned) return status;
  // Neither MPI_Finalize nor the end of main(), both of which HDF5 uses to write what is left of
  // its files. No rank may end before the root has told all.
  std::fflush(nullptr);
  static_cast<void>(all_ranks_arrive());
  std::_Exit(status);
}

int end_together(const Failure& failure) {
  if (!all_ranks_arrive()) end_alone(failure);
  if (Ranks().is_root()) tell(failure, "");
  return leave(failure.status);
}

} // namespace glebe
