// SPDX-License-Identifier: BSD-3-Clause
// The surface with everything: air that knows stability, leaves, resistances to evaporation, what
// covers the soil, and radiation that is known otherwise than by its two parts.
#pragma once

#include "glebe/physics/laws/canopy.hpp"
#include "glebe/physics/laws/evaporation.hpp"
#include "glebe/physics/laws/exchange.hpp"
#include "glebe/physics/laws/radiation.hpp"

namespace glebe {

/// What a column's first row says of the increment D of its temperature:
/// a D = b + gamma dt Q [J m-2].
template <class Real>
struct FirstRow {
  Real a, b;
  double gamma_dt;
};

/// Where something covers the soil, litter or snow, all of it happens at its skin, whose
/// temperature T_s follows from that of the first node: T_s = T_0 + R Q(T_s), with the resistance
/// R = cover_resistance + snow depth / snow_conductivity, or with the resistance of the snow as an
/// input in place of its depth. Derivatives are those of the whole.
/// Where parameters correct the weather, everything happens under the corrected shortwave
/// radiation, shortwave_scale SW, and air temperature, T_a + air_temperature_bias; humidity and
/// longwave radiation stay as they are given. Temperatures are in K but for increment().
template <class Real>
class FullSurface {
public:
  FullSurface(const SurfaceForm& form, const ParameterLayout& layout, const Real* values)
      : form_(form), P_(layout, values) {}

  GLEBE_CALL SurfaceState<Real> at(const Real& T_0, const Inputs<Real>& given) const {
    const Inputs<Real>& F = corrected(given);
    return at_skin(skin(T_0, F), F);
  }
  GLEBE_CALL SurfaceState<Real> slope(const Real& T_0, const Inputs<Real>& given) const {
    const Inputs<Real>& F = corrected(given);
    const SurfaceState<Real> slope = skin_slope(skin(T_0, F), F);
    if (!form_.covered) return slope;
    return Real(1.0 / (1.0 - resistance(F) * slope.ground())) * slope;
  }
  GLEBE_CALL SurfaceState<Real> slope(Parameter parameter, const Real& T_0,
                                      const Inputs<Real>& given) const {
    if (is_left_out(parameter)) return {};
    const Inputs<Real>& F = corrected(given);
    return slope_of(parameter, skin(T_0, F), F);
  }

  /// See Surface::increment(), T in degC. What is iterated is T_s - T, whose balance with the first
  /// node, D = T_s - T - R Q(T_s), falls with T_s.
  GLEBE_CALL Root<Real> increment(const Real& T, const FirstRow<Real>& row,
                                  const Inputs<Real>& given, double step_tolerance,
                                  int most) const {
    const Inputs<Real>& F = corrected(given);
    const Real a = row.a, gamma_dt = row.gamma_dt;
    const Real R = form_.covered ? resistance(F) : Real(0.0);
    Air air(form_, F, P_, roughness_);
    const auto evaluate = [&](const Real& D_s) GLEBE_INLINED -> NewtonStep<Real> {
      const Balance Q = balance(T + D_s + freezing_temperature, F, air);
      const Real value = fma(gamma_dt, Q.flux, fma(-a, D_s - R * Q.flux, row.b));
      return {value, 1.0 / fma(-gamma_dt, Q.slope, a * (1.0 - R * Q.slope)) * value};
    };
    Root<Real> root = root_of_falling(Real(0.0), evaluate, StepBeforeShort{step_tolerance}, most);
    if (form_.covered) root.x -= R * balance(T + root.x + freezing_temperature, F, air).flux;
    return root;
  }

  /// What the columns ask for in every stage, Q of at() and slope() alone.
  GLEBE_CALL Real ground(const Real& T_0, const Inputs<Real>& given) const {
    const Inputs<Real>& F = corrected(given);
    return at_skin(skin(T_0, F), F).ground();
  }
  GLEBE_CALL Real ground_slope(const Real& T_0, const Inputs<Real>& given) const {
    const Inputs<Real>& F = corrected(given);
    const Real slope = skin_slope(skin(T_0, F), F).ground();
    return form_.covered ? Real(1.0 / (1.0 - resistance(F) * slope) * slope) : slope;
  }
  GLEBE_CALL Real ground_slope(Parameter parameter, const Real& T_0,
                               const Inputs<Real>& given) const {
    if (is_left_out(parameter)) return 0.0;
    const Inputs<Real>& F = corrected(given);
    return slope_of(parameter, skin(T_0, F), F).ground();
  }

private:
  static constexpr double tolerance = 1e-11; ///< of Newton's iteration for T_s [K]
  static constexpr int iterations = 60;

