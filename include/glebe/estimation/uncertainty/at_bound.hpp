// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

namespace glebe {

/// Where an estimate lies in its range. The numbers are those of the result file.
enum class AtBound : signed char { free, lower, upper };
inline constexpr std::array at_bound_names{"inside", "at_lower_bound", "at_upper_bound"};

} // namespace glebe
