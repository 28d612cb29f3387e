// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/surface.hpp"
#include "glebe/physics/vocabulary.hpp"

#include <cstddef>
#include <span>

namespace glebe {

/// The vertical grid that all columns share: a view, owned by the grid layer.
struct Soil {
  std::span<const double> depth;            ///< nodes z_i [m], z_0 = 0, increasing
  std::span<const double> thickness;        ///< elements dz_i = z_(i+1) - z_i [m]
  std::span<const std::size_t> horizon_top; ///< first element of each horizon, then n_element
  std::span<const double> knot_depth;       ///< knots of the initial profile [m], may be empty

  std::size_t n_node() const { return depth.size(); }
  std::size_t n_horizon() const { return horizon_top.size() - 1; }
};

/// Where each parameter value of a column stands in one flat array: conductivities and heat
/// capacities of all horizons, the surface and bottom parameters, the initial temperatures.
struct ParameterLayout {
  std::size_t n_horizon = 1;
  std::size_t n_knot = 0;

  std::size_t count(Parameter parameter) const {
    switch (info(parameter).place) {
    case Place::horizon:
      return n_horizon;
    case Place::knot:
      return n_knot;
    default:
      return 1;
    }
  }
  /// Position of the value of `parameter` in horizon or at knot `index`.
  std::size_t slot(Parameter parameter, std::size_t index = 0) const {
    std::size_t position = index;
    for (std::size_t p = 0; p < static_cast<std::size_t>(parameter); ++p)
      position += count(static_cast<Parameter>(p));
    return position;
  }
  std::size_t size() const {
    return slot(Parameter::initial_temperature) + count(Parameter::initial_temperature);
  }
};

/// One parameter of one place: what a tangent-linear direction perturbs.
struct ParameterSlot {
  Parameter parameter;
  std::size_t index = 0; ///< horizon or knot, zero elsewhere
};

template <class Real>
SurfaceParameters<Real> surface_parameters(const ParameterLayout& layout, const Real* values) {
  return {values[layout.slot(Parameter::albedo)],
          values[layout.slot(Parameter::emissivity)],
          values[layout.slot(Parameter::heat_transfer)],
          values[layout.slot(Parameter::heat_transfer_wind)],
          values[layout.slot(Parameter::latent_transfer)],
          values[layout.slot(Parameter::bowen_ratio)]};
}

/// A value at a depth between two places (nodes, knots): below + weight (above - below).
struct Interpolation {
  std::size_t lower = 0; ///< index of the place at or above the depth
  double weight = 0;     ///< of the next place, 0 ... 1
};

/// Linear interpolation in increasing `places` (at least one), held beyond both ends.
inline Interpolation interpolate(std::span<const double> places, double z) {
  if (z <= places.front() || places.size() == 1) return {0, 0.0};
  std::size_t i = 0;
  while (i + 2 < places.size() && places[i + 1] <= z) ++i;
  const double weight = (z - places[i]) / (places[i + 1] - places[i]);
  return {i, weight < 1.0 ? weight : 1.0};
}

} // namespace glebe
