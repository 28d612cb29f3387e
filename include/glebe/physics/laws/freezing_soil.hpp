// SPDX-License-Identifier: BSD-3-Clause
// Soil whose water freezes. With l the liquid part of the water w, whose amount does not change,
//
//   H = (1 - n) C_s T + l C_w T + (w - l) (C_i T - L)
//
// which is a function of state: the latent heat follows the temperature at which water freezes.
// Liquid water at 0 degC has none, so that thawed soil has no digits to lose.
#pragma once

#include "glebe/physics/laws/moist_soil.hpp"
#include "glebe/physics/laws/unfrozen_water.hpp"

namespace glebe {

template <class RealType>
class FreezingSoil {
public:
  using Real = RealType;
  static constexpr bool depends_on_temperature = true;
  /// What does not depend on temperature, of a horizon with its water.
  struct Heat {
    std::size_t horizon;
    Real w;
    Real frozen_capacity; ///< of the soil with all water frozen [J m-3 K-1]
    FreezingCurve<Real> curve;
  };
  struct Conduction {
    std::size_t horizon;
    Real w;
    Real all_thawed;           ///< conductivity above freezing [W m-1 K-1]
    Real thawed, frozen;       ///< conductivities, or Kersten numbers
    Real saturated, log_ratio; ///< of frozen soil; log of thawed over frozen
    FreezingCurve<Real> curve;
  };

  /// Their derivatives by a parameter, as far as they do not depend on temperature.
  struct HeatDp {
    Parameter parameter;
    Real w, frozen_capacity;
  };
  struct ConductionDp {
    Parameter parameter;
    Real w;
    Real all_thawed;
    Real thawed, frozen;                     ///< relative, of conductivities; or of Kersten numbers
    Real saturated_thawed, saturated_frozen; ///< relative
    Real dry;
  };

  FreezingSoil(const SoilForm& form, const ParameterLayout& layout, const Real* values)
      : form_(form), P_(layout, values), over_porosity_(layout.n_horizon),
        thawed_(layout.n_horizon), frozen_(layout.n_horizon) {}

  void set() {
    for (std::size_t h = 0; h < thawed_.size(); ++h) {
      const Real &solid = P_(Parameter::solid_conductivity, h), &n = P_(Parameter::porosity, h);
      over_porosity_[h] = 1.0 / n;
      thawed_[h] = {solid, n, conductivity_of_water};
      frozen_[h] = {solid, n, conductivity_of_ice};
    }
  }

  Heat heat(std::size_t h, const Real& w) const {
    return {h, w,
            (1.0 - P_(Parameter::porosity, h)) * P_(Parameter::solid_heat_capacity, h) +
                heat_capacity_of_ice * w,
            curve(h, w)};
  }
  Pointwise<Real> enthalpy(const Heat& heat, const Real& T) const {
    const Real thawed_capacity = heat.frozen_capacity + melting_capacity * heat.w;
    if (all(is_thawed(heat.curve, T))) return {thawed_capacity * T, thawed_capacity};
    const LiquidWater<Real> l = liquid(heat.horizon, heat.w, heat.curve, T);
    const Real melting = latent + melting_capacity * T;
    return {(heat.frozen_capacity + melting_capacity * l.value) * T + latent * (l.value - heat.w),
            heat.frozen_capacity + melting_capacity * l.value + melting * l.dT};
  }
  Real steepest(const Heat& heat) const { return heat.curve.steepest; }
  Real linear_above(const Heat& heat) const { return heat.curve.freezes; }
  Real linear_above(const Conduction& here) const { return here.curve.freezes; }

  Conduction conduction(std::size_t h, const Real& w) const {
    Conduction here{h, w, thawed(h, w).value, {}, {}, {}, {}, curve(h, w)};
    if (form_.frozen == FrozenConductivity::geometric) {
      here.thawed = here.all_thawed;
      here.frozen = frozen(h, w).value;
      here.log_ratio = logarithm(Real(here.thawed / here.frozen));
    } else {
      here.thawed = thawed_number(h, w).value;
      here.frozen = frozen_number(h, w).value;
      here.saturated = frozen_[h].value;
      here.log_ratio = logarithm(Real(thawed_[h].value / here.saturated));
    }
    return here;
  }
  Pointwise<Real> conductivity(const Conduction& here, const Real& T) const {
    const Mask<Real> thawed = is_thawed(here.curve, T);
    if (all(thawed)) return {here.all_thawed, 0.0};
    const LiquidWater<Real> l = liquid(here.horizon, here.w, here.curve, T);
    const Mixed mixed = mix(here, Real(l.value / here.w));
    return {select(thawed, here.all_thawed, mixed.value), mixed.dpart * l.dT / here.w};
  }

