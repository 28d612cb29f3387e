// SPDX-License-Identifier: BSD-3-Clause
// The laws of a soil at the nodes and elements of a column. A node keeps the heat of half an
// element of each horizon that meets there, a "side"; node i in horizon h is side i + h.
#pragma once

#include "glebe/physics/input_series.hpp"
#include "glebe/physics/laws/soil_law.hpp"
#include "glebe/physics/laws/water_flow.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/real.hpp"
#include "glebe/physics/soil.hpp"

#include <algorithm>
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
  // Where the laws are linear: of the nodes [J m-2 K-1] and elements [W m-2 K-1] of the horizon.
  std::vector<typename Law::Real> capacity;
  Conductances<typename Law::Real> conductance;

  static SoilDerivative of(const ParameterSlot& slot) { return {slot, 0, {}, {}, {}, {}}; }
};

template <SoilLaw Law>
class GeneralSoil {
public:
  using Real = typename Law::Real;
  using Conductance = glebe::Conductance<Real>;

  /// `soil` and `values`, which stand in the order of `layout`, outlive it.
  GeneralSoil(const SoilForm& form, const Soil& soil, const ParameterLayout& layout,
              const Real* values)
      : soil_(soil), flows_(form.water_flows), measured_(form.water_measured), P_(layout, values),
        law_(form, layout, values), node_water_(soil.n_node()), steepest_(soil.n_node()),
        linear_above_(soil.n_node()) {
    for (std::size_t h = 0; h < soil.n_horizon(); ++h)
      for (std::size_t i = soil.horizon_top[h]; i <= soil.horizon_top[h + 1]; ++i)
        half_.push_back(0.5 * ((i > soil.horizon_top[h] ? soil.thickness[i - 1] : 0.0) +
                               (i < soil.horizon_top[h + 1] ? soil.thickness[i] : 0.0)));
    for (std::size_t h = 0; h < soil.n_horizon(); ++h)
      for (std::size_t e = soil.horizon_top[h]; e < soil.horizon_top[h + 1]; ++e)
        of_element_.push_back(measured_ ? e : h);
    heat_.resize(measured_ ? half_.size() : soil.n_horizon());
    conduction_.resize(measured_ ? soil.n_node() - 1 : soil.n_horizon());
  }

