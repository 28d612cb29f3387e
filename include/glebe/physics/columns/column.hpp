// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/laws/surface.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/scheme.hpp"
#include "glebe/physics/soil.hpp"

#include <concepts>
#include <span>

namespace glebe {

/// A soil column in as many lanes as its number type has: what everything that runs one is written
/// against. Temperatures are in degC. It comes with its tangent-linear for groups of directions
/// (see Tangent).
///
///   set_parameters(values)  takes the values of a column [n_value of the schedule], which stay
///                           where they are, and computes what depends on them only
///   set_step(step)          gives the parameters that vary in time their values in the step; what
///                           is given at the bottom holds from its start
///   start(F)                the state at the start of the window: deep_temperature everywhere, or
///                           the initial profile, and what is measured at the ends
///   advance(stage, F)       one stage of the scheme under the inputs at the stage's time
///   linearise(stage, F)     computes what tangents need of the latest stage, if any wait for it
///   top_temperature()       T_0
///   temperature_at(place)   that between two nodes
///   top_flux(T_0, F)        the heat flux into the first node, where that is not given [W m-2]
///   element_flux(i)         the downward heat flux in element i [W m-2]
///   parameter(slot)         the value of a parameter in the present step, which stays where it is
///   surface()               the laws of the surface with the present parameters
///   failed()                lanes in which a stage had no solution since set_parameters()
///   state()                 all that it keeps from step to step
template <class C>
concept Column = requires(C column, const C& seen, const typename C::Real* values, std::size_t i,
                          const Inputs<typename C::Real>& F) {
  column.set_parameters(values);
  column.set_step(i);
  column.start(F);
  column.advance(i, F);
  column.linearise(i, F);
  { seen.top_temperature() } -> std::convertible_to<typename C::Real>;
  { seen.temperature_at(Interpolation{}) } -> std::same_as<typename C::Real>;
  { column.state() } -> std::same_as<std::span<typename C::Real>>;
  { seen.top_flux(*values, F) } -> std::same_as<typename C::Real>;
  { seen.element_flux(i) } -> std::same_as<typename C::Real>;
  { seen.parameter(ParameterSlot{}) } -> std::same_as<const typename C::Real&>;
  { seen.form() } -> std::same_as<const ModelForm&>;
  { seen.surface() } -> std::same_as<const Surface<typename C::Real>&>;
  { seen.failed() } -> std::convertible_to<Mask<typename C::Real>>;
  { seen.step() } -> std::same_as<std::size_t>;
  { seen.scheme() } -> std::same_as<const SchemeTable&>;
  { seen.soil() } -> std::same_as<const Soil&>;
  { seen.schedule() } -> std::same_as<const ParameterSchedule&>;
};

/// A column that can be run back: it comes with its adjoint and with what it keeps of a step.
///
///   temperature()           T_i [n_node], which are its state
///   element_flux(i, T, T')  the flux between these temperatures of the ends of an element [W m-2]
///   surface_increment()     the change of T_0 in the latest stage, which a Checkpoint may take to
///                           repeat it
template <class C>
concept ReversibleColumn = Column<C> &&
    requires(C column, const C& seen, const typename C::Real& T, std::size_t i) {
  typename C::Adjoint;
  typename C::Checkpoint;
  typename C::CheckpointLayout;
  { column.temperature() } -> std::same_as<typename C::Real*>;
  { seen.element_flux(i, T, T) } -> std::same_as<typename C::Real>;
  { seen.surface_increment() } -> std::same_as<const typename C::Real&>;
};

} // namespace glebe
