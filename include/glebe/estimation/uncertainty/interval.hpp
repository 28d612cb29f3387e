// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>

namespace glebe {

/// Where a quantity lies with some probability; NaN where unknown.
struct Interval {
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
};

} // namespace glebe
