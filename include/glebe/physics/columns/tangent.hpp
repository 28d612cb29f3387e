// SPDX-License-Identifier: BSD-3-Clause
// Directions in the space of parameters, and what is asked of their tangents.
#pragma once

#include "glebe/physics/inputs.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/soil.hpp"

#include <span>

namespace glebe {

/// What a direction perturbs in the present step: one parameter of one place.
template <class Real>
struct Term {
  Direction direction;          ///< the parameter, and the knot where it varies
  const Real* change = nullptr; ///< null: a unit change; else that of the parameter or its knots
  Real weight{};                ///< change of the parameter in the present step
  Real relative{};              ///< the same relative to its value, for parameters of the soil

  Parameter parameter() const { return direction.slot.parameter; }
  bool in_soil() const { return info(parameter()).place == Place::horizon; }
  /// A parameter of soil whose properties do not depend on its state.
  bool in_linear_soil() const { return parameter() <= Parameter::heat_capacity; }
  Real weight_in(std::size_t step) const {
    if (!change) return direction.weight(step);
    return direction.varying ? direction.varying->at_step[step].between(change) : *change;
  }
  std::size_t first_step() const { return change ? 0 : direction.first_step(); }
};

/// What is asked of a group of directions, whatever its width and its column.
template <class Real>
class Tangent {
public:
  virtual ~Tangent() = default;
  virtual std::size_t width() const = 0;
  /// The tangent of the column's start(), after it.
  virtual void start() = 0;
  /// The tangent of its set_step(), after it.
  virtual void set_step(std::size_t step) = 0;
  /// Whether a direction has acted since start(); all tangents are zero until then.
  virtual bool started() const = 0;
  /// The tangent of its advance(), called after it for the same stage.
  virtual void advance(std::size_t stage, const Inputs<Real>& F) = 0;
  /// The tangents of its top_temperature(), temperature_at() and element_flux() in all directions
  /// after the latest stage, to `derivative` [width], per unit of the parameter.
  virtual void top_temperature(Real* derivative) const = 0;
  virtual void temperature_at(const Interpolation& place, Real* derivative) const = 0;
  virtual void element_flux(std::size_t element, Real* derivative) const = 0;
  /// The tangent of its top_flux() in direction d, where the first node's is dT_0.
  virtual Real top_flux(std::size_t d, const Real& dT_0, const Inputs<Real>& F) const = 0;
  /// All that it keeps from step to step.
  virtual std::span<Real> state() = 0;
  /// What direction d perturbs.
  virtual std::span<const Term<Real>> terms(std::size_t d) const = 0;
};

template <class Real>
using Tangents = std::span<Tangent<Real>* const>;

} // namespace glebe
