// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/column_runs.hpp"

#include "glebe/estimation/block_runner.hpp"
#include "glebe/estimation/misfit.hpp"

#include <cmath>

namespace glebe {

namespace {

std::vector<StreamData> stream_data(const Observations& observations, std::size_t block) {
  std::vector<StreamData> data;
  for (const Stream& stream : observations.streams) {
    const std::size_t offset = block * stream.times.size() * observations.lanes;
    data.push_back({stream.value.data() + offset, stream.inverse_sigma.data() + offset,
                    stream.fitted(), stream.settings.loss, stream.settings.huber_threshold});
  }
  return data;
}

void unpack(const Misfit<Lanes>& misfit, std::size_t i, std::size_t column, Fit& fit) {
  const std::size_t m = fit.n_direction;
  fit.cost[column] = misfit.cost[i];
  std::size_t pair = 0;
  for (std::size_t d = 0; d < m; ++d) {
    fit.gradient[column * m + d] = misfit.gradient[d][i];
    for (std::size_t e = 0; e <= d; ++e, ++pair)
      fit.gauss_newton[(column * m + d) * m + e] = fit.gauss_newton[(column * m + e) * m + d] =
          misfit.gauss_newton[pair][i];
  }
  for (std::size_t s = 0; s < fit.n_stream; ++s)
    fit.stream[column * fit.n_stream + s] = {misfit.count[s][i], misfit.sum[s][i],
                                             misfit.sum_of_squares[s][i]};
}

// Calls action(lane, column) for the columns of a block.
template <class Action>
void for_each_column(std::size_t block, std::size_t n_column, Action action) {
  for (std::size_t i = 0; i < Lanes::size(); ++i)
    if (const std::size_t column = block * Lanes::size() + i; column < n_column) action(i, column);
}

} // namespace

Fit run_columns(const ColumnProblem& problem, const std::vector<double>& parameters,
                std::span<const ParameterSlot> directions) {
  const std::size_t n_column = problem.forcing.n_column();
  Fit fit(n_column, directions.size(), problem.observations.streams.size());
  BlockRunner<Lanes> runner(problem, directions);
  for (std::size_t block = 0; block * Lanes::size() < n_column; ++block) {
    Misfit<Lanes> misfit(stream_data(problem.observations, block), directions.size());
    const auto failed = runner.run(parameters, block, misfit);
    for_each_column(block, n_column, [&](std::size_t i, std::size_t column) {
      unpack(misfit, i, column, fit);
      fit.failed[column] = failed[i] || !std::isfinite(fit.cost[column]);
    });
  }
  return fit;
}

Series simulate_series(const ColumnProblem& problem, const std::vector<double>& parameters) {
  const std::size_t n_column = problem.forcing.n_column();
  Series series;
  for (const Stream& stream : problem.observations.streams)
    series.emplace_back(stream.times.size() * n_column);
  BlockRunner<Lanes> runner(problem, {});
  for (std::size_t block = 0; block * Lanes::size() < n_column; ++block) {
    const auto store = [&](std::size_t s, std::size_t k, const Lanes* equivalent) {
      for_each_column(block, n_column, [&](std::size_t i, std::size_t column) {
        series[s][k * n_column + column] = (*equivalent)[i];
      });
    };
    const auto failed = runner.run(parameters, block, store);
    for_each_column(block, n_column, [&](std::size_t i, std::size_t column) {
      if (!failed[i]) return;
      for (std::vector<double>& values : series)
        for (std::size_t k = column; k < values.size(); k += n_column) values[k] = std::nan("");
    });
  }
  return series;
}

} // namespace glebe
