// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/config/settings.hpp"

namespace glebe {

/// Opens every file that the settings name for reading and looks for the variables they name in it;
/// those of observations if `observed`. Collective. Throws one InputError with everything that is
/// missing or cannot be read.
void check_named_files(const Ranks& ranks, const Settings& settings, bool observed);

} // namespace glebe
