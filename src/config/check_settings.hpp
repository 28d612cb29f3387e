// SPDX-License-Identifier: BSD-3-Clause
// Checks between settings, after each has been checked by itself. A check whose own ingredients
// were refused already is left out, so that one mistake is not reported twice.
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/config/settings.hpp"

namespace glebe {

/// Adds every contradiction between settings to `problems`.
void check_settings(const Settings& settings, Problems& problems);

/// Its larger parts: each stream of observations, each parameter of the model, how these vary in
/// space and time, and whether the optimiser suits that.
void check_observations(const Settings& settings, Problems& problems);
void check_parameters(const Settings& settings, Problems& problems);
void check_variation(const Settings& settings, Problems& problems);
void check_optimizer(const Settings& settings, Problems& problems);

/// An instant in days, to compare two, in a calendar with every day of any calendar, because the
/// one of the forcing is not known yet. NaN, which compares as false, where a time zone moves the
/// instant to another day, because only a calendar tells which.
double comparable_days(const DateTime& instant);
/// "YYYY-MM-DDThh:mm" of an instant in any calendar.
std::string minute_text(const DateTime& instant);

/// What is asked for after the estimate, and the candidates of mode design.
void check_posterior(const Settings& settings, Problems& problems);
void check_designs(const Settings& settings, Problems& problems);

/// Depths [m] that agree to this are the same.
inline constexpr double depth_tolerance = 1e-9;

/// The depth of the soil [m] when it is known and sound.
std::optional<double> soil_depth(const Settings& settings);

/// Whether the run compares the model with observations that were read.
inline bool compares_with_data(const Settings& settings) {
  return settings.run.mode == Mode::estimate || settings.run.mode == Mode::gradient_test;
}

} // namespace glebe
