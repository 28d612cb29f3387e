// SPDX-License-Identifier: BSD-3-Clause
// A law of soil for exact solutions: conductivity and heat capacity of three zones, frozen below a
// window, thawed above, of their own inside, where the latent heat is spread evenly.
#pragma once

#include "glebe/physics/laws/soil_law.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/real.hpp"

namespace glebe::test {

struct StefanConstants {
  double frozen_conductivity, window_conductivity, thawed_conductivity; ///< [W m-1 K-1]
  double frozen_capacity, window_capacity, thawed_capacity;             ///< [J m-3 K-1]
  double latent;                                                        ///< [J m-3]
  double window;                                                        ///< below 0 degC [K]
  double ramp; ///< part of the window on either side in which the conductivity changes, to 0.5
};

template <class RealType>
class StefanSoil {
public:
  using Real = RealType;
  static constexpr bool depends_on_temperature = true;
  struct Heat {};
  struct Conduction {};
  struct HeatDp {};
  struct ConductionDp {};
  static inline StefanConstants constants; ///< of all columns

  StefanSoil(const SoilForm&, const ParameterLayout&, const Real*) {}
  void set() {}
  Heat heat(std::size_t, const Real&) const { return {}; }
  Conduction conduction(std::size_t, const Real&) const { return {}; }
  Pointwise<Real> enthalpy(const Heat&, const Real& T) const {
    const StefanConstants& c = constants;
    const double in_window = c.window_capacity + c.latent / c.window;
    if (less_than(T, -c.window))
      return {c.frozen_capacity * (T + c.window) - in_window * c.window, c.frozen_capacity};
    if (!less_than(T, 0.0) && T != Real(0.0)) return {c.thawed_capacity * T, c.thawed_capacity};
    return {in_window * T, in_window};
  }
  // Without a jump, at which a node could be caught between two conductivities.
  Pointwise<Real> conductivity(const Conduction&, const Real& T) const {
    const StefanConstants& c = constants;
    const double width = c.ramp * c.window;
    const auto between = [&](double from, double to, double start) -> Pointwise<Real> {
      return {from + (to - from) * (T - start) / width, (to - from) / width};
    };
    if (less_than(T, -c.window)) return {c.frozen_conductivity, 0.0};
    if (less_than(T, -c.window + width))
      return between(c.frozen_conductivity, c.window_conductivity, -c.window);
    if (less_than(T, -width)) return {c.window_conductivity, 0.0};
    if (less_than(T, 0.0)) return between(c.window_conductivity, c.thawed_conductivity, -width);
    return {c.thawed_conductivity, 0.0};
  }
  Real steepest(const Heat&) const { return -constants.window; }
  Real linear_above(const Heat&) const { return 0.0; }
  Real linear_above(const Conduction&) const { return 0.0; }
  static bool acts_on_enthalpy(Parameter) { return false; }
  static bool acts_on_conductivity(Parameter) { return false; }
  HeatDp heat_dp(Parameter, std::size_t, const Real&) const { return {}; }
  ConductionDp conduction_dp(Parameter, std::size_t, const Conduction&) const { return {}; }
  Real enthalpy_dp(const Heat&, const HeatDp&, const Real&) const { return 0.0; }
  Real conductivity_dp(const Conduction&, const ConductionDp&, const Real&) const { return 0.0; }
};

} // namespace glebe::test
