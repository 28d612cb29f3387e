// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

namespace glebe {

/// Where an estimate lies in its range: flag values and flag meanings of the result file.
enum class AtBound : signed char { free, lower, upper };
inline constexpr std::array at_bound_names{"inside", "at_lower_bound", "at_upper_bound"};
static_assert(at_bound_names.size() == static_cast<std::size_t>(AtBound::upper) + 1);

} // namespace glebe
