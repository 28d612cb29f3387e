// SPDX-License-Identifier: BSD-3-Clause
// What the samples of a bootstrap have in common, be columns coupled or not.
#pragma once

#include "glebe/base/random.hpp"
#include "glebe/estimation/uncertainty/bootstrap.hpp"

namespace glebe {

/// A standard normal number of one sample of one column: the noise of observation b of stream a, or
/// beyond the last stream that of direction b of the prior.
inline double bootstrap_normal(const BootstrapPlan& plan, std::size_t column, std::size_t sample,
                               std::size_t a, std::size_t b) {
  const std::uint64_t seed = random_bits({plan.seed, plan.first_column + column, sample});
  return random_normal(seed, a, b, 0);
}

} // namespace glebe
