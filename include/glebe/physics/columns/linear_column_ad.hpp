// SPDX-License-Identifier: BSD-3-Clause
// The adjoint of linear_column.hpp: linear_column_tl.hpp transposed, in the reverse order. T_ad is
// the change of a result per unit change of T.
//
// Between nodes of different capacity conduction is symmetric in heat, not in temperature: kept is
// A = T_ad / c, for which the rows of the transposed stage
//
//   (c - gamma dt d(net heat flux)/dT) u = c A
//
// have the same weights as those of the tangent-linear stage, u_i = e_i + f_i u_(i-1) with
// e_i = p_i A_i + q_i e_(i+1). What a parameter gains is the sum over the rows of u_i times what
// the row would gain from the parameter.
#pragma once

#include "glebe/physics/columns/linear_checkpoint.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace glebe {

template <class Real>
class LinearColumnAd {
public:
  /// An adjoint of `column`, which outlives it and which it takes to other steps.
  explicit LinearColumnAd(LinearColumn<Real>& column)
      : column_(column), rows_(column.rows()), ends_(column.ends()), N_(column.last_node()),
        n_horizon_(column.soil().n_horizon()), n_stream_(column.layout().n_stream),
        memory_(2 * (N_ + 1) + 2 * n_horizon_ + 2 * n_stream_ + column.schedule().n_value()),
        A_(memory_.data()), B_(A_ + N_ + 1), conductivity_(B_ + N_ + 1),
        capacity_(conductivity_ + n_horizon_), sensors_(capacity_ + n_horizon_),
        values_(sensors_ + 2 * n_stream_) {}
  LinearColumnAd(const LinearColumnAd&) = delete;
  LinearColumnAd& operator=(const LinearColumnAd&) = delete;

  /// Sets everything to zero, at the end of the step in which the column is.
  void clear() {
    std::fill(memory_.begin(), memory_.end(), Real(0.0));
    sums_.fill(Real(0.0));
  }

  /// The adjoint of the column's set_step() for the step in which it is: takes the column to
  /// `step`, the one before it.
  void set_step(std::size_t step) {
    bool capacity = false, changes = false;
    for (const VaryingSlot& one : column_.schedule().varying) {
      if (one.at_step[step] == one.at_step[column_.step()]) continue;
      accumulate_gradient(one.slot, &one);
      changes = true;
      capacity = capacity || one.slot.parameter == Parameter::heat_capacity;
    }
    if (!changes) return;
    const Real* c = rows_.capacity();
    for (std::size_t i = 0; capacity && i <= N_; ++i) A_[i] *= c[i];
    column_.set_step(step);
    for (std::size_t i = 0; capacity && i <= N_; ++i) A_[i] /= c[i];
  }

  /// The adjoint of the column's advance(). The stages of `checkpoint`, a step with the parameters
  /// that the column has, come in reverse order.
  void advance(std::size_t stage, const Inputs<Real>& F, const LinearCheckpoint<Real>& checkpoint) {
    if (stage > 0)
      second_stage(F, checkpoint);
    else if (column_.form().scheme == Scheme::crank_nicolson)
      explicit_stage(F, checkpoint);
    else
      first_stage(F, checkpoint);
  }

  /// The adjoint of the column's start(), and the last to be called: completes values().
  void start() {
    const std::span<const double> knots = column_.soil().knot_depth;
    Real* const knot_ad = values_ + column_.layout().position(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      const Real T_ad = rows_.capacity()[i] * A_[i];
      if (knots.empty()) {
        sum(Parameter::deep_temperature) += T_ad;
        continue;
      }
      const auto [j, w] = interpolate(knots, column_.soil().depth[i]);
      knot_ad[j] += (1.0 - w) * T_ad;
      if (w > 0.0) knot_ad[j + 1] += w * T_ad;
    }
    for (std::size_t p = 0; p < parameter_count; ++p)
      for (std::size_t i = 0; i < column_.layout().count(Parameter(p)); ++i)
        accumulate_gradient({Parameter(p), i}, column_.schedule().find({Parameter(p), i}));
  }

