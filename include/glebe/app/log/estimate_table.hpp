// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/analysis.hpp"

#include <string>
#include <vector>

namespace glebe {

/// Logs the estimate: parameter, first guess, estimate, standard deviation, bounds; for several
/// columns the range over them. Of a parameter with many values (knots in time, classes) a few are
/// logged, and a summary of all. Collective.
void log_estimate(const Case& inputs, const Analysis& analysis);

/// Most rows of one parameter that a table of the log has.
inline constexpr std::size_t rows_per_parameter = 12;

/// The rows of a table with `count` that are logged: all of them, or rows_per_parameter spread
/// evenly from the first to the last.
std::vector<std::size_t> shown_rows(std::size_t count);

/// The values k that a table treats as one parameter: its knots in time, or its depths.
struct ControlGroup {
  std::string name; ///< "thermal_conductivity[upper]", "initial_temperature"
  std::vector<std::size_t> members;
};
std::vector<ControlGroup> control_groups(const Controls& controls, const SoilGrid& soil);

} // namespace glebe
