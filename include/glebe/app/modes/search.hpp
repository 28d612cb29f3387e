// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"
#include "glebe/app/case/split.hpp"

namespace glebe {

/// The search of mode estimate, of the whole window or a part: claims its memory, starts from the
/// first guess or a checkpoint. Collective. Throws InputError or RunError.
Minimisation search(Case& inputs, Objective& objective);

/// Estimates every part of the window as if it were the whole, compares the estimates, and predicts
/// every part with the parameters of every other, but its own initial state. Holds the inputs of
/// all parts at a time. Collective. Throws InputError or RunError.
Split estimate_parts(const Case& whole);

} // namespace glebe
