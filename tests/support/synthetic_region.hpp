// SPDX-License-Identifier: BSD-3-Clause
// Columns under hourly weather that differs from column to column, made in memory, with what was
// observed in each of them.
#pragma once

#include "glebe/data/parameter_values.hpp"
#include "glebe/grid/columns.hpp"
#include "glebe/simulation/column_runs.hpp"

namespace glebe {

inline constexpr std::size_t hours_of_year = 8760;

/// The columns of this rank and all that an estimate of five of their parameters needs, two of the
/// soil, two of the surface and the deep temperature: the surface
/// temperature and that at 10 cm at every hour, with errors of 0.1 K. What a column is does not
/// depend on the ranks.
class SyntheticRegion {
public:
  /// Collective only in that all ranks must ask for the same.
  SyntheticRegion(const Ranks& ranks, const HorizontalGrid& grid, std::size_t n_hour,
                  std::size_t n_node, SoilForm form = {});

  ColumnProblem problem() const { return problem_with(first_guess.schedule, observations); }

  const SoilForm form;
  const Columns columns;
  const ModelTime time;
  const SoilGrid soil;
  const Forcing forcing;
  const ParameterValues first_guess;
  const ParameterValues truth;
  const Observations observations;

  /// The same columns with parameters and observations of another kind.
  ColumnProblem problem_with(const ParameterSchedule& schedule, const Observations& some) const;
  /// What the streams see of the columns with these values [column][n_value], with errors.
  Observations observe(const ParameterValues& values) const;

private:
  Forcing make_forcing() const;
  ParameterValues make_parameters(bool true_ones) const;
};

} // namespace glebe
