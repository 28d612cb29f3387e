// SPDX-License-Identifier: BSD-3-Clause
// Parameters as other groups name them: 'thermal_conductivity', or, of one horizon,
// 'thermal_conductivity(upper)'.
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/physics/parameter_layout.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// A parameter, and a horizon if one is named.
struct ParameterReference {
  Parameter parameter;
  std::string horizon;
};

/// Reads a reference. Throws InputError, without the place, for names that are not known, with the
/// nearest that are.
ParameterReference parse_reference(const std::string& text, const Settings& settings);

/// How messages and results name a parameter in one place: as a reference to it.
std::string reference_to(const ParameterSlot& slot, const std::vector<std::string>& horizons);
std::vector<std::string> horizon_names(const Settings& settings);

/// What a group says of a parameter in one place.
struct GivenPlace {
  ParameterSlot slot; ///< of an initial temperature: 0
  const ParameterSettings* settings;
};
/// A parameter of horizons has an entry for every horizon that its group is for.
std::vector<GivenPlace> places_of(const ParameterSettings& parameter, const Settings& settings);

/// The parameter that another one follows by same_as or ratio_to; nothing where it follows none. Of
/// a parameter of horizons, that of the same horizon is meant unless the reference names one.
/// Throws InputError, with the line, for a reference that is wrong or ambiguous.
std::optional<ParameterSlot> followed(const GivenPlace& follower, const Settings& settings);

/// The unit of the ratio of one parameter to another, "1" where they have the same.
std::string ratio_unit(Parameter follower, Parameter of);

} // namespace glebe
