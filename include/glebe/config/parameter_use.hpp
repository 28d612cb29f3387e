// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <string>

namespace glebe {

/// Whether the equations of a run contain a parameter, and by which choice.
struct ParameterUse {
  bool used;
  std::string choice; ///< the settings with which it is used; empty: with any
};

ParameterUse use_of(Parameter parameter, const Settings& settings);

/// Whether a parameter is held at an uncertain value, whose uncertainty enters that of others.
inline bool is_considered(const ParameterSettings& parameter) {
  return !parameter.estimate && parameter.prior_std.has_value();
}

/// The parameters that a run uses although the namelist does not give them, with their values and
/// units: "porosity = 0.45, dry_conductivity = 0.25 W m-1 K-1 in horizon 'sub'"; empty where there
/// are none. A zero that leaves a term out of the equations is not among them.
std::string parameters_by_default(const Settings& settings);

} // namespace glebe
