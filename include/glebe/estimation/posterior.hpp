// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/objective.hpp"

#include <vector>

namespace glebe {

/// Where an estimate lies in its range.
enum class AtBound : signed char { free, lower, upper };

/// The Gaussian approximation of what is known after the estimate, per column, on the subspace of
/// the controls that are not at a bound; NaN for those that are. Arrays [column][k](...[k]).
struct Posterior {
  std::vector<AtBound> at_bound;
  std::vector<double> std;                ///< in the unit of each parameter
  std::vector<double> correlation;        ///< of (G + B^-1)^-1
  std::vector<double> averaging_kernel;   ///< (G + B^-1)^-1 G in the scaled controls
  std::vector<double> degrees_of_freedom; ///< its trace [column]
  std::vector<double> condition_number;   ///< of G + B^-1 in the scaled controls [column]
};

/// The posterior at x. A direction that the data and the prior leave free gets the variance that
/// rounding leaves it: very large, and finite. Collective.
Posterior posterior_at(Objective& objective, Vec x);

} // namespace glebe
