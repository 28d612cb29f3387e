// SPDX-License-Identifier: BSD-3-Clause
// The rows of a general column: its laws at a state, and the matrix of a stage. Below the window,
// the uppermost nodes down to the last that is not linear in some lane, and where the laws do not
// depend on temperature, all of it serves until the properties change.
#pragma once

#include "glebe/physics/columns/general_soil.hpp"
#include "glebe/physics/columns/tridiagonal.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

template <SoilLaw Law>
class GeneralRows {
public:
  using Real = typename Law::Real;

  /// `laws` outlives it. Where the temperature of the first or last node is given, its row of the
  /// matrix is x_i = b_i.
  GeneralRows(const GeneralSoil<Law>& laws, std::size_t n_node, double gamma_dt, bool fixed_top,
              bool fixed_bottom)
      : laws_(laws), N_(n_node - 1), gamma_dt_(gamma_dt), fixed_top_(fixed_top),
        fixed_bottom_(fixed_bottom), E_(n_node), c_(n_node), k_(N_, laws.flows()),
        half_dT_(N_, Real(0.0)), matrix_(n_node) {}

  /// Says that the state or the properties have changed.
  void forget() { is_evaluated_ = false; }
  /// Evaluates the laws at T, unless that has been done since forget().
  void evaluate(const Real* T) {
    if (is_evaluated_) return;
    is_evaluated_ = true;
    const std::size_t all = N_ + 1, window = laws_.end_of_window(T);
    const bool anew = version_ != laws_.version();
    std::size_t end = anew ? all : 0;
    if (Law::depends_on_temperature && !anew) end = std::max(window, window_);
    window_ = window;
    version_ = laws_.version();
    laws_.enthalpy(T, end, E_.data(), c_.data());
    for (std::size_t i = end; i < all; ++i) E_[i] = c_[i] * T[i];
    laws_.conductances(T, std::min(end, N_), k_, half_dT_.data());
    // Row `end` feels the element above it.
    changed_ = std::max(changed_, std::min(end + (end > 0), all));
  }
  /// After evaluate(): factors the matrix d(E - gamma dt net heat flux)/dT, but for the flux at the
  /// top. Factors below all rows that have changed stay.
  void factorise() {
    if (changed_ == 0) return;
    net_flux_derivative([&](std::size_t i, const Real& above, const Real& here, const Real& below) {
      matrix_.set_row(i, -above, c_[i] - here, -below);
    });
    if (fixed_bottom_) matrix_.set_row(N_, 0.0, 1.0, 0.0);
    if (fixed_top_) matrix_.set_row(0, 0.0, 1.0, 0.0);
    matrix_.factorise(changed_);
    changed_ = 0;
  }

  const Real* heat() const { return E_.data(); }     ///< E_i at T [J m-2]
  const Real* capacity() const { return c_.data(); } ///< dE_i/dT_i [J m-2 K-1]
  Tridiagonal<Real>& matrix() { return matrix_; }
  const Tridiagonal<Real>& matrix() const { return matrix_; }

  /// After evaluate(): row(i, above, here, below) with the derivatives of gamma dt (net heat flux
  /// into node i) by T_(i-1), T_i and T_(i+1), but for the flux at the top.
  template <class Action>
  [[gnu::always_inline]] void net_flux_derivative(Action row) const {
    Real above = 0.0, from_above = 0.0;
    for (std::size_t i = 0; i < N_; ++i) {
      const auto k = k_[i];
      const Real& half_dT = half_dT_[i];
      row(i, above, Real(from_above - gamma_dt_ * (k.upper + half_dT)),
          Real(gamma_dt_ * (k.upper - half_dT)));
      above = gamma_dt_ * (k.lower + half_dT);
      from_above = gamma_dt_ * (half_dT - k.lower);
    }
    row(N_, above, from_above, Real(0.0));
  }

  /// After factorise(): b_i = B_i - E_i + gamma dt (net heat flux into node i at T) but for that at
  /// the top, eliminated upwards; q_b is the downward flux at the bottom [W m-2], `last` the last
  /// row where the temperature there is given. Returns b_0.
  Real eliminate(const Real* B, const Real* T, const Real& q_b, const Real& last, Real* b) const {
    const Real gamma_dt = gamma_dt_;
    const Real *E = E_.data(), *s = matrix_.above();
    const Real *upper = k_.upper(), *lower = k_.lower();
    Real difference = T[N_ - 1] - T[N_]; // of the element above row i
    Real out = upper[N_ - 1] * difference, above = lower[N_ - 1] * difference;
    Real e = fixed_bottom_ ? last : fma(gamma_dt, Real(above - q_b), Real(B[N_] - E[N_]));
    b[N_] = e;
    for (std::size_t i = N_ - 1; i > 0; --i) {
      difference = T[i - 1] - T[i];
      above = lower[i - 1] * difference;
      e = fma(s[i], e, fma(gamma_dt, Real(above - out), Real(B[i] - E[i])));
      b[i] = e;
      out = upper[i - 1] * difference;
    }
    return fma(s[0], e, fma(gamma_dt, Real(-out), Real(B[0] - E[0])));
  }
  /// After evaluate(): gamma dt (net heat flux into node i at T) but for that at the top.
  void set_net_flux(const Real* T, const Real& q_b, Real* y) const {
    Real above = 0.0;
    for (std::size_t i = 0; i < N_; ++i) {
      const Real difference = T[i] - T[i + 1];
      y[i] = gamma_dt_ * (above - k_[i].upper * difference);
      above = k_[i].lower * difference;
    }
    y[N_] = fixed_bottom_ ? Real(0.0) : Real(gamma_dt_ * (above - q_b));
  }
  /// The first node at and below which the laws are linear, in all lanes, at the latest T.
  std::size_t window() const { return window_; }

private:
  const GeneralSoil<Law>& laws_;
  std::size_t N_;
  double gamma_dt_;
  bool fixed_top_, fixed_bottom_;
  std::vector<Real> E_, c_;
  Conductances<Real> k_;      ///< of the elements
  std::vector<Real> half_dT_; ///< half the change of what they conduct by that in the middle
  Tridiagonal<Real> matrix_;
  std::size_t version_ = 0; ///< of the soil's properties
  bool is_evaluated_ = false;
  std::size_t window_ = 0;  ///< its end at the latest evaluation
  std::size_t changed_ = 0; ///< first rows of the matrix that are not factored
};

} // namespace glebe
