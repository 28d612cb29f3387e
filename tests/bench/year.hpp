// SPDX-License-Identifier: BSD-3-Clause
// Columns for a year of hours under weather that differs from column to column, made in memory,
// with what was observed in each of them.
#pragma once

#include "glebe/data/parameter_values.hpp"
#include "glebe/estimation/column_runs.hpp"
#include "glebe/grid/columns.hpp"

namespace glebe::bench {

inline constexpr std::size_t hours_of_year = 8760;

/// The columns of this rank and all that an estimate of five of their parameters needs: the surface
/// temperature and that at 10 cm at every hour, with errors of 0.1 K. What a column is does not
/// depend on the ranks.
class Year {
public:
  /// Collective only in that all ranks must ask for the same columns.
  Year(const Ranks& ranks, std::size_t n_column, std::size_t n_node);

  ColumnProblem problem() const { return problem_with(observations); }

  const Columns columns;
  const ModelTime time;
  const SoilGrid soil;
  const Forcing forcing;
  const ParameterValues first_guess;
  const Observations observations;

private:
  Forcing make_forcing() const;
  ParameterValues make_parameters(bool true_ones) const;
  Observations observe_twin() const;
  ColumnProblem problem_with(const Observations& some) const;
};

} // namespace glebe::bench
