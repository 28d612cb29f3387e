// SPDX-License-Identifier: BSD-3-Clause
// The adjoint of column_model.hpp: column_model_tl.hpp transposed, statement for statement, and in
// the reverse order. T_ad is the change of a result per unit change of T.
//
// Between nodes of different capacity conduction is symmetric in heat, not in temperature: kept is
// U = T_ad / c, for which the rows of the transposed stage
//
//   (c - gamma dt d(net heat flux)/dT) u = c U
//
// have the same weights as those of the tangent-linear stage, u_i = e_i + f_i u_(i-1) with
// e_i = p_i U_i + q_i e_(i+1). What a parameter gains is the sum over the rows of u_i times what
// the row would gain from the parameter.
#pragma once

#include "glebe/physics/columns/step_checkpoint.hpp"

#include <array>
#include <utility>

namespace glebe {

template <class Real>
class ColumnModelAd {
public:
  /// Numbers of type Real that the adjoint works on.
  static std::size_t memory_size(const Soil& soil, const ParameterSchedule& schedule) {
    return 2 * soil.n_node() + 2 * soil.n_horizon() + schedule.n_value();
  }

  /// An adjoint of `model`, which it takes to other steps; `memory` holds memory_size() numbers and
  /// outlives it, as does `model`.
  ColumnModelAd(ColumnModel<Real>& model, Real* memory)
      : model_(model), N_(model.last_node()), n_horizon_(model.soil().n_horizon()) {
    U_ = memory;
    V_ = U_ + N_ + 1;
    conductivity_ = V_ + N_ + 1;
    capacity_ = conductivity_ + n_horizon_;
    values_ = capacity_ + n_horizon_;
  }

  /// Sets everything to zero, at the end of the step in which the model is.
  void clear() {
    std::fill(U_, U_ + memory_size(model_.soil(), model_.schedule()), Real(0.0));
    sums_.fill(Real(0.0));
  }

  /// The adjoint of ColumnModel::set_step() for the step in which the model is: takes the model to
  /// `step`, the one before it.
  void set_step(std::size_t step) {
    bool capacity = false, changes = false;
    for (const VaryingSlot& one : model_.schedule().varying) {
      if (one.at_step[step] == one.at_step[model_.step()]) continue;
      hand_over(one.slot, &one);
      changes = true;
      capacity = capacity || one.slot.parameter == Parameter::heat_capacity;
    }
    if (!changes) return;
    const Real* c = model_.capacity();
    for (std::size_t i = 0; capacity && i <= N_; ++i) U_[i] *= c[i];
    model_.set_step(step);
    for (std::size_t i = 0; capacity && i <= N_; ++i) U_[i] /= c[i];
  }

  /// The adjoint of ColumnModel::advance(). The stages of `record`, a step with the parameters that
  /// the model has, come in reverse order.
  void advance(std::size_t stage, const Inputs<Real>& F, const StepRecord<Real>& record) {
    if (stage > 0)
      second_stage(F, record);
    else if (model_.form().scheme == Scheme::crank_nicolson)
      explicit_stage(F, record);
    else
      first_stage(F, record);
  }

  /// The adjoint of ColumnModel::start(), and the last to be called: completes values().
  void start() {
    const std::span<const double> knots = model_.soil().knot_depth;
    Real* const knot_ad = values_ + model_.layout().position(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      const Real T_ad = model_.capacity()[i] * U_[i];
      if (knots.empty()) {
        sum(Parameter::deep_temperature) += T_ad;
        continue;
      }
      const auto [j, w] = interpolate(knots, model_.soil().depth[i]);
      knot_ad[j] += (1.0 - w) * T_ad;
      if (w > 0.0) knot_ad[j + 1] += w * T_ad;
    }
    for (std::size_t p = 0; p < parameter_count; ++p)
      for (std::size_t i = 0; i < model_.layout().count(Parameter(p)); ++i)
        hand_over({Parameter(p), i}, model_.schedule().find({Parameter(p), i}));
  }

