// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/estimation/uncertainty/posterior.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// How a bootstrap is drawn. What it draws for a column depends on the seed and the column's number
/// in the region only.
struct BootstrapPlan {
  int n_sample = 0;
  std::uint64_t seed = 1;
  std::size_t first_column = 0; ///< number in the region of this rank's column 0
};

/// What the estimates of many noisy copies of the fitted observations say [column][k], in the unit
/// of each parameter; NaN where there is nothing to say: for columns left out, and for parameters
/// whose linear standard deviation is wider than their bounds, along which no sample would move.
struct Bootstrap {
  std::vector<double> std;
  std::vector<double> bias;      ///< their mean minus the estimate
  std::vector<double> converged; ///< samples that converged [column]
};

/// The parametric bootstrap: observations are the model at the estimate x with Gaussian noise of
/// their own standard deviation, prior means are drawn about the estimate, and every sample is
/// estimated anew, many in lanes. For a linear model with these priors the samples have exactly the
/// posterior's covariance (randomised maximum likelihood). For separable problems. Collective.
Bootstrap bootstrap(const Ranks& ranks, const ColumnProblem& problem, const Objective& objective,
                    const ParameterValues& values, Vec x, const Posterior& posterior,
                    const BootstrapPlan& plan);

/// The same for coupled problems: of each sample all columns are minimised together, by the method
/// of `settings`, one sample after the other. The first one's time is logged. Collective.
Bootstrap coupled_bootstrap(const ColumnProblem& problem, Objective& objective, Vec x,
                            const Posterior& posterior, const BootstrapPlan& plan,
                            const OptimizerSettings& settings, const Log& log);

} // namespace glebe
