// SPDX-License-Identifier: BSD-3-Clause
// What each kind of observation sees of a column, its tangent-linear and its adjoint.
#pragma once

#include "glebe/physics/columns/column.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/stream_schedule.hpp"

namespace glebe {

namespace detail {

// Downward flux at place j: the top for j = 0, element j - 1 otherwise.
template <Column C, class Real = typename C::Real>
Real flux_at(const C& column, const Inputs<Real>& F, std::size_t j) {
  return j == 0 ? column.top_flux(column.top_temperature(), F) : column.element_flux(j - 1);
}

// Its tangents in all directions.
template <class Real>
void flux_at_tl(const Tangent<Real>& tangent, const Inputs<Real>& F, std::size_t j,
                Real* derivative) {
  if (j > 0) return tangent.element_flux(j - 1, derivative);
  tangent.top_temperature(derivative);
  for (std::size_t d = 0; d < tangent.width(); ++d)
    derivative[d] = tangent.top_flux(d, derivative[d], F);
}

template <ReversibleColumn C, class Profile, class Real = typename C::Real>
void flux_at_ad(typename C::Adjoint& column_ad, const Profile& T, const Inputs<Real>& F,
                std::size_t j, const Real& ad) {
  if (j == 0)
    column_ad.add_top_flux(ad, T(0), F);
  else
    column_ad.add_element_flux(j - 1, ad, T(j - 1), T(j));
}

template <class Real>
void observe_flux_tl(const ObservationOperator& op, const Tangent<Real>& tangent,
                     const Inputs<Real>& F, Real* derivative, Real* room) {
  const auto [i, w] = op.at;
  flux_at_tl(tangent, F, i, derivative);
  if (w == 0.0) return;
  flux_at_tl(tangent, F, i + 1, room);
  for (std::size_t d = 0; d < tangent.width(); ++d) derivative[d] += w * (room[d] - derivative[d]);
}

template <Column C, class Real = typename C::Real>
void observe_surface_tl(const ObservationOperator& op, const C& column,
                        const Tangent<Real>& tangent, const Inputs<Real>& F, Real* derivative) {
  const Real T_0 = column.top_temperature();
  const SurfaceState<Real> dT = column.surface().slope(T_0, F);
  tangent.top_temperature(derivative);
  for (std::size_t d = 0; d < tangent.width(); ++d) {
    SurfaceState<Real> surface_tl = derivative[d] * dT;
    for (const Term<Real>& term : tangent.terms(d))
      surface_tl += term.weight * column.surface().slope(term.parameter(), T_0, F);
    derivative[d] = observed(op.kind, surface_tl);
  }
}

// The skin is the first node where nothing lies between them.
template <Column C>
bool sees_first_node(ObservationKind kind, const C& column) {
  return kind == ObservationKind::surface_temperature && !column.surface().covered();
}

} // namespace detail

/// The observed quantity, in the unit of its kind, for the column's present state and inputs.
template <Column C, class Real = typename C::Real>
Real observe(const ObservationOperator& op, const C& column, const Inputs<Real>& F) {
  if (detail::sees_first_node(op.kind, column))
    return column.top_temperature() + freezing_temperature;
  if (op.kind == ObservationKind::soil_temperature)
    return column.temperature_at(op.at) + freezing_temperature;
  if (op.kind != ObservationKind::ground_heat_flux)
    return observed(op.kind, column.surface().at(column.top_temperature(), F));
  const auto [i, w] = op.at;
  const Real upper = detail::flux_at(column, F, i);
  return w != 0.0 ? Real(upper + w * (detail::flux_at(column, F, i + 1) - upper)) : upper;
}

/// The tangent-linear of observe(): the derivatives in all directions of a group, to `derivative`
/// [width]; `room` [width] may be written to.
template <Column C, class Real = typename C::Real>
void observe_tl(const ObservationOperator& op, const C& column, const Tangent<Real>& tangent,
                const Inputs<Real>& F, Real* derivative, Real* room) {
  if (detail::sees_first_node(op.kind, column)) {
    tangent.top_temperature(derivative);
  } else if (op.kind == ObservationKind::soil_temperature) {
    tangent.temperature_at(op.at, derivative);
  } else if (op.kind == ObservationKind::ground_heat_flux) {
    detail::observe_flux_tl(op, tangent, F, derivative, room);
  } else {
    detail::observe_surface_tl(op, column, tangent, F, derivative);
  }
}

/// The adjoint of observe() for a result that gains `ad` per unit of what is observed, when the
/// profile is T(i) [degC].
template <ReversibleColumn C, class Profile, class Real = typename C::Real>
void observe_ad(const ObservationOperator& op, typename C::Adjoint& column_ad, const Profile& T,
                const Inputs<Real>& F, const Real& ad) {
  const auto [i, w] = op.at;
  switch (op.kind) {
  case ObservationKind::soil_temperature:
    column_ad.add_temperature(i, (1.0 - w) * ad);
    if (w > 0.0) column_ad.add_temperature(i + 1, w * ad);
    return;
  case ObservationKind::ground_heat_flux:
    detail::flux_at_ad<C>(column_ad, T, F, i, Real((1.0 - w) * ad));
    if (w != 0.0) detail::flux_at_ad<C>(column_ad, T, F, i + 1, Real(w * ad));
    return;
  default:
    return column_ad.add_surface(op.kind, ad, T(0), F);
  }
}

} // namespace glebe
