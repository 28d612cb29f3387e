// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/estimation/problem/considered_values.hpp"
#include "glebe/estimation/search/checkpoint.hpp"
#include "glebe/estimation/uncertainty/solved_point.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// How a bootstrap is drawn. The random numbers of a column depend only on the seed and its cell.
struct BootstrapPlan {
  int n_sample = 0;
  std::uint64_t seed = 1;
};

/// Statistics of the estimates from many noisy copies of the fitted observations [column][k], in
/// the unit of each parameter. NaN for columns left out, and for parameters whose linear standard
/// deviation is larger than the width of their bounds: samples do not move along a flat direction.
struct Bootstrap {
  DenseMatrix std;
  DenseMatrix bias;              ///< mean of the samples minus the estimate
  std::vector<double> converged; ///< number of samples that converged [column]
};

/// The parametric bootstrap. A sample consists of observations from the model at the estimate, with
/// Gaussian noise of their own standard deviation and memory, and of a prior mean drawn about the
/// estimate; the parameters are then estimated from the sample, with the considered values drawn
/// about those at which the estimate holds them. For a linear model with these priors the estimates
/// have exactly the covariance of the posterior (randomised maximum likelihood). Columns of a
/// separable problem are fitted separately, many samples side by side in lanes. Those of a coupled
/// problem are fitted together, one sample after the other; the time of the first is logged.
/// What `checkpoint` has of the samples is not made again. Collective. Throws RunError,
/// Interrupted, or InputError for a checkpoint that cannot be used.
Bootstrap bootstrap(const SolvedPoint& solved, const ConsideredValues& considered,
                    const BootstrapPlan& plan, const Log& log, Checkpoint& checkpoint);

} // namespace glebe
