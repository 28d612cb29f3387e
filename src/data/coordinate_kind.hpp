// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace glebe {

/// What a horizontal coordinate is, by the CF conventions, sections 4.1 and 4.2. Coordinates of a
/// rotated pole have the unit `degrees` and are therefore `other`.
enum class CoordinateKind { north, east, length, other };

CoordinateKind coordinate_kind(const std::string& unit, const std::string& standard_name);

} // namespace glebe
