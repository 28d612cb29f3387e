// SPDX-License-Identifier: BSD-3-Clause
// Checks of relations between settings, after each has been checked separately. A check that needs
// a setting which was already refused is skipped, so that one mistake is not reported twice.
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/config/settings.hpp"

namespace glebe {

/// Adds every contradiction between settings to `problems`.
void check_settings(const Settings& settings, Problems& problems);

/// Parts of check_settings(): the files that are written, the surface, the measured ends, the
/// water, the observation streams, the parameters, those considered, their variation in space and
/// time, and whether the optimiser can handle it.
void check_outputs(const Settings& settings, Problems& problems);
void check_boundaries(const Settings& settings, Problems& problems);
/// &input, and the levels of every group.
void check_inputs(const Settings& settings, Problems& problems);
void check_surface(const Settings& settings, Problems& problems);
void check_moisture(const Settings& settings, Problems& problems);
void check_observations(const Settings& settings, Problems& problems);
void check_parameters(const Settings& settings, Problems& problems);
void check_considered(const Settings& settings, Problems& problems);
/// The stream of a parameter of a sensor, and that no other has one.
void check_sensor(const Settings& settings, const ParameterSettings& parameter, Problems& problems);
/// Whether errors that a group gives a standard deviation can be parameters.
void check_errors(const InputSettings& input, Problems& problems);
void check_errors(const ObservationSettings& stream, Problems& problems);
/// Parameters that follow others, and the stages in which they are estimated.
void check_ties(const Settings& settings, Problems& problems);
void check_stages(const Settings& settings, Problems& problems);
void check_variation(const Settings& settings, Problems& problems);
void check_optimizer(const Settings& settings, Problems& problems);
/// &split.
void check_split(const Settings& settings, Problems& problems);

/// An instant in days, only for comparing two instants: the calendar of the forcing is not known
/// yet, so this uses one that has every day of any calendar. NaN, which compares as false, if a
/// time zone moves the instant to another day, because that day depends on the calendar.
double comparable_days(const DateTime& instant);
/// "YYYY-MM-DDThh:mm" of an instant in any calendar.
std::string minute_text(const DateTime& instant);

/// Parts of check_settings(): &posterior, and the &design and &ranking groups of mode 'design'.
void check_posterior(const Settings& settings, Problems& problems);
void check_designs(const Settings& settings, Problems& problems);

/// Depths [m] that agree to this are the same.
inline constexpr double depth_tolerance = 1e-9;

/// The depth of the soil [m] when it is known and sound.
std::optional<double> soil_depth(const Settings& settings);

/// Whether the mode compares the model with observations from files.
inline bool compares_with_data(const Settings& settings) {
  return settings.run.mode == Mode::estimate || settings.run.mode == Mode::gradient_test;
}

} // namespace glebe
