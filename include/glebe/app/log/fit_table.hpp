// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/estimation/uncertainty/posterior.hpp"
#include "glebe/estimation/verdict/verdict.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <string>
#include <vector>

namespace glebe {

/// Logs number, root mean square difference and bias (model minus observation) of every stream,
/// over all columns. Collective.
void log_stream_fits(const Ranks& ranks, const Log& log, const std::vector<Stream>& streams,
                     const Fit& fit);

/// Logs the estimate: parameter, first guess, estimate, standard deviation, bounds; for several
/// columns the range over them. Of a parameter with many values (knots in time, classes) a few are
/// logged, and a summary of all. `verdict` is [column][k]. Collective.
void log_estimate(const Ranks& ranks, const Log& log, const Objective& objective,
                  const SoilGrid& soil, const ModelTime& time, const std::vector<double>& estimate,
                  const Posterior& posterior, const std::vector<Verdict>& verdict);

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
