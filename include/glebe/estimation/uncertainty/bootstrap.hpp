// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/estimation/uncertainty/solved_point.hpp"

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
  DenseMatrix std;
  DenseMatrix bias;              ///< their mean minus the estimate
  std::vector<double> converged; ///< samples that converged [column]
};

/// The parametric bootstrap: observations are the model at the estimate with Gaussian noise of
/// their own standard deviation, the mean of the prior is drawn about the estimate, and every
/// sample is estimated anew. For a linear model with these priors the samples have exactly the
/// posterior's covariance (randomised maximum likelihood). Columns of a separable problem are
/// treated one by one, many samples in lanes; of a coupled one all columns are fitted together, one
/// sample after the other (the first one's time is logged). Collective. Throws RunError.
Bootstrap bootstrap(const SolvedPoint& solved, const BootstrapPlan& plan, const Log& log);

} // namespace glebe
