// SPDX-License-Identifier: BSD-3-Clause
// How a group that can be repeated is called.
#pragma once

#include "glebe/config/namelist.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// The name of a stream that has no other: `soil_temperature_5cm`; in whole millimetres where the
/// depth [m] is not in whole centimetres.
std::string stream_name(const std::string& kind, std::optional<double> depth);

/// The name of the design with this number, counted from 0, if it has no other.
std::string design_name(std::size_t number);

/// The names of group `number`, counted from 0 among those of its kind: its own or its default one,
/// and that of a parameter also with its place, `thermal_conductivity(upper)`. Without what is not
/// given or cannot be read.
std::vector<std::string> names_of(const NamelistGroup& group, std::size_t number);

} // namespace glebe
