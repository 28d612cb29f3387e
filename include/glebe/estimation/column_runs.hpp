// SPDX-License-Identifier: BSD-3-Clause
#pragma once

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
};

/// Model equivalents of every stream: [stream], each [observation][column].
using Series = std::vector<std::vector<double>>;

/// Runs all columns of this rank with parameters [column][slot], side by side in lanes, and
/// compares them with the observations. With `directions` (in the order of the layout) the
/// tangent-linear model gives gradient and Gauss-Newton blocks. Not collective.
Fit run_columns(const ColumnProblem& problem, const std::vector<double>& parameters,
                std::span<const ParameterSlot> directions);

/// Runs all columns of this rank for the model equivalents of every stream; NaN in columns whose
/// model fails. Not collective.
Series simulate_series(const ColumnProblem& problem, const std::vector<double>& parameters);

} // namespace glebe
