// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"

namespace glebe {

/// Throws InputError if a launcher has started several processes, each of which is alone for MPI:
/// the launcher is of another MPI than the program, and every process would make the whole run by
/// itself. Under Slurm, where such processes may be meant, it is a warning. Not collective.
void check_launcher(const Ranks& ranks, const Log& log);

} // namespace glebe
