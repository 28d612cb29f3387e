// SPDX-License-Identifier: BSD-3-Clause
// The likely causes of a misfit in words, in the order of what the residuals show.
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/estimation/verdict/residual_shape.hpp"

#include <span>
#include <string>
#include <vector>

namespace glebe {

/// What the residuals of one stream look like; medians where there are several columns.
struct StreamMisfit {
  const ObservationSettings* stream; ///< not null
  bool fitted = true;
  double rmse = 0.0;          ///< [unit of the stream]
  double squares = 0.0;       ///< sum of ((model - observation) / sigma)^2
  double per_value = 0.0;     ///< the same per value
  double damping_depth = 0.0; ///< of the daily wave at the sensor [m]; NaN where not known
  bool local_solar = false;   ///< hours are local solar time, not UTC
  ResidualShape shape;
};

/// Which streams tell of a conflict: those in the soil, where there are any, or all.
enum class Sight { soil, all };

/// What explains less than this of the misfit of all streams together is not called a cause.
inline constexpr double least_part = 0.05;

/// To check depths and times helps where they explain this much of it.
inline constexpr double least_phase = 0.1;

/// "the depth of soil_temperature_5cm (34 %), the exchange with the air (20 %)": the causes that
/// explain most of the misfit of the fitted streams together, at most three; empty where no shape
/// explains `least_part` of it, or there is no misfit. Errors that look alike in this window are
/// named together. Not collective.
std::string causes_in_words(std::span<const StreamMisfit> misfits, Sight sight);

/// Whether depths and times, and nothing that looks like them, explain `least_phase` of it.
bool shows_phase(std::span<const StreamMisfit> misfits, Sight sight);

/// "; likely, in the order of the residuals: ..." or that they show none of the shapes; empty where
/// there is no misfit to tell of.
std::string likely_causes(std::span<const StreamMisfit> misfits, Sight sight);

/// "soil_temperature_5cm, rmse 0.92 K: 46 % of the squared misfit ...": all that the residuals of
/// one stream show. Not collective.
std::string in_words(const StreamMisfit& misfit);

} // namespace glebe
