// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

namespace glebe {

/// Defines every output of the run's mode in memory, so that what can fail in it fails before
/// anything is computed: names, what is carried over from the file of the grid, and the space that
/// the outputs take. Logs what is not carried over. Collective. Throws InputError.
void try_outputs(const Case& inputs);

} // namespace glebe
