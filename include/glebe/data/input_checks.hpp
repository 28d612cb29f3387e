// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/column_positions.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/observations.hpp"

#include <string>
#include <vector>

namespace glebe {

/// What cannot be right about the series of a run, though every value is believable: times that are
/// not those of the sun, units, sensors that are stuck, signs. One text for every kind of fault,
/// with the number of columns that have it; the same on all ranks and for any number of them.
/// `positions` [local column]; without them there is no sun to compare with. Collective.
std::vector<std::string> check_inputs(const Reading& reading, const Forcing& forcing,
                                      const Observations& observations,
                                      const std::vector<Position>& positions);

} // namespace glebe
