// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>

namespace glebe {

struct ConductionModes;

/// The vertical grid that all columns share: a view, owned by the grid layer.
struct Soil {
  std::span<const double> depth;     ///< nodes z_i [m], z_0 = 0, increasing
  std::span<const double> thickness; ///< elements dz_i = z_(i+1) - z_i [m]
  /// 1 / (dz of node i times dz of the element above, or below), for the nodes between the ends;
  /// the dz of a node reaches from the middle of one element to that of the next [m-2].
  std::span<const double> to_above, to_below;
  std::span<const std::size_t> horizon_top; ///< first element of each horizon, then n_element
  std::span<const double> knot_depth;       ///< knots of the initial profile [m], may be empty
  const ConductionModes* modes = nullptr;   ///< of its nodes, where a column is run in them

  std::size_t n_node() const { return depth.size(); }
  std::size_t n_horizon() const { return horizon_top.size() - 1; }
};

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

/// The value at a place between those of `places`.
template <class Real>
Real value_at(const Real* values, const Interpolation& place) {
  const auto [i, w] = place;
  return w > 0.0 ? Real(values[i] + w * (values[i + 1] - values[i])) : values[i];
}

} // namespace glebe
