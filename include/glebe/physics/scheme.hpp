// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/vocabulary.hpp"

#include <array>
#include <cstddef>

namespace glebe {

/// A time scheme as a sequence of stages. Every implicit stage solves
/// (c + gamma dt K) T = c R + gamma dt (Q, boundary) for the same gamma.
struct SchemeTable {
  std::size_t n_stage;
  double gamma;
  std::array<double, 2> abscissa; ///< time of each stage within the step, in steps
  std::array<double, 2> weight;   ///< of each stage in the mean over the step
};

/// 1 - 1/sqrt(2), for which Alexander's (1977) two-stage scheme is L-stable.
inline constexpr double alexander_gamma = 0.292893218813452475599155637895150961;

/// Backward Euler; Crank-Nicolson as an explicit stage at the start and an implicit one at the end
/// of the step; the two-stage, second-order, stiffly accurate SDIRK scheme of Alexander (1977),
/// SIAM J. Numer. Anal. 14, 1006-1021.
constexpr SchemeTable table(Scheme scheme) {
  switch (scheme) {
  case Scheme::backward_euler:
    return {1, 1.0, {1.0, 0.0}, {1.0, 0.0}};
  case Scheme::crank_nicolson:
    return {2, 0.5, {0.0, 1.0}, {0.5, 0.5}};
  case Scheme::sdirk2:
    break;
  }
  return {2, alexander_gamma, {alexander_gamma, 1.0}, {1.0 - alexander_gamma, alexander_gamma}};
}

} // namespace glebe
