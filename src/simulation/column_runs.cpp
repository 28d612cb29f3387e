// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/simulation/column_runs.hpp"

#include "glebe/simulation/block_runner.hpp"

#include <cmath>
#include <numeric>

#include "blocks.hpp"

namespace glebe {

namespace {

void unpack(const Misfit<Lanes>& misfit, const std::vector<std::size_t>& order, std::size_t i,
            std::size_t column, Fit& fit) {
  const std::size_t m = fit.n_direction;
  unpack_misfit(misfit, i, column, fit);
  std::size_t pair = 0;
  for (std::size_t d = 0; d < m; ++d) {
    fit.gradient[column * m + order[d]] = misfit.gradient[d][i];
    for (std::size_t e = 0; e <= d; ++e, ++pair)
      fit.gauss_newton[(column * m + order[d]) * m + order[e]] =
          fit.gauss_newton[(column * m + order[e]) * m + order[d]] = misfit.gauss_newton[pair][i];
  }
}

} // namespace

Fit run_columns(const ColumnProblem& problem, std::span<const std::size_t> columns,
                const std::vector<double>& values, std::span<const Direction> directions) {
  Fit fit(columns.size(), directions.size(), problem.observations.streams.size());
  BlockRunner<Lanes> runner(problem, directions);
  BlockObservations observations(problem.observations);
  const std::size_t n_value = problem.schedule.n_value();
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    Misfit<Lanes> misfit(observations.of(block), directions.size());
    const auto failed = runner.run(block, values.data() + first * n_value, misfit);
    for (std::size_t i = 0; i < block.size(); ++i) {
      unpack(misfit, runner.order(), i, first + i, fit);
      fit.failed[first + i] = failed[i] || !std::isfinite(fit.cost[first + i]);
    }
  });
  return fit;
}

Series simulate_series(const ColumnProblem& problem, const std::vector<double>& values) {
  const std::vector<std::size_t> columns = all_columns(problem.forcing.n_column());
  const std::size_t n_value = problem.schedule.n_value();
  Series series;
  for (const Stream& stream : problem.observations.streams)
    series.emplace_back(stream.times.size() * columns.size());
  BlockRunner<Lanes> runner(problem, {});
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    const auto store = [&](std::size_t s, std::size_t k, std::span<const Lanes> equivalent) {
      for (std::size_t i = 0; i < block.size(); ++i)
        series[s][k * columns.size() + block[i]] = equivalent[0][i];
    };
    const auto failed = runner.run(block, values.data() + first * n_value, store);
    for (std::size_t i = 0; i < block.size(); ++i)
      if (failed[i])
        for (std::vector<double>& stream : series)
          for (std::size_t k = block[i]; k < stream.size(); k += columns.size())
            stream[k] = std::nan("");
  });
  return series;
}

std::vector<std::size_t> all_columns(std::size_t n) {
  std::vector<std::size_t> columns(n);
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  return columns;
}

} // namespace glebe
