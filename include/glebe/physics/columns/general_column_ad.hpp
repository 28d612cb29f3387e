// SPDX-License-Identifier: BSD-3-Clause
// The adjoint of general_column.hpp: general_column_tl.hpp transposed, in the reverse order. T_ad
// is the change of a result per unit change of T; the transposed stage
//
//   (d(E - gamma dt net heat flux)/dT)^T u = T_ad
//
// gives u, the change per unit of heat added to a node, with which a parameter gains the sum over
// the nodes of u_i (gamma dt d(net heat flux)/dp - dE/dp), and B gains u.
#pragma once

#include "glebe/physics/columns/general_checkpoint.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace glebe {

template <SoilLaw Law>
class GeneralColumnAd {
public:
  using Real = typename Law::Real;
  using Checkpoint = GeneralCheckpoint<Law>;

  /// An adjoint of `column`, which outlives it and which it takes to other steps and states.
  explicit GeneralColumnAd(GeneralColumn<Law>& column)
      : column_(column), laws_(column.laws()), ends_(column.ends()), N_(column.last_node()),
        memory_(4 * (N_ + 1) + column.layout().size() + column.schedule().n_value()),
        T_(memory_.data()), E_start_(T_ + N_ + 1), gain_(E_start_ + N_ + 1), u_(gain_ + N_ + 1),
        sums_(u_ + N_ + 1), values_(sums_ + column.layout().size()) {
    for (std::size_t p = 0; p < static_cast<std::size_t>(first_surface_parameter); ++p)
      for (std::size_t h = 0; h < column.layout().n_horizon && laws_.acts(Parameter(p)); ++h)
        derivatives_.push_back(SoilDerivative<Law>::of({Parameter(p), h}));
  }
  GeneralColumnAd(const GeneralColumnAd&) = delete;
  GeneralColumnAd& operator=(const GeneralColumnAd&) = delete;

  /// Sets everything to zero, at the end of the step in which the column is.
  void clear() { std::fill(memory_.begin(), memory_.end(), Real(0.0)); }

  /// The adjoint of the column's set_step() for the step in which it is: takes the column to
  /// `step`, the one before it.
  void set_step(std::size_t step) {
    for (const VaryingSlot& one : column_.schedule().varying)
      if (one.at_step[step] != one.at_step[column_.step()]) accumulate_gradient(one.slot, &one);
    column_.set_step(step);
  }

  /// The adjoint of the column's advance(). The stages of `checkpoint`, a step with the parameters
  /// that the column has, come in reverse order.
  void advance(std::size_t stage, const Inputs<Real>& F, const Checkpoint& checkpoint) {
    if (stage > 0) {
      implicit_stage(stage, checkpoint.after(stage), F);
      for (std::size_t i = 0; i <= N_; ++i) {
        E_start_[i] = u_[i];
        gain_[i] = column_.second_start() * u_[i];
      }
      return;
    }
    if (column_.is_explicit(stage)) {
      explicit_stage(checkpoint.start(), F);
    } else {
      if (column_.scheme().n_stage > 1) gain_of_first_stage(checkpoint.after(stage));
      implicit_stage(stage, checkpoint.after(stage), F);
      for (std::size_t i = 0; i <= N_; ++i) E_start_[i] += u_[i];
    }
    start_of_step(checkpoint.start());
  }

  /// The adjoint of the column's start(), and the last to be called: completes values().
  void start() {
    const std::span<const double> knots = column_.soil().knot_depth;
    Real* const knot_ad = values_ + column_.layout().position(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      if (knots.empty()) {
        sum(Parameter::deep_temperature) += T_[i];
        continue;
      }
      const auto [j, w] = interpolate(knots, column_.soil().depth[i]);
      knot_ad[j] += (1.0 - w) * T_[i];
      if (w > 0.0) knot_ad[j + 1] += w * T_[i];
    }
    for (std::size_t p = 0; p < parameter_count; ++p)
      for (std::size_t i = 0; i < column_.layout().count(Parameter(p)); ++i)
        accumulate_gradient({Parameter(p), i}, column_.schedule().find({Parameter(p), i}));
  }

