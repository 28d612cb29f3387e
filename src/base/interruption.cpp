// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/interruption.hpp"

#include <csignal>

namespace glebe {

namespace {

// Global, because a signal reaches the process and not an object.
volatile std::sig_atomic_t asked = 0;
bool keeps_nothing = false;

extern "C" void note_signal(int number) {
  if (number == SIGINT && asked != 0) {
    std::signal(SIGINT, SIG_DFL);
    static_cast<void>(std::raise(SIGINT));
    return;
  }
  asked = 1;
}

} // namespace

void note_interruptions() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART; // reading and writing go on
  sigemptyset(&action.sa_mask);
  // SIGUSR1 is what a scheduler can send before the time of a job is over.
  for (const int number : {SIGTERM, SIGINT, SIGUSR1}) sigaction(number, &action, nullptr);
}

void stop_at_interruptions() {
  note_interruptions();
  keeps_nothing = true;
}

void stop_if_asked() {
  if (keeps_nothing && asked != 0)
    throw Interrupted("interrupted; nothing is kept: only mode = 'estimate' has checkpoints");
}

bool interruption_asked(const Ranks& ranks) { return ranks.any(asked != 0); }

} // namespace glebe