  static bool acts_on_enthalpy(Parameter parameter) {
    switch (parameter) {
    case Parameter::dry_conductivity:
    case Parameter::solid_conductivity:
    case Parameter::kersten_shape:
    case Parameter::frozen_kersten_shape:
      return false;
    default:
      return acts(parameter);
    }
  }
  static bool acts_on_conductivity(Parameter parameter) {
    return acts(parameter) && parameter != Parameter::solid_heat_capacity;
  }

  HeatDp heat_dp(Parameter parameter, std::size_t h, const Real&) const {
    HeatDp dp{parameter, 0.0, 0.0};
    if (parameter == Parameter::porosity)
      dp.frozen_capacity = -P_(Parameter::solid_heat_capacity, h);
    if (parameter == Parameter::solid_heat_capacity)
      dp.frozen_capacity = 1.0 - P_(Parameter::porosity, h);
    if (parameter == Parameter::water_content) {
      dp.w = 1.0;
      dp.frozen_capacity = heat_capacity_of_ice;
    }
    return dp;
  }
  Real enthalpy_dp(const Heat& heat, const HeatDp& dp, const Real& T) const {
    const Real melting = latent + melting_capacity * T;
    const Real of_thawed = (dp.frozen_capacity + melting_capacity * dp.w) * T;
    const Mask<Real> thawed = is_thawed(heat.curve, T);
    if (all(thawed)) return of_thawed;
    const LiquidWater<Real> l = liquid(heat.horizon, heat.w, heat.curve, T);
    const Real l_dp = liquid_dp(dp.parameter, heat.horizon, l);
    return select(thawed, of_thawed, Real(dp.frozen_capacity * T + melting * l_dp - latent * dp.w));
  }

  ConductionDp conduction_dp(Parameter parameter, std::size_t h, const Conduction& here) const {
    const Real& w = here.w;
    ConductionDp dp{};
    dp.parameter = parameter;
    dp.w = parameter == Parameter::water_content ? 1.0 : 0.0;
    const auto thawed = this->thawed(h, w), frozen = this->frozen(h, w);
    dp.all_thawed = thawed.dp(parameter, Parameter::kersten_shape);
    if (form_.frozen == FrozenConductivity::geometric) {
      dp.thawed = dp.all_thawed / thawed.value;
      dp.frozen = frozen.dp(parameter, Parameter::frozen_kersten_shape) / frozen.value;
      return dp;
    }
    dp.dry = parameter == Parameter::dry_conductivity ? 1.0 : 0.0;
    const Real& n = P_(Parameter::porosity, h);
    dp.thawed = thawed_number(h, w).dp(parameter, Parameter::kersten_shape, n, w);
    dp.frozen = frozen_number(h, w).dp(parameter, Parameter::frozen_kersten_shape, n, w);
    dp.saturated_thawed = thawed_[h].dp(parameter) / thawed_[h].value;
    dp.saturated_frozen = frozen_[h].dp(parameter) / frozen_[h].value;
    return dp;
  }
  Real conductivity_dp(const Conduction& here, const ConductionDp& dp, const Real& T) const {
    const Mask<Real> thawed = is_thawed(here.curve, T);
    if (all(thawed)) return dp.all_thawed;
    const LiquidWater<Real> l = liquid(here.horizon, here.w, here.curve, T);
    const Real part = l.value / here.w;
    const Real part_dp = (liquid_dp(dp.parameter, here.horizon, l) - part * dp.w) / here.w;
    const Mixed mixed = mix(here, part);
    const auto mean = [&](const Real& of_thawed, const Real& of_frozen) -> Real {
      return of_frozen + part * (of_thawed - of_frozen);
    };
    Real at_part; // the derivative at this liquid part
    if (form_.frozen == FrozenConductivity::geometric) {
      at_part = mixed.value * mean(dp.thawed, dp.frozen);
    } else {
      const Real Ke = mean(here.thawed, here.frozen);
      const Real saturated_dp = mixed.saturated * mean(dp.saturated_thawed, dp.saturated_frozen);
      at_part = dp.dry + Ke * (saturated_dp - dp.dry) +
                mean(dp.thawed, dp.frozen) *
                    (mixed.saturated - P_(Parameter::dry_conductivity, here.horizon));
    }
    return select(thawed, dp.all_thawed, Real(at_part + mixed.dpart * part_dp));
  }

private:
  static constexpr double latent = latent_heat_of_fusion * density_of_water; // [J m-3]
  static constexpr double melting_capacity = heat_capacity_of_water - heat_capacity_of_ice;

  // A conductivity between frozen and thawed, by the liquid part of the water.
  struct Mixed {
    Real value, dpart;
    Real saturated; // where it is made of Kersten numbers
  };

  static bool acts(Parameter parameter) {
    return parameter > Parameter::heat_capacity && parameter < Parameter::water_flux;
  }

