// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/bounded_intervals.hpp"

#include "glebe/estimation/uncertainty/unified_intervals.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

BoundedIntervals intervals_within_bounds(const UnheldGaussian& unheld) {
  const auto& [mean, covariance] = unheld;
  if (felt_bounds(mean, covariance).empty()) return {};
  BoundedIntervals found{unified_intervals(mean, covariance)};
  for (Eigen::Index k = 0; k < mean.size(); ++k)
    found.contradiction = std::max(found.contradiction,
                                   std::max(-mean[k], mean[k] - 1.0) / std::sqrt(covariance(k, k)));
  return found;
}

} // namespace glebe