  /// Adds `ad` to the adjoint of T_i; a temperature given at the bottom is T_b.
  void add_temperature(std::size_t i, const Real& ad) {
    if (i == N_ && fixed_bottom())
      sum(Parameter::deep_temperature) += ad;
    else
      U_[i] += ad / model_.capacity()[i];
  }
  /// Adds `ad` to the adjoints of the fluxes at the surface, at T_0 [degC].
  void add_fluxes(const SurfaceFluxes<Real>& ad, const Real& T_0, const Inputs<Real>& F) {
    add_temperature(0, dot(ad, model_.fluxes_dT(T_0, F)));
    add_parameters(ad, T_0, F, std::make_index_sequence<parameter_count>{});
  }
  /// Adds `ad` to the adjoint of the flux k_i (T_i - T_(i+1)) in element i.
  void add_element_flux(std::size_t i, const Real& ad, const Real& difference) {
    const Real k_ad = ad * model_.conductance()[i];
    add_temperature(i, k_ad);
    add_temperature(i + 1, -k_ad);
    std::size_t h = 0;
    while (model_.soil().horizon_top[h + 1] <= i) ++h;
    conductivity_[h] += k_ad * difference;
  }

  /// T_ad / c of node i [K-1 m2 K J-1 times the result's unit].
  Real* scaled_temperature() { return U_; }
  /// The gradient with respect to the values of the column [n_value], complete after start(); zero
  /// for a slot whose parameter varies, because its knots have it.
  const Real* values() const { return values_; }

private:
  Real& sum(Parameter parameter) { return sums_[static_cast<std::size_t>(parameter)]; }
  bool fixed_bottom() const { return model_.form().bottom == Bottom::temperature; }

  static Real dot(const SurfaceFluxes<Real>& a, const SurfaceFluxes<Real>& b) {
    return a.net_radiation * b.net_radiation + a.longwave_up * b.longwave_up +
           a.sensible * b.sensible + a.latent * b.latent;
  }

  // Gives what has come together for a parameter in the present step to its value, or to the knots
  // on either side. That of conductivities and capacities is per relative change until then.
  void hand_over(const ParameterSlot& slot, const VaryingSlot* varying) {
    const auto [parameter, index] = slot;
    if (info(parameter).place == Place::knot) return;
    Real& gathered = parameter == Parameter::thermal_conductivity ? conductivity_[index]
                     : parameter == Parameter::heat_capacity      ? capacity_[index]
                                                                  : sum(parameter);
    const Real ad = info(parameter).place == Place::horizon
                        ? Real(gathered / model_.parameter(slot))
                        : gathered;
    gathered = 0.0;
    if (!varying) {
      values_[model_.layout().position(parameter, index)] += ad;
      return;
    }
    const auto [knot, weight] = varying->at_step[model_.step()];
    Real* const left = values_ + varying->first + knot;
    left[0] += (1.0 - weight) * ad;
    if (weight > 0.0) left[1] += weight * ad;
  }

  // For all parameters of the surface, each a constant to the compiler.
  template <std::size_t... P>
  [[gnu::flatten]] void add_parameters(const SurfaceFluxes<Real>& ad, const Real& T_0,
                                       const Inputs<Real>& F, std::index_sequence<P...>) {
    ((info(Parameter(P)).place == Place::surface
          ? void(sums_[P] += dot(ad, model_.fluxes_dp(Parameter(P), T_0, F)))
          : void()),
     ...);
  }

  // The parameters' part of the row at the top of horizon b, or of row N: see
  // ColumnModelTl::source.
  void source(std::size_t b, const Real& u, std::size_t stage, const Inputs<Real>& F,
              const StepRecord<Real>& record) {
    const std::size_t i = model_.soil().horizon_top[b];
    if (i == N_ && fixed_bottom()) return;
    const Real* k = model_.conductance();
    const Real T_i = record.temperature(stage, i);
    const Real above = i == 0 ? model_.fluxes(T_i, F).ground()
                              : Real(k[i - 1] * (record.temperature(stage, i - 1) - T_i));
    const Real below = i == N_ ? Real(-model_.parameter({Parameter::geothermal_flux}))
                               : Real(k[i] * (T_i - record.temperature(stage, i + 1)));
    const Real flux_ad = model_.gamma_dt() * u;
    if (i == 0)
      add_parameters({flux_ad, Real(0.0), -flux_ad, -flux_ad}, T_i, F,
                     std::make_index_sequence<parameter_count>{});
    if (i == N_) sum(Parameter::geothermal_flux) += flux_ad;
    if (b > 0) {
      conductivity_[b - 1] += flux_ad * above;
      capacity_[b - 1] -= flux_ad * model_.capacity_share(i, b - 1) * (above - below);
    }
    if (b < n_horizon_) {
      conductivity_[b] -= flux_ad * below;
      capacity_[b] -= flux_ad * model_.capacity_share(i, b) * (above - below);
    }
  }