  FreezingCurve<Real> curve(std::size_t h, const Real& w) const {
    switch (form_.freezing) {
    case FreezingModel::van_genuchten:
      return van_genuchten_curve(w, P_(Parameter::porosity, h), P_(Parameter::retention_alpha, h),
                                 P_(Parameter::retention_n, h));
    case FreezingModel::linear:
      return linear_curve(P_(Parameter::freezing_window, h));
    case FreezingModel::power:
      break;
    }
    return power_curve(w, P_(Parameter::freezing_a, h), P_(Parameter::freezing_b, h));
  }

  static Mask<Real> is_thawed(const FreezingCurve<Real>& curve, const Real& T) {
    return less_than(Real(curve.freezes - T), 0.0);
  }
  // All of the water above the temperature at which it begins to freeze.
  LiquidWater<Real> liquid(std::size_t h, const Real& w, const FreezingCurve<Real>& curve,
                           const Real& T) const {
    LiquidWater<Real> l{w, 0.0, 1.0, 0.0, 0.0};
    const Mask<Real> thawed = is_thawed(curve, T);
    if (all(thawed)) return l;
    const LiquidWater<Real> below = liquid_below(h, w, lesser(T, curve.freezes));
    l.value = select(thawed, l.value, below.value);
    l.dT = select(thawed, l.dT, below.dT);
    l.dw = select(thawed, l.dw, below.dw);
    l.dfirst = select(thawed, l.dfirst, below.dfirst);
    l.dsecond = select(thawed, l.dsecond, below.dsecond);
    return l;
  }
  LiquidWater<Real> liquid_below(std::size_t h, const Real& w, const Real& cold) const {
    switch (form_.freezing) {
    case FreezingModel::van_genuchten:
      return van_genuchten(cold, P_(Parameter::porosity, h), P_(Parameter::retention_alpha, h),
                           P_(Parameter::retention_n, h));
    case FreezingModel::linear:
      return linear_window(cold, w, P_(Parameter::freezing_window, h),
                           P_(Parameter::unfrozen_water, h));
    case FreezingModel::power:
      break;
    }
    return power_law(cold, P_(Parameter::freezing_a, h), P_(Parameter::freezing_b, h));
  }
  // Below the temperature at which it begins to freeze.
  Real liquid_dp(Parameter parameter, std::size_t h, const LiquidWater<Real>& l) const {
    if (parameter == first_parameter()) return l.dfirst;
    if (parameter == second_parameter()) return l.dsecond;
    if (parameter == Parameter::water_content) return l.dw;
    // The retention curve is a multiple of the porosity.
    if (parameter == Parameter::porosity && form_.freezing == FreezingModel::van_genuchten)
      return l.value / P_(Parameter::porosity, h);
    return 0.0;
  }
  Parameter first_parameter() const {
    return form_.freezing == FreezingModel::power    ? Parameter::freezing_a
           : form_.freezing == FreezingModel::linear ? Parameter::freezing_window
                                                     : Parameter::retention_alpha;
  }
  Parameter second_parameter() const {
    return form_.freezing == FreezingModel::power    ? Parameter::freezing_b
           : form_.freezing == FreezingModel::linear ? Parameter::unfrozen_water
                                                     : Parameter::retention_n;
  }

  Kersten<Real> thawed_number(std::size_t h, const Real& w) const {
    return kersten(form_.conductivity, Real(w * over_porosity_[h]),
                   P_(Parameter::kersten_shape, h));
  }
  Kersten<Real> frozen_number(std::size_t h, const Real& w) const {
    return kersten_frozen(form_.conductivity, Real(w * over_porosity_[h]),
                          P_(Parameter::frozen_kersten_shape, h));
  }
  KerstenConductivity<Real> thawed(std::size_t h, const Real& w) const {
    return {thawed_number(h, w), thawed_[h], P_(Parameter::dry_conductivity, h), over_porosity_[h],
            w};
  }
  KerstenConductivity<Real> frozen(std::size_t h, const Real& w) const {
    return {frozen_number(h, w), frozen_[h], P_(Parameter::dry_conductivity, h), over_porosity_[h],
            w};
  }

  Mixed mix(const Conduction& here, const Real& part) const {
    if (form_.frozen == FrozenConductivity::geometric) {
      const Real value = here.frozen * exponential(Real(part * here.log_ratio));
      return {value, value * here.log_ratio, {}};
    }
    const Real& dry = P_(Parameter::dry_conductivity, here.horizon);
    const Real Ke = here.frozen + part * (here.thawed - here.frozen);
    const Real saturated = here.saturated * exponential(Real(part * here.log_ratio));
    return {dry + Ke * (saturated - dry),
            (here.thawed - here.frozen) * (saturated - dry) + Ke * saturated * here.log_ratio,
            saturated};
  }
  SoilForm form_;
  SoilParameters<Real> P_;
  std::vector<Real> over_porosity_;                          ///< its inverse [horizon]
  std::vector<SaturatedConductivity<Real>> thawed_, frozen_; ///< [horizon]
};

} // namespace glebe
