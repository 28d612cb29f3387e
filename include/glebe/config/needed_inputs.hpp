// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <string_view>
#include <vector>

namespace glebe {

/// What an input is needed for, to end a message with, such as " for turbulence = 'humidity'";
/// empty where every run needs it.
std::string_view purpose(Input input);

/// The inputs that the equations of a run contain, in the order of the table of inputs.
std::vector<Input> needed_inputs(const Settings& settings);

} // namespace glebe
