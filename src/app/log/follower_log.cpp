// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/follower_log.hpp"

#include "glebe/config/parameter_reference.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <cmath>
#include <limits>

namespace glebe {

namespace {

// Over all columns and knots in time of one follower.
struct FollowerNumbers {
  double least = 0.0, largest = 0.0;
  double std = 0.0; ///< mean; NaN where it follows nothing that is estimated
};

FollowerNumbers numbers_of(const Case& inputs, const Analysis& analysis, const Follower& one,
                           const DenseMatrix& values, const DenseMatrix& std) {
  const ParameterSchedule& schedule = inputs.parameters.schedule;
  const VaryingSlot* varying = schedule.find(one.slot);
  const std::size_t first =
      varying ? varying->first : schedule.layout.position(one.slot.parameter, one.slot.index);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double least = infinity, largest = -infinity, sum = 0.0, count = 0.0;
  for (std::size_t c = 0; c < inputs.columns.n_local(); ++c) {
    if (!analysis.objective().is_informed(c)) continue;
    for (std::size_t i = first; i < first + (varying ? varying->n_knot : 1); ++i) {
      least = std::min(least, values(c, i));
      largest = std::max(largest, values(c, i));
      if (std::isnan(std(c, i))) continue;
      sum += std(c, i);
      count += 1.0;
    }
  }
  sum = inputs.ranks.sum(sum);
  count = inputs.ranks.sum(count);
  return {inputs.ranks.min(least), inputs.ranks.max(largest),
          count > 0.0 ? sum / count : std::nan("")};
}

} // namespace

void log_followers(const Case& inputs, const Analysis& analysis) {
  if (inputs.parameters.followers.empty()) return;
  const DenseMatrix values = tied_values(inputs.parameters.schedule, analysis.solved.values());
  const DenseMatrix std =
      analysis.residuals ? analysis.inflated_std_of_followers() : analysis.plain_std_of_followers();
  for (const Follower& one : inputs.parameters.followers) {
    const FollowerNumbers found = numbers_of(inputs, analysis, one, values, std);
    const std::string range = found.least == found.largest
                                  ? fmt::format("{:.6g}", found.least)
                                  : fmt::format("{:.6g} to {:.6g}", found.least, found.largest);
    const std::string error = std::isnan(found.std) ? "" : fmt::format(", std {:.3g}", found.std);
    inputs.log.info("{} [{}]: {}{}; {}", follower_name(one, inputs.soil),
                    info(one.slot.parameter).unit, range, error, in_words(one, inputs.soil));
  }
}

} // namespace glebe