  /// Adds `ad` to the adjoint of T_i; a temperature given at the bottom is T_b.
  void add_temperature(std::size_t i, const Real& ad) {
    if (i == 0 && ends_.fixed_top())
      sum(Parameter::top_offset) += ad;
    else if (i == N_ && ends_.fixed_bottom())
      bottom_temperature() += ad;
    else
      A_[i] += ad / rows_.capacity()[i];
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
  /// Adds `ad` to the adjoint of the flux in element i, whose ends are at T_i and T_(i+1).
  void add_element_flux(std::size_t i, const Real& ad, const Real& T_i, const Real& T_below) {
    const Real k_ad = ad * rows_.conductance()[i];
    add_temperature(i, k_ad);
    add_temperature(i + 1, -k_ad);
    std::size_t h = 0;
    while (column_.soil().horizon_top[h + 1] <= i) ++h;
    conductivity_[h] += k_ad * (T_i - T_below);
  }

  /// Adds `ad` to the adjoint of a parameter of a stream, of the present step.
  void add_parameter(const ParameterSlot& slot, const Real& ad) { of_sensor(slot) += ad; }

  /// T_ad / c of node i [K-1 m2 K J-1 times the result's unit].
  Real* profile() { return A_; }
  /// The gradient with respect to the values of the column [n_value], complete after start(); zero
  /// for a slot whose parameter varies, because its knots have it.
  const Real* values() const { return values_; }

private:
  Real& sum(Parameter parameter) { return sums_[static_cast<std::size_t>(parameter)]; }
  Real& of_sensor(const ParameterSlot& slot) {
    return sensors_[(slot.parameter == Parameter::sensor_bias ? n_stream_ : 0) + slot.index];
  }
  Real& bottom_temperature() { return sum(ends_.bottom_temperature_parameter()); }

  // Gives what has come together for a parameter in the present step to its value, or to the knots
  // on either side. That of conductivities and capacities is per relative change until then.
  void accumulate_gradient(const ParameterSlot& slot, const VaryingSlot* varying) {
    const auto [parameter, index] = slot;
    if (info(parameter).place == Place::knot) return;
    Real& gathered = parameter == Parameter::thermal_conductivity ? conductivity_[index]
                     : parameter == Parameter::heat_capacity      ? capacity_[index]
                     : info(parameter).place == Place::stream     ? of_sensor(slot)
                                                                  : sum(parameter);
    const Real ad =
        parameter <= Parameter::heat_capacity ? Real(gathered / column_.parameter(slot)) : gathered;
    gathered = 0.0;
    if (!varying) {
      values_[column_.layout().position(parameter, index)] += ad;
      return;
    }
    const auto [knot, weight] = varying->at_step[column_.step()];
    Real* const left = values_ + varying->first + knot;
    left[0] += (1.0 - weight) * ad;
    if (weight > 0.0) left[1] += weight * ad;
  }

  // For all parameters of the surface, each a constant to the compiler.
  template <std::size_t... P>
  [[gnu::flatten]] void add_parameters(ObservationKind kind, const Real& ad, const Real& T_0,
                                       const Inputs<Real>& F, std::index_sequence<P...>) {
    ((is_of_surface(Parameter(P))
          ? void(sums_[P] += observed(kind, ad * column_.surface().slope(Parameter(P), T_0, F)))
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

  // The parameters' part of the row at the top of horizon b, or of row N: see
  // LinearColumnTl::source.
  void source(std::size_t b, const Real& u, std::size_t stage, const Inputs<Real>& F,
              const LinearCheckpoint<Real>& checkpoint) {
    const std::size_t i = column_.soil().horizon_top[b];
    if (i == N_ && ends_.fixed_bottom()) return;
    if (i == 0 && ends_.fixed_top()) return;
    const Real* k = rows_.conductance();
    const Real T_i = checkpoint.temperature(stage, i);
    const Real above = i == 0 ? column_.top_flux(T_i, F)
                              : Real(k[i - 1] * (checkpoint.temperature(stage, i - 1) - T_i));
    const Real below =
        i == N_ ? ends_.bottom_flux(F) : Real(k[i] * (T_i - checkpoint.temperature(stage, i + 1)));
    const Real flux_ad = column_.gamma_dt() * u;
    if (i == 0) add_top_flux_parameters(flux_ad, T_i, F);
    if (i == N_) sum(ends_.bottom_flux_parameter()) -= ends_.bottom_flux_sign() * flux_ad;
    if (b > 0) {
      conductivity_[b - 1] += flux_ad * above;
      capacity_[b - 1] -= flux_ad * rows_.capacity_share(i, b - 1) * (above - below);
    }
    if (b < n_horizon_) {
      conductivity_[b] -= flux_ad * below;
      capacity_[b] -= flux_ad * rows_.capacity_share(i, b) * (above - below);
    }
  }

  // T' = T + D with D = D_first: from A of T' and B of D_first to A of T.
  void first_stage(const Inputs<Real>& F, const LinearCheckpoint<Real>& checkpoint) {
    eliminate(0, checkpoint, [&](std::size_t i) -> Real { return A_[i] + B_[i]; });
    substitute(0, F, checkpoint, [&](std::size_t i, const Real& u) -> const Real& {
      A_[i] = u - B_[i];
      B_[i] = 0.0;
      return A_[i];
    });
  }

  // From A of T'' to A of T' and B of D_first, which it starts from (a - 1) times.
  void second_stage(const Inputs<Real>& F, const LinearCheckpoint<Real>& checkpoint) {
    const Real b = column_.second_start() - 1.0;
    eliminate(1, checkpoint, [&](std::size_t i) -> const Real& { return A_[i]; });
    substitute(1, F, checkpoint, [&](std::size_t i, const Real& u) -> const Real& {
      A_[i] = u;
      B_[i] = b * u;
      return A_[i];
    });
  }

  // c D_first = gamma dt (net heat flux at T): from B of D_first to A of T.
  void explicit_stage(const Inputs<Real>& F, const LinearCheckpoint<Real>& checkpoint) {
    const Real* c = rows_.capacity();
    const Real* k = rows_.conductance();
    const Real gamma_dt = column_.gamma_dt();
    const auto tops = column_.soil().horizon_top;
    for (std::size_t b = 0; b < tops.size(); ++b) source(b, B_[tops[b]], 0, F, checkpoint);
    Real above = 0.0;
    if (ends_.fixed_top())
      sum(Parameter::top_offset) += gamma_dt * k[0] * B_[1];
    else if (!ends_.has_top_flux())
      above = column_.surface().ground_slope(checkpoint.temperature(0), F) * B_[0];
    for (std::size_t i = 0; i < N_; ++i) {
      const Real below = k[i] * (B_[i] - B_[i + 1]);
      A_[i] = fma(gamma_dt / c[i], above - below, A_[i]);
      above = below;
    }
    if (ends_.fixed_top()) A_[0] = 0.0;
    add_temperature(N_, gamma_dt * above);
    std::fill(B_, B_ + N_ + 1, Real(0.0));
  }

  // Leaves e_i in A_i for i > 0 and u_0 in A_0; R(i) is what row i has on the right, over c_i.
  template <class Right>
  void eliminate(std::size_t stage, const LinearCheckpoint<Real>& checkpoint, Right R) {
    A_[N_] = ends_.fixed_bottom() ? Real(0.0) : Real(rows_.weights(N_).p * R(N_));
    rows_.upwards(A_[N_], [&](std::size_t i, const RowWeights<Real>& w, const Real& e_below) {
      const Real e = fma(w.q, e_below, w.p * R(i));
      A_[i] = e;
      return e;
    });
    A_[0] = checkpoint.surface_inverse(stage) *
            (rows_.capacity()[0] * R(0) + column_.gamma_dt() * rows_.conductance()[0] * A_[1]);
  }

  // u_i = e_i + f_i u_(i-1). Inside a horizon a row gains c_i D_i per relative change of lambda and
  // loses as much per relative change of C; keep(i, u_i) says by what that is multiplied, summed
  // over the stages of the step.
  template <class Keep>
  void substitute(std::size_t stage, const Inputs<Real>& F,
                  const LinearCheckpoint<Real>& checkpoint, Keep keep) {
    const Real* c = rows_.capacity();
    const Real* D = checkpoint.increment(stage);
    const auto tops = column_.soil().horizon_top;
    Real u = A_[0];
    if (ends_.fixed_top())
      sum(Parameter::top_offset) += column_.gamma_dt() * rows_.conductance()[0] * A_[1];
    source(0, u, stage, F, checkpoint);
    keep(0, u);
    for (std::size_t h = 0; h < n_horizon_; ++h) {
      const Real number = rows_.diffusion_number(h);
      const std::size_t end = tops[h + 1];
      Real inside = 0.0;
      for (std::size_t i = tops[h] + 1; i < end; ++i) {
        u = fma(rows_.weights(i, number).f, u, A_[i]);
        inside = fma(c[i] * D[i], keep(i, u), inside);
      }
      conductivity_[h] += inside;
      capacity_[h] -= inside;
      if (end == N_ && ends_.fixed_bottom())
        bottom_temperature() += column_.gamma_dt() * rows_.conductance()[N_ - 1] * u;
      u = fma(rows_.weights(end).f, u, A_[end]);
      source(h + 1, u, stage, F, checkpoint);
      keep(end, u);
    }
  }

  LinearColumn<Real>& column_;
  const ConductionRows<Real>& rows_;
  const ColumnEnds<Real>& ends_;
  std::size_t N_, n_horizon_, n_stream_;
  std::vector<Real> memory_;
  Real *A_, *B_;                           // adjoints of T and of D of the first stage, over c
  Real *conductivity_, *capacity_;         // of ln(lambda) and ln(C) of each horizon
  Real* sensors_;                          // of the depth and bias of the sensor of each stream
  Real* values_;                           // of the values of the column
  std::array<Real, parameter_count> sums_; // of the parameters of surface and bottom
};

} // namespace glebe