  // The weather with its errors taken off: once for each call from outside.
  const Inputs<Real>& corrected(const Inputs<Real>& given) const {
    if (!form_.corrects_weather()) return given;
    weather_ = given;
    if (form_.shortwave_scale)
      weather_[Input::shortwave] = P_[Parameter::shortwave_scale] * given[Input::shortwave];
    if (form_.air_temperature_bias)
      weather_[Input::air_temperature] =
          given[Input::air_temperature] + P_[Parameter::air_temperature_bias];
    return weather_;
  }
  // A correction that the form does not have.
  bool is_left_out(Parameter parameter) const {
    return (parameter == Parameter::shortwave_scale && !form_.shortwave_scale) ||
           (parameter == Parameter::air_temperature_bias && !form_.air_temperature_bias);
  }

  // What the fluxes have of the inputs alone: made once for all iterations of a stage.
  struct Air {
    Radiation<Real> sky;
    TurbulentExchange<Real> exchange;
    LatentHeat<Real> latent;
    Real leaf; ///< first guess of its temperature [K]

    [[gnu::always_inline]] Air(const SurfaceForm& form, const Inputs<Real>& F,
                               const SurfaceParameters<Real>& P, Roughness<Real>& roughness)
        : sky(form, F, P), exchange(form, F, P, roughness),
          latent(form, F, P, exchange.heat_capacity()), leaf(F[Input::air_temperature]) {}
  };

  // Q and dQ/dT_s at the skin's temperature: what iterations ask for, over and over.
  struct Balance {
    Real flux, slope;
  };
  [[gnu::always_inline]] Balance balance(const Real& T_s, const Inputs<Real>& F, Air& air) const {
    SurfaceState<Real> state = air.sky.at(T_s);
    SurfaceState<Real> slope = air.sky.slope(T_s);
    const auto stability = air.exchange.stability(T_s);
    const AirConductance<Real> C = air.exchange.at(stability), C_T = air.exchange.slope(stability);
    const Real warmer = T_s - F[Input::air_temperature];
    state.sensible = C.C * warmer;
    state.latent = air.latent.at(T_s, C);
    slope.sensible = C.C + C_T.C * warmer;
    slope.latent = air.latent.slope(T_s, C, C_T);
    if (form_.canopy) {
      const Canopy<Real> canopy(form_, T_s, F, P_, air.leaf);
      air.leaf = canopy.temperature(); // from where the next iteration goes on
      canopy.add_to(state);
      canopy.add_slope_to(slope);
    }
    return {state.ground(), slope.ground()};
  }

  // What follows is at the skin's temperature T_s.

  [[gnu::always_inline]] SurfaceState<Real> at_skin(const Real& T_s, const Inputs<Real>& F) const {
    const Air air(form_, F, P_, roughness_);
    SurfaceState<Real> state = air.sky.at(T_s);
    const AirConductance<Real> C = air.exchange.at(air.exchange.stability(T_s));
    state.sensible = C.C * (T_s - F[Input::air_temperature]);
    state.latent = air.latent.at(T_s, C);
    if (form_.canopy) {
      Canopy<Real>(form_, T_s, F, P_, air.leaf).add_to(state);
      state.radiometric_temperature =
          radiometric_temperature(state.longwave_up, P_[Parameter::emissivity]);
    }
    return state;
  }

  [[gnu::always_inline]] SurfaceState<Real> skin_slope(const Real& T_s,
                                                       const Inputs<Real>& F) const {
    const Air air(form_, F, P_, roughness_);
    SurfaceState<Real> slope = air.sky.slope(T_s);
    const auto stability = air.exchange.stability(T_s);
    const AirConductance<Real> C = air.exchange.at(stability), C_T = air.exchange.slope(stability);
    slope.sensible = C.C + C_T.C * (T_s - F[Input::air_temperature]);
    slope.latent = air.latent.slope(T_s, C, C_T);
    if (!form_.canopy) return slope;
    const Canopy<Real> canopy(form_, T_s, F, P_, air.leaf);
    canopy.add_slope_to(slope);
    set_radiometric(slope, air.sky.at(T_s), canopy, Real(0.0));
    return slope;
  }

