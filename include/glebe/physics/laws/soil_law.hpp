// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/laws/soil_parameters.hpp"

#include <concepts>

namespace glebe {

/// The properties of soil at a point: what a general column is written against. Temperatures are
/// in degC; the enthalpy of thawed soil is zero at 0 degC.
///
///   set()                    computes what depends on the parameters only
///   heat(h, w)               of horizon h with water content w: what the enthalpy needs to know
///   conduction(h, w)         the same for the conductivity
///   enthalpy(heat, T)        [J m-3], with its derivative, the apparent heat capacity
///   conductivity(here, T)    [W m-1 K-1]
///   heat_dp(p, h, w)         derivatives by a parameter of horizon h, for those of which
///                            acts_on_enthalpy(p) is true: what does not depend on temperature
///   conduction_dp(p, h, here) the same for the conductivity and acts_on_conductivity(p), from
///                            conduction(h, w)
///   enthalpy_dp(heat, heat_dp, T), conductivity_dp(here, conduction_dp, T)
///
/// Where it depends on temperature it also has steepest(heat), the temperature at which the
/// enthalpy is steepest: convex below and concave above, so that Newton's iteration, stopped there
/// on its way across, comes down from it to either side and does not cycle; and
/// linear_above(heat) and linear_above(conduction), above which the one is linear and the other
/// constant.
template <class Law>
concept SoilLaw = requires(Law law, const Law& seen, const typename Law::Real& x, std::size_t h,
                           Parameter p) {
  { Law::depends_on_temperature } -> std::convertible_to<bool>;
  law.set();
  { seen.enthalpy(seen.heat(h, x), x) } -> std::same_as<Pointwise<typename Law::Real>>;
  { seen.conductivity(seen.conduction(h, x), x) } -> std::same_as<Pointwise<typename Law::Real>>;
  {
    seen.enthalpy_dp(seen.heat(h, x), seen.heat_dp(p, h, x), x)
    } -> std::same_as<typename Law::Real>;
  {
    seen.conductivity_dp(seen.conduction(h, x), seen.conduction_dp(p, h, seen.conduction(h, x)), x)
    } -> std::same_as<typename Law::Real>;
};

} // namespace glebe
