// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/column_runs.hpp"

#include "glebe/base/stages.hpp"
#include "glebe/estimation/block_runner.hpp"
#include "glebe/estimation/misfit.hpp"

#include <cmath>
#include <numeric>

namespace glebe {

namespace {

// The observations of some columns side by side, with the memory they may need.
class BlockObservations {
public:
  explicit BlockObservations(const Observations& observations)
      : observations_(observations), values_(observations.streams.size()),
        inverse_sigmas_(observations.streams.size()) {}

  std::vector<StreamData> of(std::span<const std::size_t> columns) {
    std::vector<StreamData> data;
    for (std::size_t s = 0; s < observations_.streams.size(); ++s) {
      const Stream& stream = observations_.streams[s];
      const std::size_t n = stream.times.size(), lanes = observations_.lanes;
      data.push_back({gather_lanes(stream.value, n, lanes, columns, values_[s]),
                      gather_lanes(stream.inverse_sigma, n, lanes, columns, inverse_sigmas_[s]),
                      stream.fitted(), stream.settings.loss, stream.settings.huber_threshold});
    }
    return data;
  }

private:
  const Observations& observations_;
  std::vector<std::vector<double>> values_;
  std::vector<std::vector<float>> inverse_sigmas_;
};

void unpack(const Misfit<Lanes>& misfit, const std::vector<std::size_t>& order, std::size_t i,
            std::size_t column, Fit& fit) {
  const std::size_t m = fit.n_direction;
  fit.cost[column] = misfit.cost[i];
  std::size_t pair = 0;
  for (std::size_t d = 0; d < m; ++d) {
    fit.gradient[column * m + order[d]] = misfit.gradient[d][i];
    for (std::size_t e = 0; e <= d; ++e, ++pair)
      fit.gauss_newton[(column * m + order[d]) * m + order[e]] =
          fit.gauss_newton[(column * m + order[e]) * m + order[d]] = misfit.gauss_newton[pair][i];
  }
  for (std::size_t s = 0; s < fit.n_stream; ++s)
    fit.stream[column * fit.n_stream + s] = {misfit.count[s][i], misfit.sum[s][i],
                                             misfit.sum_of_squares[s][i]};
}

// Calls action(first run, its columns) for as many runs at a time as there are lanes.
template <class Action>
void for_each_block(const ColumnProblem& problem, std::span<const std::size_t> columns,
                    Action action) {
  const StageTimer timer(Stage::model);
  for (std::size_t first = 0; first < columns.size(); first += Lanes::size()) {
    action(first, columns.subspan(first, std::min(Lanes::size(), columns.size() - first)));
    if (problem.progress)
      problem.progress->show(static_cast<double>(first + Lanes::size()) /
                             static_cast<double>(columns.size()));
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
