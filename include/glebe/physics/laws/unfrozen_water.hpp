// SPDX-License-Identifier: BSD-3-Clause
// How much of the water w of a soil is liquid at a temperature T [degC] below zero.
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/laws/soil_parameters.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/real.hpp"

namespace glebe {

/// The liquid water [1] and its derivatives.
template <class Real>
struct LiquidWater {
  Real value{};
  Real dT{};
  Real dw{};
  Real dfirst{};  ///< by the first parameter of the curve
  Real dsecond{}; ///< by its second
};

/// A curve of unfrozen water: the temperature below which some of it freezes, and that at which
/// the curve is steepest.
template <class Real>
struct FreezingCurve {
  Real freezes; ///< [degC]
  Real steepest;
};

/// Head of water in equilibrium with ice per degree below zero, L / (g T_f) [m K-1] (Clapeyron).
inline constexpr double head_per_degree = latent_heat_of_fusion / (gravity * freezing_temperature);

/// The power law a |T|^-b (Lovell 1957; Nicolsky et al. 2007).
template <class Real>
FreezingCurve<Real> power_curve(const Real& w, const Real& a, const Real& b) {
  const Real freezes = -power(Real(a / w), Real(1.0 / b));
  return {freezes, freezes};
}
template <class Real>
LiquidWater<Real> power_law(const Real& cold, const Real& a, const Real& b) {
  const Real log_T = logarithm(Real(-cold));
  const Real factor = exponential(Real(-b * log_T));
  const Real value = a * factor;
  return {value, -b * value / cold, 0.0, factor, -value * log_T};
}

/// Van Genuchten's (1980) retention n (1 + (alpha psi)^n_vG)^-m, m = 1 - 1 / n_vG, with the water
/// in equilibrium with ice (Dall'Amico et al. 2011). Porosity is held.
template <class Real>
FreezingCurve<Real> van_genuchten_curve(const Real& w, const Real& porosity, const Real& alpha,
                                        const Real& n) {
  const Real m = 1.0 - 1.0 / n, per_degree = alpha * head_per_degree;
  const Real wet = lesser(w, porosity);
  const Real X = power(Real(wet / porosity), Real(-1.0 / m)) - 1.0;
  const Real freezes = -power(greater(X, Real(1e-30)), Real(1.0 / n)) / per_degree;
  return {freezes, lesser(freezes, Real(-power(m, Real(1.0 / n)) / per_degree))};
}
template <class Real>
LiquidWater<Real> van_genuchten(const Real& cold, const Real& porosity, const Real& alpha,
                                const Real& n) {
  const Real m = 1.0 - 1.0 / n;
  const Real log_psi = logarithm(Real(-cold * alpha * head_per_degree));
  const Real X = exponential(Real(n * log_psi));
  const Real log_1_X = logarithm(Real(1.0 + X));
  const Real value = porosity * exponential(Real(-m * log_1_X));
  const Real slope = -m * n * value * X / (1.0 + X); // by log psi
  return {value, slope / cold, 0.0, slope / alpha,
          -value * (log_1_X / (n * n) + m * X * log_psi / (1.0 + X))};
}

/// A window of `width` below 0 degC, across which the water falls to w_r (Lunardini 1985).
template <class Real>
FreezingCurve<Real> linear_curve(const Real& width) {
  return {0.0, -width};
}
template <class Real>
LiquidWater<Real> linear_window(const Real& T, const Real& w, const Real& width, const Real& w_r) {
  const Real range = greater(Real(w - w_r), Real(0.0)), kept = w - range;
  const auto inside = !less_than(Real(T + width), 0.0) && !less_than(Real(w - w_r), 0.0);
  const Real part = greater(Real(T / width), Real(-1.0)); // -1 ... 0
  const auto frozen = !less_than(Real(w - w_r), 0.0);
  const Real none = 0.0, one = 1.0;
  return {kept + range * (1.0 + part), select(inside, Real(range / width), none),
          select(frozen, Real(1.0 + part), one), select(inside, Real(-range * part / width), none),
          select(frozen, Real(-part), none)};
}

} // namespace glebe
