// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"
#include "glebe/estimation/search/lane_searches.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace glebe {

/// The name of the method in TAO (`-tao_type column_newton`).
inline constexpr const char* column_newton_type = "column_newton";

/// How the search of each column ended [column].
struct ColumnOutcome {
  std::vector<LevenbergMarquardt::State> state;
  std::vector<int> iterations;
  std::vector<int> starts_converged; ///< number of starts that converged
  std::vector<int> distinct_minima;  ///< number of different minima they found
  std::vector<double> cost_spread;   ///< range of their final costs
  std::vector<double> first_cost;    ///< at the first guess; NaN for columns left out

  /// `n` columns, all with the state failed.
  explicit ColumnOutcome(std::size_t n = 0);
};

/// The progress of the searches, over all ranks.
struct ColumnProgress {
  std::int64_t active = 0; ///< searches (columns times starts) still running
  std::int64_t converged = 0;
  std::int64_t failed = 0;    ///< failed at the start, or stalled
  double rate = 0.0;          ///< column steps per second of the latest iteration, with tangents
  double seconds_left = -1.0; ///< if the active searches take as many iterations as those that
                              ///< have converged; negative while none has
};

/// Several starts for every column. The first is the first guess; the others are uniform within the
/// bounds and depend only on the seed, its cell, and the start.
struct MultiStart {
  int n_start = 1;
  std::uint64_t seed = 1;
  double steps_per_run = 1.0; ///< time steps of one run, for the rate
  double early_part = 0.0;    ///< of the window, over which searches begin: see early_steps()
};

/// The searches of a run that was interrupted: one row for each column, whose searches they are by
/// start, and the iteration at which they stood.
struct KeptSearches {
  DenseMatrix of_columns;
  int iteration = 0;
};

/// Called after every iteration with its number, whether it was the last, and a function that makes
/// the rows of KeptSearches. Collective.
using SearchPoint = std::function<void(int, bool, const std::function<DenseMatrix()>&)>;

/// Registers the method with TAO. Call once, after PetscInitialize. Throws RunError.
void register_column_newton();

/// Gives a Tao of this type its columns; the objective must outlive it. The method is a separate
/// bound-constrained Levenberg-Marquardt iteration for every column, with its own damping, active
/// set, iteration count and convergence test (TAO's gatol and gttol). Columns that have converged
/// are no longer computed. A column whose model fails at a trial point takes a shorter step; one
/// that fails at its start is left out. One iteration of TAO is one trial point for every active
/// search. `kept`, of the same problem on any number of ranks, is gone on from; TaoSolve then
/// fails with an InputError where it is not one.
void set_columns(Tao tao, Objective& objective, const MultiStart& starts, SearchPoint point = {},
                 std::optional<KeptSearches> kept = {});

/// Throws the exception that ended TaoSolve, if one did.
void rethrow_column_failure(Tao tao);

/// The outcome after TaoSolve, for this rank's columns, and the progress during TaoSolve.
const ColumnOutcome& column_outcome(Tao tao);
const ColumnProgress& column_progress(Tao tao);

} // namespace glebe
