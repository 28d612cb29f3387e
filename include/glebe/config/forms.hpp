// SPDX-License-Identifier: BSD-3-Clause
// The equations that a namelist asks for.
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/physics/model_form.hpp"

namespace glebe {

/// What the soil of the columns depends on. Water flows where the namelist gives its flux.
SoilForm soil_form(const Settings& settings);

/// How the surface of the columns is written. It is covered where the namelist gives a resistance
/// or the depth of the snow, has leaves where it gives their fraction, and errors of the weather
/// (longwave_bias, shortwave_scale, air_temperature_bias) where it gives these.
SurfaceForm surface_form(const Settings& settings);

/// Whether the equations of a run contain what a kind of observation sees: nothing of the surface
/// where the column begins below it, and nothing of its emission where net radiation is given.
bool is_modelled(ObservationKind kind, const Settings& settings);

/// What the top of the columns is given.
Top top_of(const Settings& settings);

} // namespace glebe
