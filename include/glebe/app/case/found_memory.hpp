// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/problem/objective.hpp"

namespace glebe {

/// Whether some stream that is fitted has error_memory = 'auto'.
bool wants_memory(const Case& inputs);

/// Finds the memory of the errors of these streams from the residuals of a fit with independent
/// errors, which is at x, logs it, and sets it in the settings of the streams. Residuals that are
/// no such errors get none, with a warning. Returns whether any stream has a memory, so that the
/// fit is to be made again. `objective` must be of the observations of `inputs`. Collective. Throws
/// RunError.
bool find_memory(Case& inputs, const Objective& objective, Vec x);

} // namespace glebe
