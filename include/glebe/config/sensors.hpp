// SPDX-License-Identifier: BSD-3-Clause
// The parameters of the sensors of observation streams, and the errors of inputs and sensors that a
// group gives a standard deviation in passing.
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/physics/parameter_layout.hpp"
#include "glebe/physics/stream_schedule.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// The number of a stream among those of the namelist; none where there is no such name.
std::optional<std::size_t> stream_number(const Settings& settings, std::string_view name);

/// The streams that have places for the parameters of a sensor: all, or none where no parameter is
/// one of a sensor.
std::size_t sensor_count(const Settings& settings);

/// Which parameters of its sensor a stream of `settings.observations` has. A later stream of the
/// same name has none: it is that of another sensor.
SensorForm sensor_form(const Settings& settings, const ObservationSettings& stream);

/// The name of a parameter of one place in logs and results: that of the parameter, with its stream
/// where it has one, "sensor_bias_soil_temperature_5cm".
std::string parameter_name(const ParameterSlot& slot,
                           const std::vector<ObservationSettings>& streams);

/// The unit of a parameter: of sensor_bias that of its stream.
std::string unit_of(const ParameterSlot& slot, const std::vector<ObservationSettings>& streams);

/// Whether a parameter is a difference of two temperatures: 1 degC of it is 1 K.
bool is_difference(Parameter parameter);

/// What `std` of &boundary, `bias_std` and `scale_std` of &input and `depth_std` and `bias_std` of
/// &observation stand for: a parameter each, estimated within five standard deviations of what it
/// is taken for, with that prior.
std::vector<ParameterSettings> error_parameters(const Settings& settings);

} // namespace glebe
