// SPDX-License-Identifier: BSD-3-Clause
// The latent heat flux, LE = W (L_v / c_p) (q_sat(T_s) - q_a) where it follows from humidity.
//
//   'coefficient'   W = h_latent f: the eddies that carry heat carry vapour
//   by resistances  W = C / (1 + r_s C / (rho c_p)), r_s in series with that of the air, rho c_p /
//   C
//
//   'resistance'    r_s = surface_resistance
//   'sellers'       r_s = exp(8.25 - 4.225 S)             (Sellers et al. 1992; S = theta / n)
//   'dry_layer'     r_s = DSL / (D eps) + 20 s m-1        (Swenson and Lawrence 2014)
//       DSL = d_max max(0.001, 0.8 n - theta) / max(0.001, 0.8 n - theta_air) <= 0.2 m
//       theta_air = n (psi_s / 1e4 m)^(1 / b), eps = n - theta_air,
//       D = 2.12e-5 (T_a / 273.15)^1.75 eps (eps / n)^(3 / max(3, b))
//
// theta is the input surface_moisture; n, b, psi_s are those of the uppermost soil.
#pragma once

#include "glebe/physics/laws/exchange.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

/// A resistance to evaporation [s m-1] and its derivatives by the parameter that it has, if any,
/// and by T_a.
template <class Real>
struct SoilResistance {
  Real value{}, by_parameter{}, by_air_temperature{};
};

namespace detail {

template <class Real>
[[gnu::always_inline]] inline SoilResistance<Real>
resistance_of_dry_layer(const SurfaceForm& form, const Inputs<Real>& F, const Real& d_max) {
  constexpr double least = 1e-3, most = 0.2, wet = 0.8, of_the_rest = 20.0;
  const double n = form.porosity, b = form.retention_b;
  const double theta_air = n * std::pow(form.air_entry / 1e4, 1.0 / b), eps = n - theta_air;
  const double D_0 = 2.12e-5 * eps * std::pow(eps / n, 3.0 / std::max(3.0, b));
  const double over_span = 1.0 / std::max(least, wet * n - theta_air);
  const Real share = over_span * greater(Real(wet * n - F[Input::surface_moisture]), Real(least));
  const Real warmth = F[Input::air_temperature] / freezing_temperature;
  constexpr double exponent = 1.75;
  const Real per_depth = 1.0 / (D_0 * eps * power(warmth, Real(exponent)));
  const Mask<Real> deep = !less_than(Real(d_max * share - most), 0.0);
  const Real of_layer = select(deep, Real(most), Real(d_max * share)) * per_depth;
  return {of_layer + of_the_rest, select(deep, Real(0.0), Real(share * per_depth)),
          -exponent * of_layer / F[Input::air_temperature]};
}

} // namespace detail

/// r_s under given inputs.
template <class Real>
[[gnu::always_inline]] inline SoilResistance<Real>
soil_resistance(const SurfaceForm& form, const Inputs<Real>& F, const SurfaceParameters<Real>& P) {
  switch (form.evaporation) {
  case Evaporation::resistance:
    return {P[Parameter::surface_resistance], 1.0, 0.0};
  case Evaporation::sellers:
    return {exponential(Real(8.25 - 4.225 / form.porosity * F[Input::surface_moisture])), 0.0, 0.0};
  case Evaporation::dry_layer:
    return detail::resistance_of_dry_layer(form, F, P[Parameter::dry_layer]);
  case Evaporation::coefficient:
    break;
  }
  return {};
}

/// The parameter of which r_s is a function; none of the resistances' if there is none.
constexpr Parameter parameter_of(Evaporation evaporation) {
  return evaporation == Evaporation::dry_layer ? Parameter::dry_layer
                                               : Parameter::surface_resistance;
}

/// The latent heat flux of the soil [W m-2, upward] and its derivatives, from the exchange of heat.
template <class Real>
class LatentHeat {
public:
  [[gnu::always_inline]] LatentHeat(const SurfaceForm& form, const Inputs<Real>& F,
                                    const SurfaceParameters<Real>& P,
                                    const Real& heat_capacity_of_volume)
      : form_(form), F_(F), P_(P), by_resistance_(form.evaporation != Evaporation::coefficient) {
    if (form.turbulence != Turbulence::humidity || !by_resistance_) return;
    over_rho_c_p_ = 1.0 / heat_capacity_of_volume;
    r_s_ = soil_resistance(form, F, P);
  }

