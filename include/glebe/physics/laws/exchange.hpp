// SPDX-License-Identifier: BSD-3-Clause
// The turbulent exchange of heat between a surface and the air, H = C (T_s - T_a), where C knows
// the stability of the air.
//
//   C = K f(Ri),  Ri = g z (T_a - T_s) / (T U_e^2),  U_e^2 = U^2 + (0.1 m s-1)^2
//   stable, r = b Ri > 0:    f = 1 / (1 + 15 r sqrt(1 + 5 r))        (Louis 1979, b of 1)
//   unstable, y = -Ri > 0:   f = 1 + 15 y / (1 + m sqrt(y))          'louis' only
//
//   'stability'  K = h + h_wind U, z = z_u, T = T_a; unstable air is what h describes
//   'louis'      K = rho c_p c U_e, z = z_u^2 / z_t, T the mean of T_a and T_s; T_a in the textbook
//
// Always inlined, as the surface is: see surface_state.hpp. H rises with T_s but for a slope of
// -0.019 K at most: the longwave radiation of the surface alone keeps its energy balance monotone.
#pragma once

#include "glebe/physics/inputs.hpp"
#include "glebe/physics/laws/roughness.hpp"
#include "glebe/physics/laws/surface_state.hpp"

namespace glebe {

/// C [W m-2 K-1] and the share f of it that stability leaves or adds [1], or the derivatives of
/// both with respect to one quantity.
template <class Real>
struct AirConductance {
  Real C{}, f{};
};

/// The exchange under given inputs.
template <class Real>
class TurbulentExchange {
public:
  /// `roughness` keeps what it computed for 'louis'.
  [[gnu::always_inline]] TurbulentExchange(const SurfaceForm& form, const Inputs<Real>& F,
                                           const SurfaceParameters<Real>& P,
                                           Roughness<Real>& roughness)
      : form_(form), F_(F), P_(P), roughness_(roughness) {
    const Real U_e_squared = F[Input::wind] * F[Input::wind] + gust * gust;
    const bool louis = form.exchange == Exchange::louis;
    const double z =
        louis ? form.wind_height * form.wind_height / form.air_height : form.wind_height;
    shear_ = gravity * z / U_e_squared;
    over_T_a_ = 1.0 / F[Input::air_temperature];
    if (louis) {
      U_e_ = square_root(U_e_squared);
      roughness_.set(form, U_e_, P[Parameter::roughness_length], P[Parameter::heat_roughness]);
      K_ = heat_capacity() * U_e_ * roughness_.transfer().value;
    } else {
      K_ = P[Parameter::heat_transfer] + P[Parameter::heat_transfer_wind] * F[Input::wind];
    }
  }

  /// f and its derivatives with respect to T_s [K], b and m.
  struct Stability {
    Real f{1.0}, f_T{}, f_b{}, f_m{};
  };

  /// At the surface temperature T_s [K].
  [[gnu::always_inline]] Stability stability(const Real& T_s) const {
    if (form_.exchange == Exchange::coefficients) return {};
    const bool louis = form_.exchange == Exchange::louis;
    const bool mean = louis && form_.heat_roughness == HeatRoughness::zeng_dickinson;
    const Real& T_a = F_[Input::air_temperature];
    const Real colder = T_a - T_s;
    const Real over_T = mean ? Real(1.0 / (T_a - 0.5 * colder)) : over_T_a_;
    const Real per_T = shear_ * over_T;
    const Real Ri = per_T * colder, Ri_T = -per_T * T_a * over_T;
    const Mask<Real> is_unstable = less_than(Ri, 0.0);
    if (all(is_unstable)) return louis ? unstable(-Ri, -Ri_T) : Stability{};
    const Stability result = stable(greater(Ri, Real(0.0)), Ri_T);
    if (!louis || all(!is_unstable)) return result;
    const Stability other = unstable(greater(Real(-Ri), Real(0.0)), -Ri_T);
    return {select(is_unstable, other.f, result.f), select(is_unstable, other.f_T, result.f_T),
            select(is_unstable, other.f_b, result.f_b), select(is_unstable, other.f_m, result.f_m)};
  }

