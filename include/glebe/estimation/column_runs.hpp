// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/progress.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/estimation/fit.hpp"
#include "glebe/grid/soil_grid.hpp"

#include <vector>

namespace glebe {

/// All that a run of the model needs besides parameter values: the same for every column, or data
/// of this rank's columns. References are to objects that outlive it.
struct ColumnProblem {
  ModelForm form;
  SpinUp spin_up;
  const SoilGrid& soil;
  const ModelTime& time;
  const Forcing& forcing;
  const Observations& observations;
  ProgressBar* progress = nullptr; ///< shows how far a run over many columns has come
};

/// Model equivalents of every stream: [stream], each [observation][column].
using Series = std::vector<std::vector<double>>;

/// Runs some of this rank's columns, side by side in lanes, with parameters [run][slot], and
/// compares them with their observations; a column may be run several times with different
/// parameters. With `directions` (in the order of the layout) the tangent-linear model gives
/// gradients and Gauss-Newton blocks. What a run yields does not depend on its neighbours. Not
/// collective.
Fit run_columns(const ColumnProblem& problem, std::span<const std::size_t> columns,
                const std::vector<double>& parameters, std::span<const ParameterSlot> directions);

/// Runs all columns of this rank for the model equivalents of every stream; NaN in columns whose
/// model fails. Not collective.
Series simulate_series(const ColumnProblem& problem, const std::vector<double>& parameters);

/// 0, 1, ... n - 1: all columns of a rank.
std::vector<std::size_t> all_columns(std::size_t n);

} // namespace glebe
