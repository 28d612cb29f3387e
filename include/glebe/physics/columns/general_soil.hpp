// SPDX-License-Identifier: BSD-3-Clause
// The laws of a soil at the nodes and elements of a column. A node keeps the heat of half an
// element of each horizon that meets there, a "side"; node i in horizon h is side i + h.
//
// With a flow of water q downwards, what leaves the upper node of an element and what reaches the
// lower one differ by the heat that the water takes up on its way, C_w q (T_i - T_(i+1)):
//
//   k_upper = lambda g / dz - C_w q / 2,   k_lower = lambda g / dz + C_w q / 2
//
// where g = (1 + y^4)^(1/4), y = C_w q dz / (2 lambda), turns central differences into upwind ones
// as the flow gets strong: both stay positive for any flow, and the error is of second order.
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/input_series.hpp"
#include "glebe/physics/laws/soil_law.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/real.hpp"
#include "glebe/physics/soil.hpp"

#include <utility>
#include <vector>

namespace glebe {

/// The derivatives of a soil's laws by one parameter of one horizon, as far as they do not depend
/// on temperature, for the sides and elements of the horizon; made by GeneralSoil::update().
template <SoilLaw Law>
struct SoilDerivative {
  ParameterSlot slot{Parameter::thermal_conductivity, 0};
  std::size_t version = 0; ///< of the soil's properties that it belongs to; 0: none
  std::vector<typename Law::HeatDp> heat;
  std::vector<typename Law::ConductionDp> conduction;

  static SoilDerivative of(const ParameterSlot& slot) { return {slot, 0, {}, {}}; }
};

template <SoilLaw Law>
class GeneralSoil {
public:
  using Real = typename Law::Real;
  /// What leaves the upper node of an element and reaches the lower one per kelvin between them
  /// [W m-2 K-1], or their derivatives.
  struct Conductance {
    Real upper, lower;
  };

  /// `soil` and `values`, which stand in the order of `layout`, outlive it.
  GeneralSoil(const SoilForm& form, const Soil& soil, const ParameterLayout& layout,
              const Real* values)
      : soil_(soil), flows_(form.water_flows), measured_(form.water_measured), P_(layout, values),
        law_(form, layout, values), node_water_(soil.n_node()) {
    for (std::size_t h = 0; h < soil.n_horizon(); ++h)
      for (std::size_t i = soil.horizon_top[h]; i <= soil.horizon_top[h + 1]; ++i)
        half_.push_back(0.5 * ((i > soil.horizon_top[h] ? soil.thickness[i - 1] : 0.0) +
                               (i < soil.horizon_top[h + 1] ? soil.thickness[i] : 0.0)));
  }

  /// Where the water is measured, its records, in place of water_content, from the first step on.
  void set_water(const WaterRows& water) {
    water_ = water;
    water_point_ = {-1, 0.0F};
    static_cast<void>(set_step(0));
  }
  /// Takes the water of a step, where it is measured; returns whether it changed.
  bool set_step(std::size_t step) {
    if (!measured_) return false;
    const InputPoint& point = water_.points[step];
    if (point.record == water_point_.record && point.weight == water_point_.weight) return false;
    water_point_ = point;
    for (std::size_t i = 0; i < soil_.n_node(); ++i) {
      const auto [j, w] = interpolate(water_.depths, soil_.depth[i]);
      const Real upper = measured_water(j);
      node_water_[i] = w > 0.0 ? Real(upper + w * (measured_water(j + 1) - upper)) : upper;
    }
    return true;
  }
  /// Takes over the present parameters and the water of the step.
  void set() {
    ++version_;
    law_.set();
    heat_.clear();
    conduction_.clear();
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      for (std::size_t i = soil_.horizon_top[h]; i <= soil_.horizon_top[h + 1]; ++i)
        heat_.push_back(law_.heat(h, node_water(h, i)));
      for (std::size_t e = soil_.horizon_top[h]; e < soil_.horizon_top[h + 1]; ++e)
        conduction_.push_back(law_.conduction(h, element_water(h, e)));
    }
  }

  /// Counts what set() has taken over.
  std::size_t version() const { return version_; }

