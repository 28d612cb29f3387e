// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"
#include "glebe/app/case/split.hpp"
#include "glebe/app/case/stages.hpp"

namespace glebe {

/// The result of the last stage, and the records of all stages, if there are several.
struct Search {
  Minimisation minimum;
  std::vector<StageRecord> stages;
};

/// The search of mode estimate, of the whole window or a part: claims its memory, starts from the
/// first guess or goes on from the checkpoint, through all stages. Collective. Throws InputError,
/// RunError or Interrupted.
Search search(Case& inputs, Objective& objective, Checkpoint& checkpoint);

/// Estimates every part of the window as if it were the whole, compares the estimates, and predicts
/// every part with the parameters of every other, but its own initial state. Holds the inputs of
/// all parts at a time. What `checkpoint` has of them is not made again. Collective. Throws
/// InputError, RunError or Interrupted.
Split estimate_parts(const Case& whole, Checkpoint& checkpoint);

} // namespace glebe
