// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace glebe {

/// Columns that the library runs side by side: how data for it are packed.
std::size_t lane_width();

} // namespace glebe
