// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/laws/soil_law.hpp"
#include "glebe/physics/laws/soil_parameters.hpp"
#include "glebe/physics/model_form.hpp"

namespace glebe {

/// Soil of constant properties, for what the linear column does not know (a flow of water).
template <class RealType>
class ConstantSoil {
public:
  using Real = RealType;
  static constexpr bool depends_on_temperature = false;
  struct Heat {
    Real capacity; ///< [J m-3 K-1]
  };
  struct Conduction {
    Real conductivity; ///< [W m-1 K-1]
  };
  using HeatDp = Heat;
  using ConductionDp = Conduction;

  ConstantSoil(const SoilForm&, const ParameterLayout& layout, const Real* values)
      : P_(layout, values) {}

  void set() {}
  Heat heat(std::size_t h, const Real&) const { return {P_(Parameter::heat_capacity, h)}; }
  Conduction conduction(std::size_t h, const Real&) const {
    return {P_(Parameter::thermal_conductivity, h)};
  }

  static Pointwise<Real> enthalpy(const Heat& heat, const Real& T) {
    return {heat.capacity * T, heat.capacity};
  }
  static Pointwise<Real> conductivity(const Conduction& here, const Real&) {
    return {here.conductivity, 0.0};
  }
  static bool acts_on_enthalpy(Parameter parameter) {
    return parameter == Parameter::heat_capacity;
  }
  static bool acts_on_conductivity(Parameter parameter) {
    return parameter == Parameter::thermal_conductivity;
  }
  Heat heat_dp(Parameter, std::size_t, const Real&) const { return {1.0}; }
  Conduction conduction_dp(Parameter, std::size_t, const Conduction&) const { return {1.0}; }
  static Real enthalpy_dp(const Heat&, const Heat& dp, const Real& T) { return dp.capacity * T; }
  static Real conductivity_dp(const Conduction&, const Conduction& dp, const Real&) {
    return dp.conductivity;
  }

private:
  SoilParameters<Real> P_;
};

} // namespace glebe
