// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// What an input is needed for, to end a message with, such as " for turbulence = 'humidity'";
/// empty where every run needs it.
std::string_view purpose(Input input);

/// The inputs from a group that the equations of a run contain, in the order of their table.
std::vector<Input> needed_inputs(const Settings& settings, InputGroup group);

/// Which inputs are neither measured nor constant but come from a formula, in words for log and
/// result; empty without any.
std::string modelled_inputs(const Settings& settings);

} // namespace glebe