  /// The heat of every node at T, E [J m-2], and its derivative c [J m-2 K-1].
  void enthalpy(const Real* T, Real* E, Real* c) const {
    const std::size_t n = soil_.n_node();
    for (std::size_t i = 0; i < n; ++i) E[i] = c[i] = 0.0;
    for_each_side([&](std::size_t i, std::size_t side) {
      const Pointwise<Real> H = law_.enthalpy(heat_[side], T[i]);
      E[i] += half_[side] * H.value;
      c[i] += half_[side] * H.dT;
    });
  }

  /// Of element e between T and T_below [degC].
  Conductance conductance(std::size_t e, const Real& T, const Real& T_below) const {
    return with_flow(e, at_middle(e, T, T_below).value);
  }
  /// Its derivative with respect to the temperature in the middle of the element, of both.
  Real conductance_dT(std::size_t e, const Real& T, const Real& T_below) const {
    const Pointwise<Real> lambda = at_middle(e, T, T_below);
    return upwinding_dlambda(e, lambda.value) * lambda.dT / soil_.thickness[e];
  }
  /// The conductivity in the middle of element e [W m-1 K-1].
  Pointwise<Real> at_middle(std::size_t e, const Real& T, const Real& T_below) const {
    return law_.conductivity(conduction_[e], Real(0.5 * (T + T_below)));
  }

  /// Where the temperature of node i stops on its way from T to `next`.
  Real stop(std::size_t i, const Real& T, const Real& next) const {
    if constexpr (Law::depends_on_temperature) {
      Real result = next;
      for (std::size_t h = 0; h < soil_.n_horizon(); ++h)
        if (soil_.horizon_top[h] <= i && i <= soil_.horizon_top[h + 1]) {
          const Real at = law_.steepest(heat_[i + h]);
          const auto across = less_than(Real((T - at) * (result - at)), 0.0);
          result = select(across, at, result);
        }
      return result;
    } else {
      return next;
    }
  }

  /// Whether a parameter acts in this soil.
  bool acts(Parameter parameter) const {
    return acts_on_enthalpy(parameter) || acts_on_conductance(parameter);
  }
  /// Brings the derivatives by derivative.slot to the present properties.
  void update(SoilDerivative<Law>& derivative) const {
    if (derivative.version == version_) return;
    derivative.version = version_;
    const auto [parameter, h] = derivative.slot;
    derivative.heat.clear();
    derivative.conduction.clear();
    if (acts_on_enthalpy(parameter))
      for (std::size_t i = soil_.horizon_top[h]; i <= soil_.horizon_top[h + 1]; ++i)
        derivative.heat.push_back(law_.heat_dp(parameter, h, node_water(h, i)));
    if (acts_on_conductivity(parameter))
      for (std::size_t e = soil_.horizon_top[h]; e < soil_.horizon_top[h + 1]; ++e)
        derivative.conduction.push_back(law_.conduction_dp(parameter, h, element_water(h, e)));
  }