  /// C, its derivatives with respect to T_s [per K], and those with respect to a parameter at T_s.
  [[gnu::always_inline]] AirConductance<Real> at(const Stability& stability) const {
    return {K_ * stability.f, stability.f};
  }
  [[gnu::always_inline]] AirConductance<Real> slope(const Stability& stability) const {
    return {K_ * stability.f_T, stability.f_T};
  }
  [[gnu::always_inline]] AirConductance<Real> slope(Parameter parameter, const Stability& stability,
                                                    const Real& T_s) const {
    const auto by_roughness = [&](const Real& c_p, const Real& m_p) -> AirConductance<Real> {
      const Real f_p = stability.f_m * m_p;
      return {heat_capacity() * U_e_ * c_p * stability.f + K_ * f_p, f_p};
    };
    const bool louis = form_.exchange == Exchange::louis;
    switch (parameter) {
    case Parameter::heat_transfer:
      return {louis ? Real(0.0) : stability.f, 0.0};
    case Parameter::heat_transfer_wind:
      return {louis ? Real(0.0) : Real(F_[Input::wind] * stability.f), 0.0};
    case Parameter::stability:
      return {K_ * stability.f_b, stability.f_b};
    case Parameter::roughness_length:
      if (!louis) return {};
      return by_roughness(roughness_.transfer().by_length, roughness_.mixing().by_length);
    case Parameter::heat_roughness:
      if (!louis) return {};
      return by_roughness(roughness_.transfer().by_heat, roughness_.mixing().by_heat);
    case Parameter::air_temperature_bias: {
      // Ri is a function of T_s / T_a, the density of the air one of T_a.
      const Real f_p = -stability.f_T * T_s * over_T_a_;
      const Real K_p = louis ? Real(-K_ * over_T_a_) : Real(0.0);
      return {K_p * stability.f + K_ * f_p, f_p};
    }
    default:
      return {};
    }
  }
  /// rho c_p of the dry air [J m-3 K-1].
  Real heat_capacity() const {
    return heat_capacity_of_air / gas_constant_of_air * F_[Input::pressure] /
           F_[Input::air_temperature];
  }

private:
  static constexpr double gust = 0.1; ///< [m s-1], so that there is some wind in a calm

  [[gnu::always_inline]] Stability stable(const Real& Ri, const Real& Ri_T) const {
    const Real& b = P_[Parameter::stability];
    const Real r = b * Ri, s = square_root(Real(1.0 + 5.0 * r));
    const Real f = 1.0 / (1.0 + 15.0 * r * s);
    const Real f_r = -15.0 * f * f * (s + 2.5 * r / s);
    const Mask<Real> neutral = !less_than(Real(-Ri), 0.0);
    return {f, select(neutral, Real(0.0), Real(f_r * b * Ri_T)), f_r * Ri, 0.0};
  }
  [[gnu::always_inline]] Stability unstable(const Real& y, const Real& y_T) const {
    const Real& m = roughness_.mixing().value;
    const Real root = square_root(y);
    const Real over_q = 1.0 / (1.0 + m * root);
    const Real f_y = 15.0 * over_q - 7.5 * m * root * over_q * over_q;
    return {1.0 + 15.0 * y * over_q, f_y * y_T, 0.0, -15.0 * y * root * over_q * over_q};
  }

  const SurfaceForm& form_;
  const Inputs<Real>& F_;
  const SurfaceParameters<Real>& P_;
  Roughness<Real>& roughness_;
  Real shear_, over_T_a_; ///< g z / U_e^2 [K K-1], 1 / T_a
  Real U_e_{}, K_;
};

} // namespace glebe
