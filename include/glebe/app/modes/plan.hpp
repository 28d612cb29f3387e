// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

namespace glebe {

/// Logs what a run of these inputs would do: columns, observations, controls, memory, and for an
/// estimate the time of one evaluation of all columns with derivatives, from that of a few, and
/// where it would go on from its checkpoint. Collective. Throws InputError as the run would, for
/// memory or a checkpoint of another problem.
void log_plan(Case& inputs);

} // namespace glebe
