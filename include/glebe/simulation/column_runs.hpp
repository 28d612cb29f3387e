// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/progress.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/grid/soil_grid.hpp"
#include "glebe/simulation/evaluation.hpp"

#include <vector>

namespace glebe {

/// All that a run of the model needs besides parameter values: the same for every column, or data
/// of this rank's columns. References are to objects that outlive it.
struct ColumnProblem {
  ModelForm form;
  SpinUp spin_up;
  const SoilGrid& soil;
  const ParameterSchedule& schedule;
  const ModelTime& time;
  const Forcing& forcing;
  const Observations& observations;
  ProgressBar* progress = nullptr; ///< shows how far a run over many columns has come
};

/// Model equivalents of every stream: [stream], each [observation][column].
using Series = std::vector<std::vector<double>>;

/// Runs some of this rank's columns, side by side in lanes, with values [run][n_value] as the
/// schedule has them, and compares them with their observations; a column may be run several times
/// with different values. With `directions` the tangent-linear model gives gradients and
/// Gauss-Newton blocks, in the order given. What a run yields does not depend on its neighbours.
/// Not collective.
Fit run_columns(const ColumnProblem& problem, std::span<const std::size_t> columns,
                const std::vector<double>& values, std::span<const Direction> directions);

/// Runs all columns of this rank with values [column][n_value] for the model equivalents of every
/// stream; NaN in columns whose model fails. Not collective.
Series simulate_series(const ColumnProblem& problem, const std::vector<double>& values);

/// 0, 1, ... n - 1: all columns of a rank.
std::vector<std::size_t> all_columns(std::size_t n);

} // namespace glebe
