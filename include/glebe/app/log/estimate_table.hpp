// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

#include <string>
#include <vector>

namespace glebe {

/// Logs the table of estimates: parameter, first guess, estimate, standard deviation, bounds; for
/// several columns their range. If a parameter has many values (knots in time, classes), some of
/// them and a summary of all are logged. Collective.
void log_estimate(const Case& inputs, const Analysis& analysis);

/// The largest number of rows of one parameter in a table of the log.
inline constexpr std::size_t rows_per_parameter = 12;

/// The rows of a table with `count` rows that are logged: all, or rows_per_parameter of them at
/// equal distances from the first to the last.
std::vector<std::size_t> shown_rows(std::size_t count);

/// The values k that a table treats as one parameter: its knots in time, or its depths.
struct ControlGroup {
  std::string name; ///< "thermal_conductivity[upper]", "initial_temperature"
  std::vector<std::size_t> members;
};
std::vector<ControlGroup> control_groups(const Controls& controls, const SoilGrid& soil);

} // namespace glebe