  /// action(i, dE_i) for the nodes whose heat depends on a parameter, at T [degC].
  template <class Action>
  void for_each_enthalpy_dp(const SoilDerivative<Law>& derivative, const Real* T,
                            Action action) const {
    const std::size_t h = derivative.slot.index;
    for (std::size_t k = 0; k < derivative.heat.size(); ++k) {
      const std::size_t i = soil_.horizon_top[h] + k;
      action(i, Real(half_[i + h] * law_.enthalpy_dp(heat_[i + h], derivative.heat[k], T[i])));
    }
  }
  /// action(e, Conductance) with the derivatives of the elements that depend on a parameter.
  template <class Action>
  void for_each_conductance_dp(const SoilDerivative<Law>& derivative, const Real* T,
                               Action action) const {
    const auto [parameter, h] = derivative.slot;
    if (parameter == Parameter::water_flux && flows_)
      for (std::size_t e = soil_.horizon_top[h]; e < soil_.horizon_top[h + 1]; ++e)
        action(e, flow_dp(e, at_middle(e, T[e], T[e + 1]).value));
    for (std::size_t k = 0; k < derivative.conduction.size(); ++k) {
      const std::size_t e = soil_.horizon_top[h] + k;
      Real by_lambda = 1.0 / soil_.thickness[e];
      if (flows_) by_lambda *= upwinding_dlambda(e, at_middle(e, T[e], T[e + 1]).value);
      const Real k_dp = by_lambda * law_.conductivity_dp(conduction_[e], derivative.conduction[k],
                                                         Real(0.5 * (T[e] + T[e + 1])));
      action(e, Conductance{k_dp, k_dp});
    }
  }
  /// The derivative of the conductivity of element e by a parameter of the soil.
  Real conductivity_dp(const SoilDerivative<Law>& derivative, std::size_t e, const Real& T,
                       const Real& T_below) const {
    const std::size_t top = soil_.horizon_top[derivative.slot.index];
    if (e < top || e >= top + derivative.conduction.size()) return 0.0;
    return law_.conductivity_dp(conduction_[e], derivative.conduction[e - top],
                                Real(0.5 * (T + T_below)));
  }

private:
  template <class Action>
  void for_each_side(Action action) const {
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h)
      for (std::size_t i = soil_.horizon_top[h]; i <= soil_.horizon_top[h + 1]; ++i)
        action(i, i + h);
  }
  bool is_measured(Parameter parameter) const {
    return measured_ && parameter == Parameter::water_content;
  }
  bool acts_on_enthalpy(Parameter parameter) const {
    return !is_measured(parameter) && law_.acts_on_enthalpy(parameter);
  }
  bool acts_on_conductivity(Parameter parameter) const {
    return !is_measured(parameter) && law_.acts_on_conductivity(parameter);
  }
  bool acts_on_conductance(Parameter parameter) const {
    return acts_on_conductivity(parameter) || (flows_ && parameter == Parameter::water_flux);
  }
  Real node_water(std::size_t h, std::size_t i) const {
    return measured_ ? node_water_[i] : P_(Parameter::water_content, h);
  }
  Real element_water(std::size_t h, std::size_t e) const {
    return measured_ ? Real(0.5 * (node_water_[e] + node_water_[e + 1]))
                     : P_(Parameter::water_content, h);
  }
  // At a depth of the measurements.
  Real measured_water(std::size_t depth) const {
    const std::size_t record_size = water_.depths.size() * lane_count<Real>;
    const float* now = water_.values + static_cast<std::size_t>(water_point_.record) * record_size +
                       depth * lane_count<Real>;
    const Real value = load<Real>(now);
    if (water_point_.weight == 0.0F) return value;
    const Real next = load<Real>(now + record_size);
    return value + static_cast<double>(water_point_.weight) * (next - value);
  }
  std::size_t horizon(std::size_t e) const {
    std::size_t h = 0;
    while (soil_.horizon_top[h + 1] <= e) ++h;
    return h;
  }

  // C_w q / 2.
  Real half_flow(std::size_t e) const {
    return 0.5 * heat_capacity_of_water * P_(Parameter::water_flux, horizon(e));
  }
  Conductance with_flow(std::size_t e, const Real& lambda) const {
    const Real k = lambda / soil_.thickness[e];
    if (!flows_) return {k, k};
    const Real half = half_flow(e), mean = fourth_power_mean(k, half);
    return {mean - half, mean + half};
  }
  // d(lambda g) / d lambda.
  Real upwinding_dlambda(std::size_t e, const Real& lambda) const {
    if (!flows_) return 1.0;
    const Real k = lambda / soil_.thickness[e];
    return cube(Real(k / fourth_power_mean(k, half_flow(e))));
  }
  Conductance flow_dp(std::size_t e, const Real& lambda) const {
    const Real k = lambda / soil_.thickness[e], half = half_flow(e);
    const Real by_mean = cube(Real(half / fourth_power_mean(k, half)));
    constexpr double half_dp = 0.5 * heat_capacity_of_water;
    return {half_dp * (by_mean - 1.0), half_dp * (by_mean + 1.0)};
  }
  static Real cube(const Real& a) { return a * a * a; }
  // (a^4 + b^4)^(1/4).
  static Real fourth_power_mean(const Real& a, const Real& b) {
    const Real a2 = a * a, b2 = b * b;
    return square_root(square_root(Real(a2 * a2 + b2 * b2)));
  }

  const Soil& soil_;
  bool flows_, measured_;
  SoilParameters<Real> P_;
  Law law_;
  WaterRows water_;
  InputPoint water_point_{-1, 0.0F}; ///< of the step whose water the nodes have
  std::vector<Real> node_water_;
  std::size_t version_ = 0;
  std::vector<double> half_;                         ///< [side] thickness of soil [m]
  std::vector<typename Law::Heat> heat_;             ///< [side]
  std::vector<typename Law::Conduction> conduction_; ///< [element]
};

} // namespace glebe
