// SPDX-License-Identifier: BSD-3-Clause
// What a step does to the modes of a column: see modal_column.hpp for the letters.
#pragma once

#include "glebe/physics/columns/conduction_modes.hpp"
#include "glebe/physics/real.hpp"
#include "glebe/physics/scheme.hpp"
#include "glebe/physics/vocabulary.hpp"

#include <cassert>
#include <vector>

namespace glebe {

/// Sum of a_j b_j over n modes, in four parts that do not wait for each other.
template <class Real>
Real dot(const Real* a, const Real* b, std::size_t n) {
  Real sum[4] = {0.0, 0.0, 0.0, 0.0};
  std::size_t j = 0;
  for (; j + 4 <= n; j += 4)
    for (std::size_t part = 0; part < 4; ++part)
      sum[part] = fma(a[j + part], b[j + part], sum[part]);
  for (; j < n; ++j) sum[0] = fma(a[j], b[j], sum[0]);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// The factors of SDIRK2 for every mode, and their sums at the top.
template <class Real>
class ModalGains {
public:
  static constexpr double a = (1.0 - alexander_gamma) / alexander_gamma;

  /// `modes`, which outlive it, of a column with this top.
  ModalGains(const ConductionModes& modes, Top top)
      : modes_(modes), fixed_top_(top == Top::temperature), n_(modes.n_mode()),
        u_(modes.shape(fixed_top_ ? 1 : 0)), memory_(n_factor * n_) {}

  /// Takes gamma dt [s], the conductivity [W m-1 K-1] and the heat capacity [J m-3 K-1].
  void set(double gamma_dt, const Real& lambda, const Real& C) {
    const Real diffusivity = lambda / C;
    const Real g = fixed_top_ ? Real(gamma_dt * diffusivity) : Real(gamma_dt / C);
    G_ = G_first_ = of_flux_by_soil_ = of_first_by_soil_ = 0.0;
    for (std::size_t j = 0; j < n_; ++j) {
      const Real z = gamma_dt * modes_.rate[j] * diffusivity, s = 1.0 / (1.0 + z);
      const Real scale = u_[j] * g * s, as = a * s;
      const Real decay = s * (as + (1.0 - a)), lag = z * s, at_top = u_[j] * scale;
      at(Factor::scale)[j] = scale;
      at(Factor::stage)[j] = s;
      at(Factor::first)[j] = as;
      at(Factor::loss)[j] = lag * (1.0 + as);
      at(Factor::lag)[j] = lag;
      at(Factor::top_1)[j] = at_top * s;
      at(Factor::top_2)[j] = at_top * decay;
      at(Factor::lag_1)[j] = at_top * lag * s;
      at(Factor::lag_2)[j] = at_top * lag * fma(as, s, decay);
      G_ += at_top;
      G_first_ = fma(at_top, as, G_first_);
      of_flux_by_soil_ = fma(at_top, lag, of_flux_by_soil_);
      of_first_by_soil_ = fma(Real(2.0 * at_top * lag), as, of_first_by_soil_);
    }
  }

  /// eta of temperatures theta [node] over the steady profile.
  void project(const Real* theta, Real* eta) const {
    for (std::size_t j = 0; j < n_; ++j) eta[j] = 0.0;
    for (std::size_t i = 0; i < modes_.n_node; ++i) {
      const Real weighted = modes_.thickness[i] * theta[i];
      const double* shape = modes_.shape(i).data();
      for (std::size_t j = 0; j < n_; ++j) eta[j] = fma(Real(shape[j]), weighted, eta[j]);
    }
    for (std::size_t j = 0; j < n_; ++j) eta[j] /= at(Factor::scale)[j];
  }

  const ConductionModes& modes() const { return modes_; }
  std::size_t n_mode() const { return n_; }
  bool fixed_top() const { return fixed_top_; }
  const Real* scale() const { return at(Factor::scale); }    ///< u g s
  const Real* stage() const { return at(Factor::stage); }    ///< s
  const Real* of_first() const { return at(Factor::first); } ///< a s
  const Real* loss() const { return at(Factor::loss); }      ///< 1 - A
  const Real* lag() const { return at(Factor::lag); }        ///< 1 - s
  /// What T_0 of a stage gains from eta at the start of the step.
  const Real* at_top(std::size_t stage) const {
    return at(stage == 0 ? Factor::top_1 : Factor::top_2);
  }
  /// What it loses where the diffusivity grows, relative to that.
  const Real* at_top_by_soil(std::size_t stage) const {
    return at(stage == 0 ? Factor::lag_1 : Factor::lag_2);
  }
  /// What T_0 gains from q of its own stage, and that of the second stage from q of the first; and
  /// what it loses of either where the diffusivity grows.
  const Real& of_flux() const { return G_; }
  const Real& of_first_flux() const { return G_first_; }
  const Real& of_flux_by_soil() const { return of_flux_by_soil_; }
  const Real& of_first_flux_by_soil() const { return of_first_by_soil_; }

private:
  enum class Factor : std::size_t { scale, stage, first, loss, lag, top_1, top_2, lag_1, lag_2 };
  static constexpr std::size_t n_factor = 9;

  Real* at(Factor factor) { return memory_.data() + static_cast<std::size_t>(factor) * n_; }
  const Real* at(Factor factor) const {
    return memory_.data() + static_cast<std::size_t>(factor) * n_;
  }

  const ConductionModes& modes_;
  bool fixed_top_;
  std::size_t n_;
  std::span<const double> u_; ///< shapes at the top [mode]
  std::vector<Real> memory_;  ///< [factor][mode]
  Real G_{}, G_first_{}, of_flux_by_soil_{}, of_first_by_soil_{};
};

} // namespace glebe
