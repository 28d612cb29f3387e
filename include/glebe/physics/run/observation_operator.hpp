// SPDX-License-Identifier: BSD-3-Clause
// What each kind of observation sees of a column, and its tangent-linear.
#pragma once

#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/stream_schedule.hpp"

namespace glebe {

namespace detail {

// The flux that a kind sees at the surface, or its derivative.
template <class Real>
Real seen(ObservationKind kind, const SurfaceFluxes<Real>& flux) {
  switch (kind) {
  case ObservationKind::longwave_up:
    return flux.longwave_up;
  case ObservationKind::sensible_heat:
    return flux.sensible;
  case ObservationKind::latent_heat:
    return flux.latent;
  case ObservationKind::turbulent_heat:
    return flux.sensible + flux.latent;
  case ObservationKind::net_radiation:
    return flux.net_radiation;
  default:
    return flux.ground();
  }
}

// Downward flux at place j: the surface for j = 0, element j - 1 otherwise.
template <class Real>
Real flux_at(const ColumnModel<Real>& model, const SurfaceFluxes<Real>& surface, std::size_t j) {
  const Real* T = model.temperature();
  return j == 0 ? surface.ground() : Real(model.conductance()[j - 1] * (T[j - 1] - T[j]));
}

template <class Real>
Real flux_at_tl(const ColumnModel<Real>& model, const Tangent<Real>& tangent, std::size_t d,
                const SurfaceFluxes<Real>& surface_tl, std::size_t j) {
  if (j == 0) return surface_tl.ground();
  const std::size_t i = j - 1;
  const Real* T = model.temperature();
  Real flux = model.conductance()[i] * (tangent.temperatures(i)[d] - tangent.temperatures(j)[d]);
  const Soil& soil = model.soil();
  for (const Term<Real>& term : tangent.terms(d)) {
    const auto [parameter, h] = term.direction.slot;
    if (parameter == Parameter::thermal_conductivity && i >= soil.horizon_top[h] &&
        i < soil.horizon_top[h + 1])
      flux += term.weight / soil.thickness[i] * (T[i] - T[j]);
  }
  return flux;
}

template <class Real>
void observe_flux_tl(const ObservationOperator& op, const ColumnModel<Real>& model,
                     const Tangent<Real>& tangent, const Inputs<Real>& F, Real* derivative) {
  const auto [i, w] = op.at;
  const Real& T_0 = model.temperature()[0];
  const SurfaceFluxes<Real> dT = model.fluxes_dT(T_0, F);
  for (std::size_t d = 0; d < tangent.width(); ++d) {
    SurfaceFluxes<Real> flux = tangent.temperatures(0)[d] * dT;
    for (const Term<Real>& term : tangent.terms(d))
      flux += term.weight * model.fluxes_dp(term.parameter(), T_0, F);
    if (op.kind != ObservationKind::ground_heat_flux) {
      derivative[d] = seen(op.kind, flux);
      continue;
    }
    derivative[d] = flux_at_tl(model, tangent, d, flux, i);
    if (w > 0.0) derivative[d] += w * (flux_at_tl(model, tangent, d, flux, i + 1) - derivative[d]);
  }
}

} // namespace detail

/// The observed quantity, in the unit of its kind, for the model's present state and forcing.
template <class Real>
Real observe(const ObservationOperator& op, const ColumnModel<Real>& model, const Inputs<Real>& F) {
  const Real* T = model.temperature();
  const auto [i, w] = op.at;
  if (op.kind == ObservationKind::surface_temperature) return T[0] + freezing_temperature;
  if (op.kind == ObservationKind::soil_temperature)
    return (w > 0.0 ? Real(T[i] + w * (T[i + 1] - T[i])) : T[i]) + freezing_temperature;

  const SurfaceFluxes<Real> flux = model.fluxes(T[0], F);
  if (op.kind != ObservationKind::ground_heat_flux) return detail::seen(op.kind, flux);
  const Real upper = detail::flux_at(model, flux, i);
  return w > 0.0 ? Real(upper + w * (detail::flux_at(model, flux, i + 1) - upper)) : upper;
}

/// The tangent-linear of observe(): the derivatives in all directions of a group, to `derivative`.
template <class Real>
void observe_tl(const ObservationOperator& op, const ColumnModel<Real>& model,
                const Tangent<Real>& tangent, const Inputs<Real>& F, Real* derivative) {
  const auto [i, w] = op.at;
  if (op.kind == ObservationKind::surface_temperature) {
    std::ranges::copy(tangent.temperatures(0), derivative);
  } else if (op.kind == ObservationKind::soil_temperature) {
    std::ranges::copy(tangent.temperatures(i), derivative);
    if (w == 0.0) return;
    for (const Real& below : tangent.temperatures(i + 1)) {
      *derivative += w * (below - *derivative);
      ++derivative;
    }
  } else {
    detail::observe_flux_tl(op, model, tangent, F, derivative);
  }
}

} // namespace glebe
