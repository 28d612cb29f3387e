// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace glebe {

/// The eigenmodes of conduction in soil of one horizon. With the thickness w_i that belongs to node
/// i, and heat that leaves only where an end is held at zero,
///
///   w_i d theta_i/dt = lambda/C ((theta_(i-1) - theta_i) / dz_(i-1) - (theta_i - theta_(i+1)) /
///   dz_i)
///
/// is solved by theta_i = sum_j shape(i, j) zeta_j with d zeta_j/dt = -lambda/C rate_j zeta_j and
/// zeta_j = sum_i w_i shape(i, j) theta_i. Shapes and rates depend on the nodes only.
struct ConductionModes {
  std::size_t n_node = 0;
  std::vector<double> rate;      ///< [mode], increasing [m-2]
  std::vector<double> shapes;    ///< [node][mode], zero where an end is held [m-1/2]
  std::vector<double> thickness; ///< w_i [m]

  std::size_t n_mode() const { return rate.size(); }
  std::span<const double> shape(std::size_t node) const {
    return std::span(shapes).subspan(node * n_mode(), n_mode());
  }
};

} // namespace glebe
