// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/model_form.hpp"
#include "glebe/physics/parameter_layout.hpp"
#include "glebe/physics/soil.hpp"

#include <vector>

namespace glebe {

/// Row i after the elimination of all rows below it, T_i = e_i + f_i T_(i-1) with
/// e_i = p_i R_i + q_i e_(i+1): R_i is the right-hand side of row i over c_i, and p_i = c_i /
/// pivot, q_i = gamma dt k_i / pivot, f_i = gamma dt k_(i-1) / pivot [1].
template <class Real>
struct RowWeights {
  Real p, q, f;
};

/// The rows of an implicit stage in soil of given conductivities and heat capacities, eliminated
/// from the bottom upwards: c_i T_i - gamma dt (k_(i-1) (T_(i-1) - T_i) - k_i (T_i - T_(i+1))).
/// One number per node is kept of the factors; the others follow from it.
template <class Real>
class ConductionRows {
public:
  /// `soil` outlives it.
  ConductionRows(const Soil& soil, Bottom bottom, double gamma_dt)
      : soil_(soil), bottom_(bottom), N_(soil.n_node() - 1), gamma_dt_(gamma_dt),
        to_above_(soil.to_above.data()), to_below_(soil.to_below.data()),
        memory_(3 * soil.n_node() + 2 * soil.n_horizon()), p_(memory_.data()), c_(p_ + N_ + 1),
        k_(c_ + N_ + 1), diffusion_number_(k_ + N_ + 1), C_(diffusion_number_ + soil.n_horizon()) {}
  ConductionRows(const ConductionRows&) = delete;
  ConductionRows& operator=(const ConductionRows&) = delete;

  /// Takes the values of a column, in the order of `layout`.
  void set(const ParameterLayout& layout, const Real* values) {
    set_coefficients(values + layout.position(Parameter::thermal_conductivity),
                     values + layout.position(Parameter::heat_capacity));
    factorise();
  }

  const Real* capacity() const { return c_; }    ///< c_i [J m-2 K-1]
  const Real* conductance() const { return k_; } ///< k_i of elements [W m-2 K-1]
  /// What is left of row 0: its pivot less the surface's part [J m-2 K-1].
  const Real& surface_pivot() const { return surface_pivot_; }
  /// p of row i, which is below row 0.
  const Real& weight(std::size_t i) const { return p_[i]; }
  /// gamma dt lambda / C of a horizon [m2].
  const Real& diffusion_number(std::size_t horizon) const { return diffusion_number_[horizon]; }
  /// The share of a horizon in the capacity of a node that lies in it or at one of its ends [1].
  Real capacity_share(std::size_t i, std::size_t horizon) const {
    const std::size_t top = soil_.horizon_top[horizon], end = soil_.horizon_top[horizon + 1];
    if (i == 0 || i == N_ || (top < i && i < end)) return 1.0;
    return 0.5 * soil_.thickness[i == top ? i : i - 1] * C_[horizon] / c_[i];
  }
  /// The weights of a row inside the horizon of this diffusion number: gamma dt k / c is the number
  /// over dz^2.
  RowWeights<Real> weights(std::size_t i, const Real& number) const {
    const Real number_p = number * p_[i];
    return {p_[i], to_below_[i] * number_p, to_above_[i] * number_p};
  }
  /// The weights of a row between two horizons, or of row N.
  RowWeights<Real> weights(std::size_t i) const {
    const Real r = gamma_dt_ * p_[i] / c_[i];
    return {p_[i], i < N_ ? Real(r * k_[i]) : Real(0.0), r * k_[i - 1]};
  }
  // What one row hands to the next goes by value: a variable that the action holds by reference
  // would go through memory in every row.

  /// carried = row(i, weights, carried) for the rows between row N and row 0, from the bottom
  /// upwards.
  template <class Carried, class Action>
  void upwards(Carried carried, Action row) const {
    for (std::size_t h = soil_.n_horizon(); h-- > 0;) {
      const std::size_t top = soil_.horizon_top[h];
      const Real number = diffusion_number_[h];
      for (std::size_t i = soil_.horizon_top[h + 1] - 1; i > top; --i)
        carried = row(i, weights(i, number), carried);
      if (top > 0) carried = row(top, weights(top), carried);
    }
  }
  /// The same for all rows below row 0, from the top downwards.
  template <class Carried, class Action>
  void downwards(Carried carried, Action row) const {
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      const std::size_t end = soil_.horizon_top[h + 1];
      const Real number = diffusion_number_[h];
      for (std::size_t i = soil_.horizon_top[h] + 1; i < end; ++i)
        carried = row(i, weights(i, number), carried);
      carried = row(end, weights(end), carried);
    }
  }

private:
  void set_coefficients(const Real* conductivity, const Real* heat_capacity) {
    for (std::size_t i = 0; i <= N_; ++i) c_[i] = 0.0;
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      const Real lambda = conductivity[h];
      const Real C = heat_capacity[h];
      C_[h] = C;
      diffusion_number_[h] = gamma_dt_ * lambda / C;
      for (std::size_t i = soil_.horizon_top[h]; i < soil_.horizon_top[h + 1]; ++i) {
        const double dz = soil_.thickness[i];
        k_[i] = lambda / dz;
        c_[i] += 0.5 * dz * C;
        c_[i + 1] += 0.5 * dz * C;
      }
    }
  }

  void factorise() {
    p_[N_] = 0.0;
    Real f = 0.0;
    if (bottom_ == Bottom::flux) {
      const Real pivot = c_[N_] + gamma_dt_ * k_[N_ - 1];
      p_[N_] = c_[N_] / pivot;
      f = gamma_dt_ * k_[N_ - 1] / pivot;
    }
    for (std::size_t i = N_ - 1; i > 0; --i) {
      const Real pivot = c_[i] + gamma_dt_ * k_[i - 1] + gamma_dt_ * k_[i] * (1.0 - f);
      p_[i] = c_[i] / pivot;
      f = gamma_dt_ * k_[i - 1] / pivot;
    }
    surface_pivot_ = c_[0] + gamma_dt_ * k_[0] * (1.0 - f);
  }

  const Soil& soil_;
  Bottom bottom_;
  std::size_t N_;
  double gamma_dt_;
  const double *to_above_, *to_below_; // those of the soil, at hand for the loops
  std::vector<Real> memory_;
  Real *p_, *c_, *k_;           // weights, capacities, conductances
  Real *diffusion_number_, *C_; // of each horizon
  Real surface_pivot_{};
};

} // namespace glebe