  // T' = T + D with D = D_first: from U of T' and V of D_first to U of T.
  void first_stage(const Inputs<Real>& F, const StepRecord<Real>& record) {
    eliminate(0, record, [&](std::size_t i) -> Real { return U_[i] + V_[i]; });
    substitute(0, F, record, [&](std::size_t i, const Real& u) -> const Real& {
      U_[i] = u - V_[i];
      V_[i] = 0.0;
      return U_[i];
    });
  }

  // From U of T'' to U of T' and V of D_first, which it starts from (a - 1) times.
  void second_stage(const Inputs<Real>& F, const StepRecord<Real>& record) {
    const Real b = model_.second_start() - 1.0;
    eliminate(1, record, [&](std::size_t i) -> const Real& { return U_[i]; });
    substitute(1, F, record, [&](std::size_t i, const Real& u) -> const Real& {
      U_[i] = u;
      V_[i] = b * u;
      return U_[i];
    });
  }

  // c D_first = gamma dt (net heat flux at T): from V of D_first to U of T.
  void explicit_stage(const Inputs<Real>& F, const StepRecord<Real>& record) {
    const Real* c = model_.capacity();
    const Real* k = model_.conductance();
    const Real gamma_dt = model_.gamma_dt();
    const auto tops = model_.soil().horizon_top;
    for (std::size_t b = 0; b < tops.size(); ++b) source(b, V_[tops[b]], 0, F, record);
    Real above = model_.fluxes_dT(record.temperature(0), F).ground() * V_[0];
    for (std::size_t i = 0; i < N_; ++i) {
      const Real below = k[i] * (V_[i] - V_[i + 1]);
      U_[i] = fma(gamma_dt / c[i], above - below, U_[i]);
      above = below;
    }
    add_temperature(N_, gamma_dt * above);
    std::fill(V_, V_ + N_ + 1, Real(0.0));
  }

  // Leaves e_i in U_i for i > 0 and u_0 in U_0; R(i) is what row i has on the right, over c_i.
  template <class Right>
  void eliminate(std::size_t stage, const StepRecord<Real>& record, Right R) {
    Real e = fixed_bottom() ? Real(0.0) : Real(model_.weights(N_).p * R(N_));
    U_[N_] = e;
    model_.upwards([&](std::size_t i, const RowWeights<Real>& w) {
      e = fma(w.q, e, w.p * R(i));
      U_[i] = e;
    });
    U_[0] = record.surface_inverse(stage) *
            (model_.capacity()[0] * R(0) + model_.gamma_dt() * model_.conductance()[0] * e);
  }

  // u_i = e_i + f_i u_(i-1). Inside a horizon a row gains c_i D_i per relative change of lambda and
  // loses as much per relative change of C; keep(i, u_i) says by what that is multiplied, summed
  // over the stages of the step.
  template <class Keep>
  void substitute(std::size_t stage, const Inputs<Real>& F, const StepRecord<Real>& record,
                  Keep keep) {
    const Real* c = model_.capacity();
    const Real* D = record.increment(stage);
    const auto tops = model_.soil().horizon_top;
    Real u = U_[0];
    source(0, u, stage, F, record);
    keep(0, u);
    for (std::size_t h = 0; h < n_horizon_; ++h) {
      const Real theta = model_.theta(h);
      const std::size_t end = tops[h + 1];
      Real inside = 0.0;
      for (std::size_t i = tops[h] + 1; i < end; ++i) {
        u = fma(model_.weights(i, theta).f, u, U_[i]);
        inside = fma(c[i] * D[i], keep(i, u), inside);
      }
      conductivity_[h] += inside;
      capacity_[h] -= inside;
      if (end == N_ && fixed_bottom())
        sum(Parameter::deep_temperature) += model_.gamma_dt() * model_.conductance()[N_ - 1] * u;
      u = fma(model_.weights(end).f, u, U_[end]);
      source(h + 1, u, stage, F, record);
      keep(end, u);
    }
  }

  ColumnModel<Real>& model_;
  std::size_t N_, n_horizon_;
  Real *U_, *V_;                           // adjoints of T and of D of the first stage, over c
  Real *conductivity_, *capacity_;         // of ln(lambda) and ln(C) of each horizon
  std::array<Real, parameter_count> sums_; // of the parameters of surface and bottom
  Real* values_;                           // of the values of the column
};

} // namespace glebe
