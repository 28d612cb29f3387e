// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/search/optimise.hpp"

#include <optional>
#include <vector>

namespace glebe {

/// A control that keeps its start value: in a separable problem value `k` of every column; in a
/// coupled problem the shared control with the number `in_x`, which is value k of its columns.
struct HeldControl {
  std::size_t k = 0;
  std::optional<std::size_t> in_x;
};

/// When a refit has converged.
struct RefitTolerances {
  double gradient = 1e-5; ///< norm of the projected gradient in the scaled controls; the error of
                          ///< an estimate is then far below its standard deviation
  double relative = 1e-8; ///< the same, relative to that at the start
  int max_iterations = 60;
};

/// The result of a refit [column].
struct Refitted {
  std::vector<char> converged;
  std::vector<double> cost; ///< of the column; in a coupled problem of all columns together
  DenseMatrix x;            ///< [column][k]
};

/// Minimises the objective from each of `starts` [column][k], which are near a minimum. Columns of
/// a separable problem are minimised separately, all starts side by side in lanes; those of a
/// coupled problem together by the method of `settings`, one start after the other. Collective over
/// the ranks of the objective. Throws RunError.
std::vector<Refitted> refit(Objective& objective, const std::vector<DenseMatrix>& starts,
                            const std::optional<HeldControl>& held,
                            const OptimizerSettings& settings,
                            const RefitTolerances& tolerances = {});

} // namespace glebe
