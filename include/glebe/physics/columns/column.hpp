// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/laws/surface.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/scheme.hpp"
#include "glebe/physics/soil.hpp"

#include <concepts>

namespace glebe {

/// A soil column in as many lanes as its number type has: what everything that runs one is written
/// against. Temperatures are in degC. It comes with its tangent-linear for groups of directions
/// (see Tangent), its adjoint, and what it keeps of a step for the way back.
///
///   set_parameters(values)  takes the values of a column [n_value of the schedule], which stay
///                           where they are, and computes what depends on them only
///   set_step(step)          gives the parameters that vary in time their values in the step; what
///                           is given at the bottom holds from its start
///   start(F)                the state at the start of the window: deep_temperature everywhere, or
///                           the initial profile, and what is measured at the ends
///   advance(stage, F)       one stage of the scheme under the inputs at the stage's time
///   linearise(stage, F)     computes what tangents need of the latest stage, if any wait for it
///   temperature()           T_i [n_node]
///   top_flux(T_0, F)        the heat flux into the first node, where that is not given [W m-2]
///   element_flux(i)         the downward heat flux in element i [W m-2]; with T and T_below, that
///                           between these temperatures of its ends
///   parameter(slot)         the value of a parameter in the present step, which stays where it is
///   surface()               the laws of the surface with the present parameters
///   surface_increment()     the change of T_0 in the latest stage, which a Checkpoint may take to
///                           repeat it
///   failed()                lanes in which a stage had no solution since set_parameters()
template <class C>
concept Column = requires(C column, const C& seen, const typename C::Real* values, std::size_t i,
                          const Inputs<typename C::Real>& F) {
  typename C::Adjoint;
  typename C::Checkpoint;
  typename C::CheckpointLayout;
  column.set_parameters(values);
  column.set_step(i);
  column.start(F);
  column.advance(i, F);
  column.linearise(i, F);
  { column.temperature() } -> std::same_as<typename C::Real*>;
  { seen.top_flux(*values, F) } -> std::same_as<typename C::Real>;
  { seen.element_flux(i) } -> std::same_as<typename C::Real>;
  { seen.element_flux(i, *values, *values) } -> std::same_as<typename C::Real>;
  { seen.parameter(ParameterSlot{}) } -> std::same_as<const typename C::Real&>;
  { seen.form() } -> std::same_as<const ModelForm&>;
  { seen.surface_increment() } -> std::same_as<const typename C::Real&>;
  { seen.surface() } -> std::same_as<const Surface<typename C::Real>&>;
  { seen.failed() } -> std::convertible_to<Mask<typename C::Real>>;
  { seen.step() } -> std::same_as<std::size_t>;
  { seen.scheme() } -> std::same_as<const SchemeTable&>;
  { seen.soil() } -> std::same_as<const Soil&>;
  { seen.schedule() } -> std::same_as<const ParameterSchedule&>;
};

} // namespace glebe
