// SPDX-License-Identifier: BSD-3-Clause
// The exchange of heat over a surface of given roughness in neutral air.
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/real.hpp"

namespace glebe {

/// A neutral exchange and its derivatives by the two parameters of the roughness.
///
///   transfer c = k^2 / (ln(z_u / z0m) ln(z_t / z0h)),  ln(z0m / z0h) = a Re*^0.45 or a
///   Re* = k U_e z0m / (nu ln(z_u / z0m))
///
/// (Zeng and Dickinson 1998, J. Climate 11, 537); `mixing` m is what Louis's function of unstable
/// air, 1 + 15 y / (1 + m sqrt(y)), asks for: 75 c sqrt(1 + z_t / z0h), or with a constant a that
/// of the textbook, 75 (k / ln(z_u / z0m))^2 sqrt(z_u / z0m) (Louis 1979, Boundary-Layer Meteorol.
/// 17, 187). z_u, z_t: heights of the anemometer and the thermometer over the displacement height
/// [m].
template <class Real>
class Roughness {
public:
  struct Number {
    Real value, by_length, by_heat;
  };

  /// For the gusty wind U_e [m s-1], z0m [m] and a [1]. What was computed last is kept, because
  /// logarithms are dear and neither wind nor parameters change within a stage.
  const Roughness& set(const SurfaceForm& form, const Real& U_e, const Real& z0m, const Real& a) {
    const bool same = known_ && all(U_e == U_e_) && all(z0m == z0m_) && all(a == a_);
    if (same) return *this;
    known_ = true;
    U_e_ = U_e;
    z0m_ = z0m;
    a_ = a;
    compute(form);
    return *this;
  }
  const Number& transfer() const { return c_; } ///< c [1]
  const Number& mixing() const { return m_; }   ///< m [1]

private:
  void compute(const SurfaceForm& form) {
    const Real over_z0m = 1.0 / z0m_;
    const Real ratio = form.wind_height * over_z0m;
    const Real L_u = logarithm(ratio);
    const bool constant = form.heat_roughness == HeatRoughness::constant;
    Number excess{a_, 0.0, 1.0}; // ln(z0m / z0h)
    if (!constant) {
      const Real Re = von_karman / viscosity_of_air * U_e_ * z0m_ / L_u;
      const Real root = power(Re, Real(0.45));
      excess = {a_ * root, 0.45 * a_ * root * (over_z0m + over_z0m / L_u), root};
    }
    const Real L_t = logarithm(Real(form.air_height * over_z0m)) + excess.value;
    const Real dL_t = excess.by_length - over_z0m;
    const Real c = von_karman * von_karman / (L_u * L_t);
    c_ = {c, c * (over_z0m / L_u - dL_t / L_t), -c * excess.by_heat / L_t};
    m_ = constant ? mixing_of_textbook(L_u, ratio, over_z0m)
                  : mixing_of_heat(exponential(L_t), dL_t, excess.by_heat);
  }

  // 75 C sqrt(z_u / z0m), C = (k / L_u)^2.
  [[gnu::always_inline]] static Number mixing_of_textbook(const Real& L_u, const Real& ratio,
                                                          const Real& over_z0m) {
    const Real m = 75.0 * von_karman * von_karman / (L_u * L_u) * square_root(ratio);
    return {m, m * over_z0m * (2.0 / L_u - 0.5), 0.0};
  }
  // 75 c sqrt(Z), Z = 1 + z_t / z0h.
  [[gnu::always_inline]] Number mixing_of_heat(const Real& ratio, const Real& dL_t,
                                               const Real& dL_t_da) const {
    const Real Z = 1.0 + ratio, root = square_root(Z);
    const Real m = 75.0 * c_.value * root;
    const Real half = 0.5 * ratio / Z; // d ln sqrt(Z) / d ln(z_t / z0h)
    return {m, 75.0 * root * c_.by_length + m * half * dL_t,
            75.0 * root * c_.by_heat + m * half * dL_t_da};
  }

  static constexpr double viscosity_of_air = 1.5e-5; ///< [m2 s-1]

  bool known_ = false;
  Real U_e_{}, z0m_{}, a_{};
  Number c_{}, m_{};
};

} // namespace glebe
