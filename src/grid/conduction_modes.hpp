// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/conduction_modes.hpp"
#include "glebe/physics/soil.hpp"

namespace glebe {

/// The modes of all nodes of a soil as if it were one horizon, of which those at the ends may be
/// held at zero.
ConductionModes conduction_modes(const Soil& soil, bool fixed_top, bool fixed_bottom);

} // namespace glebe
