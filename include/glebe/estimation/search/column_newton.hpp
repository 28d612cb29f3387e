// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"
#include "glebe/estimation/search/lane_searches.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// The name under which the method is known to TAO (`-tao_type column_newton`).
inline constexpr const char* column_newton_type = "column_newton";

/// How the search of each column ended [column].
struct ColumnOutcome {
  std::vector<LevenbergMarquardt::State> state;
  std::vector<int> iterations;
  std::vector<int> starts_converged; ///< of several starts: those that converged
  std::vector<int> distinct_minima;  ///< the number of minima these found
  std::vector<double> cost_spread;   ///< and the range of the costs they ended at
  std::vector<double> first_cost;    ///< at the first guess; NaN for columns left out

  /// Of `n` columns, all of them failed.
  explicit ColumnOutcome(std::size_t n = 0);
};

/// Where the searches stand, over all ranks.
struct ColumnProgress {
  std::int64_t active = 0; ///< searches (columns times starts) still running
  std::int64_t converged = 0;
  std::int64_t failed = 0; ///< failed at the start, or stalled
  double rate = 0.0;       ///< column steps per second of the latest iteration, tangents included
  double seconds_left = -1.0; ///< if the others need as many iterations as those that have
                              ///< converged; negative while none has
};

/// Several starts for every column: the first is the first guess, the others are uniform within the
/// bounds, and depend on the seed, the column's number in the region and the start only.
struct MultiStart {
  int n_start = 1;
  std::uint64_t seed = 1;
  std::size_t first_column = 0; ///< number in the region of this rank's column 0
  double steps_per_run = 1.0;   ///< time steps of one column, for the rate
};

/// Makes the method known to TAO. Call once, after PetscInitialize. Throws RunError.
void register_column_newton();

/// Gives a Tao of this type the columns it works on; the objective must outlive it. The method is a
/// bound-constrained Levenberg-Marquardt iteration for every column by itself, with its own
/// damping, active set, tolerances (TAO's gatol and gttol) and iteration count; columns that have
/// converged cost nothing more. A column whose model fails at a trial point takes a shorter step;
/// one that fails at its start is left out. An iteration of TAO is one trial point for every active
/// column.
void set_columns(Tao tao, Objective& objective, const MultiStart& starts);

/// Throws the exception that ended TaoSolve, if one did.
void rethrow_column_failure(Tao tao);

/// The outcome after TaoSolve, and the progress within it. The first is local to each rank.
const ColumnOutcome& column_outcome(Tao tao);
const ColumnProgress& column_progress(Tao tao);

} // namespace glebe
