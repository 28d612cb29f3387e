// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/real.hpp"

#include <array>

namespace glebe {

/// A quantity with its derivative with respect to temperature.
template <class Real>
struct WithSlope {
  Real value;
  Real slope;
};

namespace detail {

// Eighth-order fits of Flatau, Walko and Cotton (1992), J. Appl. Meteorol. 31, 1507-1513, table 4
// (relative error norm), saturation vapour pressure in hPa for temperature in degC.
inline constexpr std::array water_fit{6.11213476,      0.444007856,      0.143064234e-1,
                                      0.264461437e-3,  0.305903558e-5,   0.196237241e-7,
                                      0.892344772e-10, -0.373208410e-12, 0.209339997e-15};
inline constexpr std::array ice_fit{6.11123516,     0.503109514,     0.188369801e-1,
                                    0.420547422e-3, 0.614396778e-5,  0.602780717e-7,
                                    0.387940929e-9, 0.149436277e-11, 0.262655803e-14};

template <class Real>
WithSlope<Real> horner(const std::array<double, 9>& a, const Real& x) {
  Real value = a[8];
  Real slope = 0.0;
  for (std::size_t k = 8; k-- > 0;) {
    slope = fma(slope, x, value);
    value = fma(value, x, Real(a[k]));
  }
  return {value, slope};
}

} // namespace detail

/// Saturation vapour pressure [Pa] over water (0 degC and above) or ice and its slope [Pa K-1] at
/// temperature T [K]. The fit over ice is scaled by 1.00015 to meet the one over water at 0 degC,
/// since a jump there would leave the surface energy balance without a solution. Outside
/// -75 ... 100 degC, the range of the fits, the value is held and its slope is zero.
template <class Real>
WithSlope<Real> saturation_pressure(const Real& T) {
  constexpr double lowest = -75.0, highest = 100.0;
  const Real celsius = T - freezing_temperature;
  const Mask<Real> too_cold = less_than(celsius, lowest);
  const Mask<Real> in_range = less_than(celsius, highest) && !too_cold;
  const Real x = select(in_range, celsius, select(too_cold, Real(lowest), Real(highest)));

  const WithSlope<Real> water = detail::horner(detail::water_fit, x);
  const WithSlope<Real> ice = detail::horner(detail::ice_fit, x);
  constexpr double pascal = 100.0;
  constexpr double join = detail::water_fit[0] / detail::ice_fit[0];
  const Mask<Real> frozen = less_than(celsius, 0.0);
  return {select(frozen, ice.value * (pascal * join), water.value * pascal),
          select(in_range, select(frozen, ice.slope * (pascal * join), water.slope * pascal),
                 Real(0.0))};
}

/// Saturation vapour pressure over water [Pa] and its slope [Pa K-1], below 0 degC too: what
/// relative humidity refers to.
template <class Real>
WithSlope<Real> saturation_pressure_over_water(const Real& T) {
  const WithSlope<Real> water = detail::horner(detail::water_fit, Real(T - freezing_temperature));
  return {water.value * 100.0, water.slope * 100.0};
}

/// Saturation specific humidity [kg kg-1] and its slope [K-1] at temperature T [K] and pressure
/// p [Pa]: q = r e / (p - (1 - r) e) with r = R_d / R_v.
template <class Real>
WithSlope<Real> saturation_humidity(const Real& T, const Real& p) {
  const WithSlope<Real> e = saturation_pressure(T);
  const Real inverse = 1.0 / (p - (1.0 - gas_constant_ratio) * e.value);
  const Real q = gas_constant_ratio * e.value * inverse;
  return {q, gas_constant_ratio * p * e.slope * inverse * inverse};
}

} // namespace glebe
