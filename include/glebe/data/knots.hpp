// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/physics/parameter_schedule.hpp"

#include <vector>

namespace glebe {

/// The knots of a parameter that varies in time, and where every step lies between them.
struct KnotSchedule {
  std::vector<double> time;          ///< of the knots, increasing [s]
  std::vector<KnotPosition> at_step; ///< [step], by the middle of each step
};

/// The knots that the settings of a parameter describe. Listed ones are taken as they are. By
/// interval or month, the first is at the start of the window, or, for lines between the firsts of
/// months, at or before it; the last of `linear` is at or after the end, the last of `steps` before
/// it; knots that would act in no step are left out. Throws InputError, with the line of the
/// namelist, for dates that the calendar does not have, and for listed knots that do not increase,
/// begin `steps` late, or act in no step. Not collective.
KnotSchedule make_knots(const ParameterSettings& parameter, const ModelTime& time);

/// Where every step lies between knots at `knots` [s]. `steps`: knot j holds until the next.
/// `linear`: on a line between two. Both are constant before the first and after the last knot.
/// The weight is 0 wherever there is no next knot.
std::vector<KnotPosition> knot_positions(TimeBasis basis, const std::vector<double>& knots,
                                         const ModelTime& time);

} // namespace glebe
