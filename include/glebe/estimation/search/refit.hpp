// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/search/optimise.hpp"

#include <optional>
#include <vector>

namespace glebe {

/// A control that keeps its value at the start: value `k` of every column, or of a coupled problem
/// the one with the number `in_x`, which columns share as their value k.
struct HeldControl {
  std::size_t k = 0;
  std::optional<std::size_t> in_x;
};

/// How close to a minimum is close enough.
struct RefitTolerances {
  double gradient = 1e-5; ///< of the projected gradient in the scaled controls; 1e-5 moves an
                          ///< estimate by far less than its standard deviation
  double relative = 1e-8; ///< of the same, to its start
  int max_iterations = 60;
};

/// Where a search from near a minimum has ended [column].
struct Refitted {
  std::vector<char> converged;
  std::vector<double> cost; ///< of the column, or of all columns together where they are coupled
  DenseMatrix x;            ///< [column][k]
};

/// Minimises again from each of `starts` [column][k], which lie near a minimum: separable problems
/// column by column, all starts side by side in lanes; coupled ones all columns together by the
/// method of `settings`, one start after the other. Collective over the ranks of the objective.
/// Throws RunError.
std::vector<Refitted> refit(Objective& objective, const std::vector<DenseMatrix>& starts,
                            const std::optional<HeldControl>& held,
                            const OptimizerSettings& settings,
                            const RefitTolerances& tolerances = {});

} // namespace glebe