  /// Adds `ad` to the adjoint of T_i; a temperature given at an end is its parameter's.
  void add_temperature(std::size_t i, const Real& ad) {
    if (i == 0 && ends_.fixed_top())
      sum(Parameter::top_offset) += ad;
    else if (i == N_ && ends_.fixed_bottom())
      sum(ends_.bottom_temperature_parameter()) += ad;
    else
      T_[i] += ad;
  }
  /// Adds `ad` to the adjoint of what `kind` sees of the surface at T_0 [degC].
  void add_surface(ObservationKind kind, const Real& ad, const Real& T_0, const Inputs<Real>& F) {
    add_temperature(0, observed(kind, ad * column_.surface().slope(T_0, F)));
    add_parameters(kind, ad, T_0, F, std::make_index_sequence<parameter_count>{});
  }
  /// Adds `ad` to the adjoint of the flux at the top, at T_0 [degC].
  void add_top_flux(const Real& ad, const Real& T_0, const Inputs<Real>& F) {
    if (!ends_.has_top_flux()) add_temperature(0, (ad * column_.surface().slope(T_0, F)).ground());
    add_top_flux_parameters(ad, T_0, F);
  }
  /// Adds `ad` to the adjoint of the flux in element e, whose ends are at T and T_below.
  void add_element_flux(std::size_t e, const Real& ad, const Real& T, const Real& T_below) {
    const Pointwise<Real> lambda = laws_.at_middle(e, T, T_below);
    const Real per_thickness = ad / column_.soil().thickness[e];
    const Real by_lambda = per_thickness * (T - T_below);
    add_temperature(e, per_thickness * lambda.value + 0.5 * by_lambda * lambda.dT);
    add_temperature(e + 1, 0.5 * by_lambda * lambda.dT - per_thickness * lambda.value);
    for_each_soil_slot([&](const SoilDerivative<Law>& by, Real& sum) {
      sum += by_lambda * laws_.conductivity_dp(by, e, T, T_below);
    });
  }

  /// Adds `ad` to the adjoint of a parameter of a stream, of the present step.
  void add_parameter(const ParameterSlot& slot, const Real& ad) {
    sum(slot.parameter, slot.index) += ad;
  }

  /// T_ad of all nodes [K-1 times the result's unit].
  Real* profile() { return T_; }
  /// The gradient with respect to the values of the column [n_value], complete after start(); zero
  /// for a slot whose parameter varies, because its knots have it.
  const Real* values() const { return values_; }

private:
  Real& sum(Parameter parameter, std::size_t index = 0) {
    return sums_[column_.layout().position(parameter, index)];
  }

  // Gives what has come together for a parameter in the present step to its value, or to the knots
  // on either side.
  void accumulate_gradient(const ParameterSlot& slot, const VaryingSlot* varying) {
    if (info(slot.parameter).place == Place::knot) return;
    const Real ad = std::exchange(sum(slot.parameter, slot.index), Real(0.0));
    if (!varying) {
      values_[column_.layout().position(slot.parameter, slot.index)] += ad;
      return;
    }
    const auto [knot, weight] = varying->at_step[column_.step()];
    Real* const left = values_ + varying->first + knot;
    left[0] += (1.0 - weight) * ad;
    if (weight > 0.0) left[1] += weight * ad;
  }

  // action(derivatives by a parameter that acts in the soil, its sum).
  template <class Action>
  void for_each_soil_slot(Action action) {
    for (SoilDerivative<Law>& derivative : derivatives_) {
      laws_.update(derivative);
      action(derivative, sum(derivative.slot.parameter, derivative.slot.index));
    }
  }

  template <std::size_t... P>
  [[gnu::flatten]] void add_parameters(ObservationKind kind, const Real& ad, const Real& T_0,
                                       const Inputs<Real>& F, std::index_sequence<P...>) {
    ((is_of_surface(Parameter(P))
          ? void(sum(Parameter(P)) +=
                 observed(kind, ad * column_.surface().slope(Parameter(P), T_0, F)))
          : void()),
     ...);
  }
  // A correction of the weather costs nothing where the form has none.
  [[gnu::always_inline]] bool is_of_surface(Parameter parameter) const {
    const bool corrects =
        parameter == Parameter::shortwave_scale || parameter == Parameter::air_temperature_bias;
    return info(parameter).place == Place::surface &&
           (!corrects || column_.form().surface.corrects_weather());
  }

  void add_top_flux_parameters(const Real& ad, const Real& T_0, const Inputs<Real>& F) {
    if (ends_.has_top_flux())
      sum(Parameter::top_flux_offset) += ad;
    else
      add_parameters(ObservationKind::ground_heat_flux, ad, T_0, F,
                     std::make_index_sequence<parameter_count>{});
  }

