// SPDX-License-Identifier: BSD-3-Clause
// Soil between dry and saturated: conductivity by a Kersten number, capacity by volume.
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/laws/kersten.hpp"
#include "glebe/physics/laws/soil_law.hpp"
#include "glebe/physics/model_form.hpp"

#include <vector>

namespace glebe {

/// The conductivity of soil saturated with a fluid, the geometric mean by volume of its solids and
/// the fluid (Johansen 1975) [W m-1 K-1], and its derivatives.
template <class Real>
struct SaturatedConductivity {
  Real value{};
  Real dsolid{};
  Real dporosity{};

  SaturatedConductivity() = default;
  SaturatedConductivity(const Real& solid, const Real& porosity, double fluid) {
    const Real ratio = logarithm(Real(fluid / solid));
    value = solid * exponential(Real(porosity * ratio));
    dsolid = (1.0 - porosity) * value / solid;
    dporosity = value * ratio;
  }
  Real dp(Parameter parameter) const {
    return parameter == Parameter::solid_conductivity ? dsolid
           : parameter == Parameter::porosity         ? dporosity
                                                      : Real(0.0);
  }
};

/// lambda_dry + Ke(S) (lambda_sat - lambda_dry), with everything it is made of.
template <class Real>
struct KerstenConductivity {
  Real value{};
  Real dw{};
  Real ddry{};
  Real dsolid{};
  Real dporosity{};
  Real dshape{};

  KerstenConductivity() = default;
  KerstenConductivity(const Kersten<Real>& Ke, const SaturatedConductivity<Real>& saturated,
                      const Real& dry, const Real& over_porosity, const Real& w) {
    const Real range = saturated.value - dry;
    value = dry + Ke.value * range;
    dw = Ke.dS * over_porosity * range;
    ddry = 1.0 - Ke.value;
    dsolid = Ke.value * saturated.dsolid;
    dporosity = Ke.value * saturated.dporosity - dw * w * over_porosity;
    dshape = Ke.dshape * range;
  }

  /// By a parameter; kersten_shape is the name of `shape`.
  Real dp(Parameter parameter, Parameter shape) const {
    if (parameter == shape) return dshape;
    switch (parameter) {
    case Parameter::water_content:
      return dw;
    case Parameter::dry_conductivity:
      return ddry;
    case Parameter::solid_conductivity:
      return dsolid;
    case Parameter::porosity:
      return dporosity;
    default:
      return 0.0;
    }
  }
};

/// Moist soil that does not freeze: (1 - n) C_s + C_w w, and the conductivity above.
template <class RealType>
class MoistSoil {
public:
  using Real = RealType;
  static constexpr bool depends_on_temperature = false;
  struct Heat {
    Real capacity; ///< [J m-3 K-1]
  };
  using Conduction = KerstenConductivity<Real>; ///< [W m-1 K-1]
  using HeatDp = Heat;
  struct ConductionDp {
    Real conductivity;
  };

  MoistSoil(const SoilForm& form, const ParameterLayout& layout, const Real* values)
      : model_(form.conductivity), P_(layout, values), over_porosity_(layout.n_horizon),
        saturated_(layout.n_horizon) {}

  void set() {
    for (std::size_t h = 0; h < saturated_.size(); ++h) {
      const Real& porosity = P_(Parameter::porosity, h);
      over_porosity_[h] = 1.0 / porosity;
      saturated_[h] = {P_(Parameter::solid_conductivity, h), porosity, conductivity_of_water};
    }
  }
  Heat heat(std::size_t h, const Real& w) const {
    return {(1.0 - P_(Parameter::porosity, h)) * P_(Parameter::solid_heat_capacity, h) +
            heat_capacity_of_water * w};
  }
  Conduction conduction(std::size_t h, const Real& w) const {
    return {kersten(model_, Real(w * over_porosity_[h]), P_(Parameter::kersten_shape, h)),
            saturated_[h], P_(Parameter::dry_conductivity, h), over_porosity_[h], w};
  }

  static Pointwise<Real> enthalpy(const Heat& heat, const Real& T) {
    return {heat.capacity * T, heat.capacity};
  }
  static Pointwise<Real> conductivity(const Conduction& here, const Real&) {
    return {here.value, 0.0};
  }

  static bool acts_on_enthalpy(Parameter parameter) {
    return parameter == Parameter::porosity || parameter == Parameter::water_content ||
           parameter == Parameter::solid_heat_capacity;
  }
  static bool acts_on_conductivity(Parameter parameter) {
    return parameter == Parameter::porosity || parameter == Parameter::water_content ||
           parameter == Parameter::dry_conductivity || parameter == Parameter::solid_conductivity ||
           parameter == Parameter::kersten_shape;
  }
  Heat heat_dp(Parameter parameter, std::size_t h, const Real&) const {
    switch (parameter) {
    case Parameter::porosity:
      return {-P_(Parameter::solid_heat_capacity, h)};
    case Parameter::solid_heat_capacity:
      return {1.0 - P_(Parameter::porosity, h)};
    default:
      return {heat_capacity_of_water};
    }
  }
  static ConductionDp conduction_dp(Parameter parameter, std::size_t, const Conduction& here) {
    return {here.dp(parameter, Parameter::kersten_shape)};
  }
  static Real enthalpy_dp(const Heat&, const Heat& dp, const Real& T) { return dp.capacity * T; }
  static Real conductivity_dp(const Conduction&, const ConductionDp& dp, const Real&) {
    return dp.conductivity;
  }

private:
  ConductivityModel model_;
  SoilParameters<Real> P_;
  std::vector<Real> over_porosity_;                    ///< its inverse [horizon]
  std::vector<SaturatedConductivity<Real>> saturated_; ///< [horizon]
};

} // namespace glebe
