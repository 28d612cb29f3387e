// SPDX-License-Identifier: BSD-3-Clause
// What runs of many columns have in common: blocks of as many columns as there are lanes, their
// observations, their fit.
#pragma once

#include "glebe/base/interruption.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/simulation/column_problem.hpp"
#include "glebe/simulation/evaluation.hpp"
#include "glebe/simulation/misfit.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

/// The observations of some columns side by side, with the memory they may need.
class BlockObservations {
public:
  explicit BlockObservations(const Observations& observations)
      : observations_(observations), values_(observations.streams.size()),
        inverse_sigmas_(observations.streams.size()), times_(observations.streams.size()) {
    for (std::size_t s = 0; s < times_.size(); ++s)
      if (const Stream& stream = observations.streams[s]; stream.error_memory() > 0.0)
        for (std::size_t k = 0; k < stream.times.size(); ++k) times_[s].push_back(stream.middle(k));
  }

  std::vector<StreamData> of(std::span<const std::size_t> columns) {
    std::vector<StreamData> data;
    for (std::size_t s = 0; s < observations_.streams.size(); ++s) {
      const Stream& stream = observations_.streams[s];
      const std::size_t n = stream.times.size(), lanes = observations_.lanes;
      data.push_back({gather_lanes(stream.value, n, lanes, columns, values_[s]),
                      gather_lanes(stream.inverse_sigma, n, lanes, columns, inverse_sigmas_[s]),
                      stream.fitted(), stream.settings.loss, stream.settings.huber_threshold,
                      stream.error_memory(), times_[s].data()});
    }
    return data;
  }

private:
  const Observations& observations_;
  std::vector<std::vector<double>> values_;
  std::vector<std::vector<float>> inverse_sigmas_;
  std::vector<std::vector<double>> times_; ///< [stream][observation], where errors have a memory
};

/// Calls action(first run, its columns) for as many runs at a time as there are lanes.
template <class Action>
void for_each_block(const ColumnProblem& problem, std::span<const std::size_t> columns,
                    Action action) {
  const TimedPart timer(Part::model);
  for (std::size_t first = 0; first < columns.size(); first += Lanes::size()) {
    stop_if_asked();
    action(first, columns.subspan(first, std::min(Lanes::size(), columns.size() - first)));
    if (problem.progress)
      problem.progress->show(static_cast<double>(first + Lanes::size()) /
                             static_cast<double>(columns.size()));
  }
}

/// Cost and fit to the streams of lane i, for run `run` of `result`.
inline void unpack_misfit(const Misfit<Lanes>& misfit, std::size_t i, std::size_t run,
                          Evaluation& result) {
  result.cost[run] = misfit.cost[i];
  for (std::size_t s = 0; s < result.stream.n_column(); ++s)
    result.stream(run, s) = {misfit.count[s][i], misfit.sum[s][i], misfit.sum_of_squares[s][i]};
}

/// The same with gradients and Gauss-Newton blocks, for so many lanes, which are the runs from
/// `first` on; order[i] is the number of the direction that stands in place i of the misfit.
inline void unpack_misfits(const Misfit<Lanes>& misfit, const std::vector<std::size_t>& order,
                           const Mask<Lanes>& failed, std::size_t first, std::size_t n_lane,
                           Evaluation& result) {
  for (std::size_t i = 0; i < n_lane; ++i) {
    const std::size_t run = first + i;
    unpack_misfit(misfit, i, run, result);
    auto block = result.gauss_newton[run];
    std::size_t pair = 0;
    for (std::size_t d = 0; d < order.size(); ++d) {
      result.gradient(run, order[d]) = misfit.gradient[d][i];
      for (std::size_t e = 0; e <= d; ++e, ++pair)
        block(order[d], order[e]) = block(order[e], order[d]) = misfit.gauss_newton[pair][i];
    }
    result.failed[run] = failed[i] || !std::isfinite(result.cost[run]);
  }
}

} // namespace glebe
