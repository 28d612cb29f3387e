// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/estimation/search/column_newton.hpp"

#include <functional>
#include <optional>
#include <string>

namespace glebe {

/// How a minimisation ended.
struct Minimisation {
  Vector x;
  int iterations = 0;
  int inner_iterations = 0; ///< of the linear solver, over all iterations; zero without one
  double cost_final = 0.0;
  double gradient_norm = 0.0; ///< of the projected gradient in the scaled controls
  double seconds = 0.0;
  bool converged = false;
  std::string reason;               ///< TAO's name for it
  std::string method;               ///< TAO's name of the method that was used
  std::vector<double> cost_history; ///< J after each iteration, the first guess first
  ColumnOutcome columns;            ///< of each column of this rank
};

/// Called after every iteration with its number and the present controls. Collective.
using IterationHook = std::function<void(int, Vec)>;

/// What differs when a problem is minimised again near its minimum, by TAO.
struct NearMinimum {
  std::optional<std::size_t> held; ///< number in x of a control that keeps its value at the start
  double gradient = 1e-9;          ///< absolute tolerance of the projected gradient
};

/// Minimises the objective within the bounds 0 <= x <= 1 from `start` by the method of the
/// settings, with any -tao_... option of the command line on top, and a line in the log for every
/// iteration. `starts` is for column_newton alone, `near` for all others. Collective. Throws
/// RunError.
Minimisation minimise(Objective& objective, Vector start, const OptimizerSettings& settings,
                      const MultiStart& starts, const Log& log, const IterationHook& hook = {},
                      const std::optional<NearMinimum>& near = {});

} // namespace glebe
