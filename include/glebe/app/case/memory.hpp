// SPDX-License-Identifier: BSD-3-Clause
// What a run takes besides its inputs. The sums stand in docs/user_guide.md.
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/problem/prior_coupling.hpp"

#include <span>

namespace glebe {

/// Claims the memory of an estimate: of its searches or of what comes after them, whichever is
/// more. Collective. Throws InputError.
void claim_estimate(Case& inputs, const Controls& controls, const PriorCoupling& coupling);

/// Claims the memory of series that are simulated and written. Collective. Throws InputError.
void claim_series(Case& inputs, std::span<const Stream> streams);

/// What the library keeps of a variable of an output until its file is closed [byte], on the root,
/// which writes it; zero elsewhere. `of_column` is its size in one column. Not collective.
double kept_of_variable(const Case& inputs, double of_column);

/// Logs what was claimed, and the most that a process has had. Collective.
void log_memory(const Case& inputs);

} // namespace glebe
