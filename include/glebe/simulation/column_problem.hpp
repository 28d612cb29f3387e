// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/progress.hpp"
#include "glebe/data/forcing.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/parameter_schedule.hpp"

#include <algorithm>
#include <limits>
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
  /// Steps from the start of the window that are run, if it has more.
  std::size_t most_steps = std::numeric_limits<std::size_t>::max();

  std::size_t n_column() const { return forcing.n_column(); }
  std::size_t n_stream() const { return observations.streams.size(); }
  std::size_t n_step() const { return std::min(time.n_step, most_steps); }
  /// The same model with other data, and without a progress bar.
  ColumnProblem with(const Forcing& other, const Observations& others) const {
    return {form, spin_up, soil, schedule, time, other, others};
  }
};

/// Model equivalents of every stream, each (observation, column).
using Series = std::vector<DenseMatrix>;

/// 0, 1, ... n - 1: all columns of a rank.
std::vector<std::size_t> all_columns(std::size_t n);

} // namespace glebe
