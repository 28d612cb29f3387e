// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"

namespace glebe {

/// Runs `work`; what its InputError says becomes part of `problems`, so that whatever else is wrong
/// is found too. Of collective work, the error must be one of all ranks.
template <class Work>
void collect(Problems& problems, const Work& work) {
  try {
    work();
  } catch (const InputError& error) {
    problems.add(error);
  }
}

} // namespace glebe