  [[gnu::always_inline]] SurfaceState<Real> skin_slope(Parameter parameter, const Real& T_s,
                                                       const Inputs<Real>& F) const {
    SurfaceState<Real> slope = Radiation<Real>(form_, F, P_).slope(parameter, T_s);
    if (!form_.canopy && is_radiative(parameter)) return slope;
    const Air air(form_, F, P_, roughness_);
    const auto stability = air.exchange.stability(T_s);
    const AirConductance<Real> C = air.exchange.at(stability);
    const AirConductance<Real> C_p = air.exchange.slope(parameter, stability, T_s);
    slope.sensible = C_p.C * (T_s - F[Input::air_temperature]);
    if (parameter == Parameter::air_temperature_bias) slope.sensible -= C.C;
    slope.latent = air.latent.slope(parameter, T_s, C, C_p);
    if (!form_.canopy) return slope;
    const Canopy<Real> canopy(form_, T_s, F, P_, air.leaf);
    canopy.add_slope_to(slope, parameter);
    const Real relative =
        parameter == Parameter::emissivity ? Real(1.0 / P_[Parameter::emissivity]) : Real(0.0);
    set_radiometric(slope, air.sky.at(T_s), canopy, relative);
    return slope;
  }

  // The radiometric temperature is the fourth root of LWup / (emissivity sigma), the emissivity
  // changing by `relative` of itself.
  void set_radiometric(SurfaceState<Real>& slope, SurfaceState<Real> state,
                       const Canopy<Real>& canopy, const Real& relative) const {
    canopy.add_to(state);
    const Real T = radiometric_temperature(state.longwave_up, P_[Parameter::emissivity]);
    slope.radiometric_temperature = 0.25 * T * (slope.longwave_up / state.longwave_up - relative);
  }

  [[gnu::always_inline]] SurfaceState<Real> slope_of(Parameter parameter, const Real& T_s,
                                                     const Inputs<Real>& F) const {
    SurfaceState<Real> slope = skin_slope(parameter, T_s, F);
    if (!form_.covered) return slope;
    const SurfaceState<Real> by_T = skin_slope(T_s, F);
    const Real R = resistance(F);
    Real source = R * slope.ground();
    if (parameter == Parameter::cover_resistance || parameter == Parameter::snow_conductivity)
      source += resistance_dp(parameter, F) * at_skin(T_s, F).ground();
    slope += Real(source / (1.0 - R * by_T.ground())) * by_T;
    return slope;
  }

  static bool is_radiative(Parameter parameter) {
    return parameter == Parameter::albedo || parameter == Parameter::emissivity ||
           parameter == Parameter::longwave_bias || parameter == Parameter::shortwave_scale;
  }
  Real snow(const Inputs<Real>& F) const {
    return form_.snow ? greater(F[Input::snow_depth], Real(0.0)) : Real(0.0);
  }
  Real resistance(const Inputs<Real>& F) const {
    const Real& cover = P_[Parameter::cover_resistance];
    if (form_.snow_by_density) return cover + snow(F);
    return form_.snow ? Real(cover + snow(F) / P_[Parameter::snow_conductivity]) : cover;
  }
  Real resistance_dp(Parameter parameter, const Inputs<Real>& F) const {
    if (parameter == Parameter::cover_resistance) return 1.0;
    if (parameter != Parameter::snow_conductivity || !form_.snow || form_.snow_by_density)
      return 0.0;
    const Real& lambda = P_[Parameter::snow_conductivity];
    return -snow(F) / (lambda * lambda);
  }
  // T_0 - T_s + R Q(T_s) falls with T_s.
  [[gnu::always_inline]] Real skin(const Real& T_0, const Inputs<Real>& F) const {
    if (!form_.covered) return T_0;
    const Real R = resistance(F);
    Air air(form_, F, P_, roughness_);
    const auto evaluate = [&](const Real& T_s) GLEBE_INLINED -> NewtonStep<Real> {
      const Balance Q = balance(T_s, F, air);
      const Real value = T_0 - T_s + R * Q.flux;
      return {value, value / (1.0 - R * Q.slope)};
    };
    return root_of_falling(T_0, evaluate, StepBeforeShort{tolerance}, iterations).or_nan();
  }

  SurfaceForm form_;
  SurfaceParameters<Real> P_;
  mutable Roughness<Real> roughness_;
  mutable Inputs<Real> weather_; ///< corrected, of the present call
};

} // namespace glebe
