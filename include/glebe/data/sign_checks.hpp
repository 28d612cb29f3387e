// SPDX-License-Identifier: BSD-3-Clause
// Whether a flux has the sign that its kind says: what the sun drives goes up when it shines.
#pragma once

#include "glebe/data/time_axis.hpp"
#include "glebe/physics/vocabulary.hpp"

#include <vector>

namespace glebe {

/// What the sun gives a column: the measured shortwave radiation, or that above the atmosphere.
struct SunDrive {
  std::vector<TimeInterval> intervals;
  std::vector<double> values; ///< [W m-2]; empty: not known
};

/// The correlation of a flux [observation], NaN where missing, with the sun's drive: the one of
/// largest size for lags of the flux up to `largest_lag` [h]. NaN for less than two days of values,
/// or where either does not vary.
double correlation_with_sun(const std::vector<TimeInterval>& intervals,
                            const std::vector<double>& values, const SunDrive& drive,
                            double largest_lag);

/// A kind of observation that rises with the sun.
struct SignRule {
  ObservationKind kind;
  double limit;       ///< a correlation below this is that of the other sign
  double largest_lag; ///< [h]
  double depth;       ///< it holds to this [m]
  double coldest;     ///< it holds for air that is warmer on average [K]: snow cools the air
  const char* sign;   ///< what is positive
};

/// The rule of a kind; null where there is none.
const SignRule* sign_rule(ObservationKind kind);

} // namespace glebe