  /// Where the water is measured, its records, in place of water_content, from the first step on.
  void set_water(const WaterRows& water) {
    water_ = water;
    water_point_ = {-1, 0.0F};
    depth_water_.resize(water.depths.size());
    node_place_.clear();
    for (std::size_t i = 0; i < soil_.n_node(); ++i)
      node_place_.push_back(interpolate(water.depths, soil_.depth[i]));
    static_cast<void>(set_step(0));
  }
  /// Takes the water of a step, where it is measured; returns whether it changed.
  bool set_step(std::size_t step) {
    if (!measured_) return false;
    const InputPoint& point = water_.points[step];
    if (point.record == water_point_.record && point.weight == water_point_.weight) return false;
    water_point_ = point;
    for (std::size_t j = 0; j < depth_water_.size(); ++j) depth_water_[j] = measured_water(j);
    for (std::size_t i = 0; i < soil_.n_node(); ++i) {
      const auto [j, w] = node_place_[i];
      const Real& upper = depth_water_[j];
      node_water_[i] = w > 0.0 ? fma(Real(w), Real(depth_water_[j + 1] - upper), upper) : upper;
    }
    return true;
  }
  /// Takes over the present parameters and the water of the step.
  void set() {
    law_.set();
    set_at_water();
  }
  /// The same where only the water has changed since set().
  void set_at_water() {
    ++version_;
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h) {
      const std::size_t top = soil_.horizon_top[h];
      for (std::size_t k = 0; k < n_side(h); ++k)
        heat_[side_of(h, top) + k] = law_.heat(h, node_water(h, top + k));
      for (std::size_t k = 0; k < n_element(h); ++k)
        conduction_[of_element_[top] + k] = law_.conduction(h, element_water(h, top + k));
    }
    if constexpr (Law::depends_on_temperature) set_kinks();
  }

  /// Whether water flows through the soil.
  bool flows() const { return flows_; }
  /// Counts what set() has taken over.
  std::size_t version() const { return version_; }

  /// The first node below all that are not linear, in any lane, at T.
  std::size_t end_of_window(const Real* T) const {
    if constexpr (!Law::depends_on_temperature) return 0;
    std::size_t end = soil_.n_node();
    while (end > 0 && all(is_linear(end - 1, T[end - 1]))) --end;
    return end;
  }
  /// The heat of the nodes above `end` at T, E [J m-2], and its derivative c [J m-2 K-1].
  void enthalpy(const Real* T, std::size_t end, Real* E, Real* c) const {
    for (std::size_t i = 0; i < end; ++i) E[i] = c[i] = 0.0;
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h)
      for (std::size_t i = soil_.horizon_top[h]; i <= soil_.horizon_top[h + 1] && i < end; ++i) {
        const Pointwise<Real> H = law_.enthalpy(heat_[side_of(h, i)], T[i]);
        E[i] += half_[i + h] * H.value;
        c[i] += half_[i + h] * H.dT;
      }
    // A lane has the same heat whether its neighbours are in the window or not.
    for (std::size_t i = 0; i < end; ++i)
      E[i] = select(is_linear(i, T[i]), Real(c[i] * T[i]), E[i]);
  }
  /// The same of all nodes.
  void enthalpy(const Real* T, Real* E, Real* c) const { enthalpy(T, soil_.n_node(), E, c); }

  /// Of the elements above node `end` at T: the conductances, and where they depend on temperature
  /// half the derivative of what they conduct with respect to that in the middle [W m-2 K-1].
  void conductances(const Real* T, std::size_t end, Conductances<Real>& k, Real* half_dT) const {
    for (std::size_t e = 0; e < end; ++e) {
      const Pointwise<Real> lambda = at_middle(e, T[e], T[e + 1]);
      k.set(e, conductance(e, lambda.value));
      if constexpr (Law::depends_on_temperature)
        half_dT[e] = 0.5 * conductance_dlambda(e, lambda.value) * lambda.dT * (T[e] - T[e + 1]);
    }
  }
  /// The conductivity in the middle of element e [W m-1 K-1].
  Pointwise<Real> at_middle(std::size_t e, const Real& T, const Real& T_below) const {
    return law_.conductivity(conduction_[of_element_[e]], Real(0.5 * (T + T_below)));
  }

  /// Where the temperature of node i stops on its way from T to `next`.
  Real stop(std::size_t i, const Real& T, const Real& next) const {
    if constexpr (!Law::depends_on_temperature) return next;
    const auto [above, below] = steepest_[i];
    const Real first = select(less_than(Real((T - above) * (next - above)), 0.0), above, next);
    return select(less_than(Real((T - below) * (first - below)), 0.0), below, first);
  }
  /// Whether the laws at node i are linear at T and above.
  Mask<Real> is_linear(std::size_t i, const Real& T) const {
    if constexpr (!Law::depends_on_temperature) return Mask<Real>(true);
    return less_than(Real(linear_above_[i] - T), 0.0);
  }

  /// Whether a parameter acts in this soil.
  bool acts(Parameter parameter) const {
    return acts_on_enthalpy(parameter) || acts_on_conductance(parameter);
  }
  /// Brings the derivatives by derivative.slot to the present properties; returns whether they were
  /// others.
  bool update(SoilDerivative<Law>& derivative) const {
    if (derivative.version == version_) return false;
    derivative.version = version_;
    const auto [parameter, h] = derivative.slot;
    const std::size_t top = soil_.horizon_top[h];
    derivative.heat.resize(acts_on_enthalpy(parameter) ? n_side(h) : 0);
    derivative.conduction.resize(acts_on_conductivity(parameter) ? n_element(h) : 0);
    for (std::size_t k = 0; k < derivative.heat.size(); ++k)
      derivative.heat[k] = law_.heat_dp(parameter, h, node_water(h, top + k));
    for (std::size_t k = 0; k < derivative.conduction.size(); ++k)
      derivative.conduction[k] =
          law_.conduction_dp(parameter, h, conduction_[of_element_[top + k]]);
    update_linear(derivative);
    return true;
  }

  /// The derivative of the heat of node i by a parameter, in its horizon, at T [degC].
  Real enthalpy_dp(const SoilDerivative<Law>& derivative, std::size_t i, const Real& T) const {
    const Real& capacity = derivative.capacity[i - soil_.horizon_top[derivative.slot.index]];
    return select(is_linear(i, T), Real(capacity * T), side_enthalpy_dp(derivative, i, T));
  }
  /// action(i, dE_i) for the nodes whose heat depends on a parameter, at T [degC], which is linear
  /// from node `window` on.
  template <class Action>
  void for_each_enthalpy_dp(const SoilDerivative<Law>& derivative, const Real* T,
                            std::size_t window, Action action) const {
    const std::size_t top = soil_.horizon_top[derivative.slot.index];
    const std::size_t end = top + derivative.capacity.size();
    std::size_t i = top;
    for (; i < std::min(window, end); ++i) action(i, enthalpy_dp(derivative, i, T[i]));
    for (; i < end; ++i) action(i, Real(derivative.capacity[i - top] * T[i]));
  }
  /// The derivatives of the conductances of element e by a parameter, between these temperatures.
  Conductance conductance_dp(const SoilDerivative<Law>& derivative, std::size_t e, const Real& T,
                             const Real& T_below) const {
    const Real lambda = flows_ ? at_middle(e, T, T_below).value : Real(0.0);
    if (derivative.slot.parameter == Parameter::water_flux)
      return with_flow_dq(Real(lambda / soil_.thickness[e]), flow(e));
    const Real k = conductance_dlambda(e, lambda) * conductivity_dp(derivative, e, T, T_below);
    return {k, k};
  }
  /// action(e, Conductance) with the derivatives of the elements that depend on a parameter; those
  /// from `window` on are linear.
  template <class Action>
  [[gnu::always_inline]] void for_each_conductance_dp(const SoilDerivative<Law>& derivative,
                                                      const Real* T, std::size_t window,
                                                      Action action) const {
    const std::size_t top = soil_.horizon_top[derivative.slot.index];
    const std::size_t end = top + derivative.conductance.size();
    std::size_t e = top;
    for (; e < std::min(window, end); ++e) action(e, conductance_dp(derivative, e, T[e], T[e + 1]));
    for (; e < end; ++e) action(e, derivative.conductance[e - top]);
  }
  /// The derivative of the conductivity of element e by a parameter of the soil.
  Real conductivity_dp(const SoilDerivative<Law>& derivative, std::size_t e, const Real& T,
                       const Real& T_below) const {
    const std::size_t h = derivative.slot.index, top = soil_.horizon_top[h];
    if (derivative.conduction.empty() || e < top || e >= soil_.horizon_top[h + 1]) return 0.0;
    return law_.conductivity_dp(conduction_[of_element_[e]],
                                derivative.conduction[measured_ ? e - top : 0],
                                Real(0.5 * (T + T_below)));
  }

