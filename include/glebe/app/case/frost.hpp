// SPDX-License-Identifier: BSD-3-Clause
// Frost and snow that are possible in the window of a run whose model has neither.
#pragma once

#include "glebe/app/case/case.hpp"

#include <span>
#include <string>
#include <vector>

namespace glebe {

/// What the values of a thermometer say of frost.
struct Frost {
  double below = 0.0;   ///< part of the values that are clearly below 0 degC
  double plateau = 0.0; ///< longest time at 0 degC, where water freezes or melts [h]

  bool any() const;
};

/// `time` [s] and `value` [K], NaN where missing. A value is clearly below 0 degC by more than 0.2
/// K, the error of a good thermometer, and at 0 degC within 0.25 K; a gap of more than six hours
/// ends a plateau. Not collective.
Frost frost_of(std::span<const double> time, std::span<const double> value);

/// The days whose mean air temperature is below 0 degC.
struct ColdDays {
  double cold = 0.0;
  double all = 0.0; ///< with at least half of the values of the fullest day
};
ColdDays cold_days_of(std::span<const double> time, std::span<const double> value);

/// One line for frost in the soil and one for snow, each where it is possible in the window and
/// switched off in the model; the same on all ranks. Collective.
std::vector<std::string> frost_warnings(const Case& inputs);

} // namespace glebe