  /// With `C` at T_s [K].
  [[gnu::always_inline]] Real at(const Real& T_s, const AirConductance<Real>& C) const {
    switch (form_.turbulence) {
    case Turbulence::bowen:
      return C.C * warmer(T_s) / P_[Parameter::bowen_ratio];
    case Turbulence::humidity:
      return weight(C) * humidity_to_temperature * drier(T_s);
    case Turbulence::combined:
      break;
    }
    return 0.0;
  }
  /// By T_s, `dC` being the derivatives of `C` [W m-2 K-1].
  [[gnu::always_inline]] Real slope(const Real& T_s, const AirConductance<Real>& C,
                                    const AirConductance<Real>& dC) const {
    switch (form_.turbulence) {
    case Turbulence::bowen:
      return (C.C + dC.C * warmer(T_s)) / P_[Parameter::bowen_ratio];
    case Turbulence::humidity:
      return weight(C) * humidity_to_temperature *
                 saturation_humidity(T_s, F_[Input::pressure]).slope +
             weight_tl(C, dC) * humidity_to_temperature * drier(T_s);
    case Turbulence::combined:
      break;
    }
    return 0.0;
  }
  /// By a parameter, `dC` being the derivatives of `C`.
  [[gnu::always_inline]] Real slope(Parameter parameter, const Real& T_s,
                                    const AirConductance<Real>& C,
                                    const AirConductance<Real>& dC) const {
    if (form_.turbulence == Turbulence::combined) return 0.0;
    if (form_.turbulence == Turbulence::bowen) {
      const Real& ratio = P_[Parameter::bowen_ratio];
      if (parameter == Parameter::bowen_ratio) return -C.C * warmer(T_s) / (ratio * ratio);
      const Real H_p = dC.C * warmer(T_s);
      return (parameter == Parameter::air_temperature_bias ? Real(H_p - C.C) : H_p) / ratio;
    }
    Real by_parameter = weight_tl(C, dC);
    if (!by_resistance_ && parameter == Parameter::latent_transfer) by_parameter += C.f;
    if (by_resistance_ && parameter == parameter_of(form_.evaporation)) {
      const Real W = weight(C);
      by_parameter -= W * W * over_rho_c_p_ * r_s_.by_parameter;
    }
    if (by_resistance_ && parameter == Parameter::air_temperature_bias) {
      // 1 / (rho c_p) is a multiple of T_a.
      const Real W = weight(C), relative = r_s_.value / F_[Input::air_temperature];
      by_parameter -= W * W * over_rho_c_p_ * (r_s_.by_air_temperature + relative);
    }
    return by_parameter * humidity_to_temperature * drier(T_s);
  }

private:
  [[gnu::always_inline]] Real warmer(const Real& T_s) const {
    return T_s - F_[Input::air_temperature];
  }
  [[gnu::always_inline]] Real drier(const Real& T_s) const {
    return saturation_humidity(T_s, F_[Input::pressure]).value - F_[Input::humidity];
  }
  [[gnu::always_inline]] Real weight(const AirConductance<Real>& C) const {
    if (!by_resistance_) return P_[Parameter::latent_transfer] * C.f;
    return C.C / (1.0 + r_s_.value * over_rho_c_p_ * C.C);
  }
  [[gnu::always_inline]] Real weight_tl(const AirConductance<Real>& C,
                                        const AirConductance<Real>& dC) const {
    if (!by_resistance_) return P_[Parameter::latent_transfer] * dC.f;
    const Real d = 1.0 / (1.0 + r_s_.value * over_rho_c_p_ * C.C);
    return dC.C * d * d;
  }

  const SurfaceForm& form_;
  const Inputs<Real>& F_;
  const SurfaceParameters<Real>& P_;
  bool by_resistance_;
  Real over_rho_c_p_{};
  SoilResistance<Real> r_s_{};
};

} // namespace glebe