private:
  // Above this temperature every soil is thawed, and the heat per kelvin is that at it.
  static constexpr double thawed = 1.0; // [degC]

  void update_linear(SoilDerivative<Law>& derivative) const {
    const auto [parameter, h] = derivative.slot;
    const Real T = thawed;
    const std::size_t top = soil_.horizon_top[h], n = soil_.horizon_top[h + 1] - top;
    derivative.capacity.resize(acts_on_enthalpy(parameter) ? n + 1 : 0);
    derivative.conductance.resize(acts_on_conductance(parameter) ? n : 0, flows_);
    for (std::size_t k = 0; k < derivative.capacity.size(); ++k)
      derivative.capacity[k] = side_enthalpy_dp(derivative, top + k, T);
    for (std::size_t k = 0; k < derivative.conductance.size(); ++k)
      derivative.conductance.set(k, conductance_dp(derivative, top + k, T, T));
  }
  // Of the half element that belongs to the derivative's horizon.
  Real side_enthalpy_dp(const SoilDerivative<Law>& derivative, std::size_t i, const Real& T) const {
    const std::size_t h = derivative.slot.index;
    return half_[i + h] *
           law_.enthalpy_dp(heat_[side_of(h, i)],
                            derivative.heat[measured_ ? i - soil_.horizon_top[h] : 0], T);
  }

  // What the laws need is kept for every side and element where the water is measured, else once
  // for a horizon.
  std::size_t n_side(std::size_t h) const {
    return measured_ ? soil_.horizon_top[h + 1] - soil_.horizon_top[h] + 1 : 1;
  }
  std::size_t n_element(std::size_t h) const {
    return measured_ ? soil_.horizon_top[h + 1] - soil_.horizon_top[h] : 1;
  }
  std::size_t side_of(std::size_t h, std::size_t i) const { return measured_ ? i + h : h; }

  // Of every node, for the horizons and elements above and below it.
  void set_kinks() {
    for_each_side([&](std::size_t h, std::size_t i) {
      const auto& heat = heat_[side_of(h, i)];
      const bool first = h == 0 || i > soil_.horizon_top[h];
      auto& [above, below] = steepest_[i];
      if (first) above = law_.steepest(heat);
      below = law_.steepest(heat);
      linear_above_[i] =
          first ? law_.linear_above(heat) : greater(linear_above_[i], law_.linear_above(heat));
    });
    // Water that is measured is not the same in an element as at its nodes.
    for (std::size_t e = 0; measured_ && e < of_element_.size(); ++e) {
      const Real above = law_.linear_above(conduction_[of_element_[e]]);
      for (const std::size_t i : {e, e + 1}) linear_above_[i] = greater(linear_above_[i], above);
    }
  }

  template <class Action>
  void for_each_side(Action action) const {
    for (std::size_t h = 0; h < soil_.n_horizon(); ++h)
      for (std::size_t i = soil_.horizon_top[h]; i <= soil_.horizon_top[h + 1]; ++i) action(h, i);
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

  Real flow(std::size_t e) const { return half_flow(P_(Parameter::water_flux, horizon(e))); }
  Conductance conductance(std::size_t e, const Real& lambda) const {
    const Real k = lambda / soil_.thickness[e];
    return flows_ ? with_flow(k, flow(e)) : Conductance{k, k};
  }
  // Of both, by lambda.
  Real conductance_dlambda(std::size_t e, const Real& lambda) const {
    const double inverse = 1.0 / soil_.thickness[e];
    return flows_ ? Real(with_flow_dk(Real(lambda * inverse), flow(e)) * inverse) : Real(inverse);
  }

  const Soil& soil_;
  bool flows_, measured_;
  SoilParameters<Real> P_;
  Law law_;
  WaterRows water_;
  InputPoint water_point_{-1, 0.0F};      ///< of the step whose water the nodes have
  std::vector<Real> depth_water_;         ///< of the step, at the depths of the measurements
  std::vector<Interpolation> node_place_; ///< of every node between these depths
  std::vector<Real> node_water_;
  std::vector<std::pair<Real, Real>> steepest_; ///< [node] of the horizons above and below it
  std::vector<Real> linear_above_;              ///< [node] temperature
  std::vector<std::size_t> of_element_;         ///< [element] where its conduction stands
  std::size_t version_ = 0;
  std::vector<double> half_;                         ///< [side] thickness of soil [m]
  std::vector<typename Law::Heat> heat_;             ///< [side]
  std::vector<typename Law::Conduction> conduction_; ///< [element]
};

} // namespace glebe
