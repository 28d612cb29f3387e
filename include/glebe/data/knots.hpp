// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/physics/parameter_schedule.hpp"

#include <vector>

namespace glebe {

/// The knots of a parameter that varies in time, and the position of every step between them.
struct KnotSchedule {
  std::vector<double> time;          ///< of the knots, increasing [s]
  std::vector<KnotPosition> at_step; ///< [step], for the middle of each step
};

/// The knots of a parameter by its settings. Listed knots are used as given. Knots by interval or
/// month begin at the start of the window (with `linear` and `monthly` at or before it); the last
/// one is at or after the end for `linear`, and before the end for `steps`. Knots on which no step
/// depends are left out. Throws InputError, with the line of the namelist, for dates that the
/// calendar does not have, and for listed knots that do not increase, on which no step depends, or
/// of which the first is too late for `steps`. Not collective.
KnotSchedule make_knots(const ParameterSettings& parameter, const ModelTime& time);

/// The position of every step between knots at `knots` [s]. `steps`: the value of knot j is used
/// until the next knot. `linear`: values are interpolated between knots. Both are constant before
/// the first and after the last knot. The weight is 0 where there is no next knot.
std::vector<KnotPosition> knot_positions(TimeBasis basis, const std::vector<double>& knots,
                                         const ModelTime& time);

} // namespace glebe
