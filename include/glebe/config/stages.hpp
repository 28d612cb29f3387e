// SPDX-License-Identifier: BSD-3-Clause
// The stages of an estimate, of which each frees more parameters.
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/physics/parameter_layout.hpp"

#include <string>
#include <vector>

namespace glebe {

/// The parameters that a stage names.
std::vector<std::string> names_in_stage(const std::string& free);

/// The stage from which on a parameter in one place is estimated: that which names it, or, if none
/// does, one after the last of them.
std::size_t stage_of(const ParameterSlot& slot, const Settings& settings);

} // namespace glebe
