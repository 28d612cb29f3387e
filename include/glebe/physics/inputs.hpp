// SPDX-License-Identifier: BSD-3-Clause
// What drives a column, and when.
#pragma once

#include <cstdint>

namespace glebe {

/// The forcing at one model time: record + weight of the next record (0: held).
struct ForcingPoint {
  std::int32_t record;
  float weight;
};

} // namespace glebe
