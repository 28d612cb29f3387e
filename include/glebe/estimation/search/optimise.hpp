// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/estimation/search/checkpoint.hpp"
#include "glebe/estimation/search/column_newton.hpp"

#include <functional>
#include <optional>
#include <string>

namespace glebe {

/// How a minimisation ended.
struct Minimisation {
  Vector x;
  int iterations = 0;
  int inner_iterations = 0; ///< of the linear solver, over all iterations
  double cost_final = 0.0;
  double gradient_norm = 0.0; ///< of the projected gradient in the scaled controls
  double seconds = 0.0;
  bool converged = false;
  std::string reason;               ///< TAO's name of the convergence reason
  std::string method;               ///< TAO's name of the method
  std::vector<double> cost_history; ///< J after each iteration, starting with the first guess
  ColumnOutcome columns;            ///< of this rank's columns
};

/// Called after every iteration with its number and the present controls. Collective.
using IterationHook = std::function<void(int, Vec)>;

/// Settings for minimising a problem again, by TAO, from a start near its minimum.
struct NearMinimum {
  std::optional<std::size_t> held; ///< number in x of a control that keeps its start value
  double gradient = 1e-9;          ///< absolute tolerance of the projected gradient
};

/// What may accompany a minimisation.
struct MinimiseOptions {
  std::optional<NearMinimum> near; ///< for all methods but column_newton
  Checkpoint* checkpoint = nullptr;
  IterationHook hook;
};

/// Minimises the objective within the bounds 0 <= x <= 1 from `start` by the method of the
/// settings. The -tao_... options of the command line have precedence. Every iteration is logged.
/// `starts` applies to column_newton only. With a checkpoint the minimisation goes on from where
/// that stands, can be interrupted after every iteration, and is kept. Collective. Throws RunError,
/// Interrupted, and InputError for a checkpoint from which it cannot go on.
Minimisation minimise(Objective& objective, Vector start, const OptimizerSettings& settings,
                      const MultiStart& starts, const Log& log,
                      const MinimiseOptions& options = {});

} // namespace glebe
