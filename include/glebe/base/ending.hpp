// SPDX-License-Identifier: BSD-3-Clause
// How a run ends after a failure, so that no rank waits for others that will not come.
//
// A failure that all ranks know of ends as it does in a serial program: an exception, its message
// from the root, an exit status. A failure of one rank, while the others wait in a collective call
// for it, cannot end so: that rank notices that nobody joins it, tells its message and ends all.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

namespace glebe {

/// The exit status of a run that was interrupted.
inline constexpr int interrupted_status = 3;

/// What is told of a failure, and the exit status.
struct Failure {
  std::vector<std::string> messages;
  int status = 1;
};

/// Of the exception that is being handled: to be called in a catch block. Out of memory is told
/// with the part of the run that needed it.
Failure current_failure();

/// Prepares the run for the functions below, after MPI_Init: until then the ranks are taken to be
/// together. A write beyond the limit of file sizes becomes an error instead of a signal, and some
/// memory is set aside for the end of a run that has none left.
/// Collective over MPI_COMM_WORLD.
void prepare_ending();

/// Whether a request completes within the few seconds that a rank which failed waits for the
/// others.
bool completes_soon(MPI_Request& request);

/// Whether all ranks come to this call within these seconds. Collective if it returns true; once it
/// was false on a rank, it is false at once.
bool all_ranks_arrive();

/// Whether the collective clean-up of an object can be done. It can, except when this rank is
/// leaving its functions by an exception and others are not.
bool can_clean_up();

/// What lives in this rank alone while the object lives: can_clean_up() asks nobody. For work that
/// is not collective.
class LocalWork {
public:
  LocalWork();
  ~LocalWork();
  LocalWork(const LocalWork&) = delete;
  LocalWork& operator=(const LocalWork&) = delete;
};

/// A library was left in the middle of its work by a failure, and must not be asked to finish it,
/// not even at the end of the program.
void note_abandoned_library();

/// The end of main(), with its status: returns it, or ends the program with it at once if a library
/// was abandoned. Collective.
int leave(int status);

/// Tells the failure from this rank and ends the run on all ranks with its status.
[[noreturn]] void end_alone(const Failure& failure);

/// Tells a failure that all ranks know of from the root, and does leave() with its status. Ends the
/// run if it is known to this rank only.
int end_together(const Failure& failure);

} // namespace glebe
