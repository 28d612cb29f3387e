// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/estimation/fit.hpp"
#include "glebe/estimation/posterior.hpp"

namespace glebe {

/// Logs number, root mean square difference and bias (model minus observation) of every stream,
/// over all columns. Collective.
void log_stream_fits(const Ranks& ranks, const Log& log, const std::vector<Stream>& streams,
                     const Fit& fit);

/// Logs the estimate: parameter, first guess, estimate, standard deviation, bounds; for several
/// columns the range over them. Collective.
void log_estimate(const Ranks& ranks, const Log& log, const Objective& objective,
                  const SoilGrid& soil, const ModelTime& time, const std::vector<double>& estimate,
                  const Posterior& posterior);

/// "thermal_conductivity[upper]" where there are several horizons, "initial_temperature[0.05 m]",
/// otherwise the parameter's name.
std::string control_name(const ParameterSlot& slot, const SoilGrid& soil);

/// The same of value k, with the date of its knot: "heat_transfer[2004-07-01]".
std::string control_name(const Controls& controls, std::size_t k, const SoilGrid& soil,
                         const ModelTime& time);

} // namespace glebe