  // The adjoint of y = sign E(T): by the parameters.
  void add_enthalpy_parameters(const Real* T, double sign, const Real* y) {
    for_each_soil_slot([&](const SoilDerivative<Law>& by, Real& sum) {
      laws_.for_each_enthalpy_dp(by, T, column_.rows().window(),
                                 [&](std::size_t i, const Real& dE) { sum += sign * y[i] * dE; });
    });
  }
  // The adjoint of y = gamma dt (net heat flux at T): by the parameters.
  void add_net_flux_parameters(const Real* T, const Inputs<Real>& F, const Real* y) {
    const double gamma_dt = column_.gamma_dt();
    for_each_soil_slot([&](const SoilDerivative<Law>& by, Real& sum) {
      laws_.for_each_conductance_dp(
          by, T, column_.rows().window(), [&](std::size_t e, const auto& k) {
            sum += gamma_dt * (T[e] - T[e + 1]) * (k.lower * y[e + 1] - k.upper * y[e]);
          });
    });
    if (!ends_.fixed_top()) add_top_flux_parameters(gamma_dt * y[0], T[0], F);
    if (!ends_.fixed_bottom())
      sum(ends_.bottom_flux_parameter()) -= ends_.bottom_flux_sign() * gamma_dt * y[N_];
  }

  // From T_ad of the stage's result to u, which is zero at ends whose temperature is given.
  void implicit_stage(std::size_t stage, const Real* T, const Inputs<Real>& F) {
    std::copy_n(T, N_ + 1, column_.temperature());
    column_.linearise(stage, F);
    for (std::size_t i = 0; i <= N_; ++i) u_[i] = std::exchange(T_[i], Real(0.0));
    column_.matrix().solve_transposed(u_);
    take_given_ends(u_);
    add_enthalpy_parameters(T, -1.0, u_);
    add_net_flux_parameters(T, F, u_);
  }
  void take_given_ends(Real* y) {
    if (ends_.fixed_top()) sum(Parameter::top_offset) += std::exchange(y[0], Real(0.0));
    if (ends_.fixed_bottom())
      sum(ends_.bottom_temperature_parameter()) += std::exchange(y[N_], Real(0.0));
  }

  // G = E(T_first) - E_start: to T_ad of the first stage's result.
  void gain_of_first_stage(const Real* T) {
    std::copy_n(T, N_ + 1, column_.temperature());
    column_.evaluate();
    for (std::size_t i = 0; i <= N_; ++i) {
      add_temperature(i, column_.capacity()[i] * gain_[i]);
      E_start_[i] -= gain_[i];
    }
    add_enthalpy_parameters(T, 1.0, gain_);
  }

  // G = gamma dt (net heat flux at T_start): to T_ad of the start.
  void explicit_stage(const Real* T, const Inputs<Real>& F) {
    std::copy_n(T, N_ + 1, column_.temperature());
    column_.evaluate().net_flux_derivative(
        [&](std::size_t i, const Real& above, const Real& here, const Real& below) {
          if (i > 0) add_temperature(i - 1, above * gain_[i]);
          add_temperature(i, here * gain_[i]);
          if (i < N_) add_temperature(i + 1, below * gain_[i]);
        });
    add_temperature(0, column_.gamma_dt() * column_.top_flux_dT(T[0], F) * gain_[0]);
    add_net_flux_parameters(T, F, gain_);
  }

  // E_start = E(T_start): to T_ad of the start.
  void start_of_step(const Real* T) {
    std::copy_n(T, N_ + 1, column_.temperature());
    column_.evaluate();
    for (std::size_t i = 0; i <= N_; ++i) add_temperature(i, column_.capacity()[i] * E_start_[i]);
    add_enthalpy_parameters(T, 1.0, E_start_);
    std::fill_n(E_start_, N_ + 1, Real(0.0));
  }

  GeneralColumn<Law>& column_;
  const GeneralSoil<Law>& laws_;
  const ColumnEnds<Real>& ends_;
  std::size_t N_;
  std::vector<Real> memory_;
  Real *T_, *E_start_, *gain_, *u_; ///< adjoints
  Real* sums_;                      ///< of the parameters in the present step, as in the layout
  Real* values_;
  std::vector<SoilDerivative<Law>> derivatives_; ///< by every parameter that acts in the soil
};

} // namespace glebe
