// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"

#include <stdexcept>

namespace glebe {

/// The run was asked to stop, and has stopped at a safe point; the program ends with exit status 3.
/// Its text says where, and how to go on. All ranks throw it together, or one of them within
/// agree_on_failure().
class Interrupted : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// From now on SIGTERM, SIGINT and SIGUSR1 do not end the process but are noted, so that the run
/// can stop at a safe point. SIGINT after any of them ends it at once. Not collective.
void note_interruptions();

/// The same for a run that keeps nothing: stop_if_asked() ends it.
void stop_at_interruptions();

/// Throws Interrupted if the run keeps nothing and a signal has reached this rank. Not collective.
void stop_if_asked();

/// Whether a signal has reached any rank since. Collective.
bool interruption_asked(const Ranks& ranks);

} // namespace glebe
