// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/simulation/column_runs.hpp"

#include "glebe/simulation/lane_width.hpp"
#include "glebe/simulation/runners.hpp"

#include <cmath>
#include <numeric>
#include <type_traits>

#include "blocks.hpp"

namespace glebe {

Evaluation run_columns(const ColumnProblem& problem, std::span<const std::size_t> columns,
                       const DenseMatrix& values, std::span<const Direction> directions) {
  Evaluation result(columns.size(), directions.size(), problem.n_stream());
  const auto runner = make_block_runner<Lanes>(problem, directions);
  std::vector<Lanes> packed(problem.schedule.n_value());
  BlockObservations observations(problem.observations);
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    Misfit<Lanes> misfit(observations.of(block), directions.size());
    pack(values.row(Eigen::Index(first)).data(), block.size(), packed);
    const Mask<Lanes> failed = runner->run(block, packed, misfit);
    unpack_misfits(misfit, runner->order(), failed, first, block.size(), result);
  });
  return result;
}

Series simulate_series(const ColumnProblem& problem, const DenseMatrix& values) {
  const std::vector<std::size_t> columns = all_columns(problem.n_column());
  Series series;
  for (const Stream& stream : problem.observations.streams)
    series.emplace_back(Eigen::Index(stream.times.size()), Eigen::Index(columns.size()));
  const auto runner = make_block_runner<Lanes>(problem, {});
  std::vector<Lanes> packed(problem.schedule.n_value());
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    auto store =
        make_sink<Lanes>([&](std::size_t s, std::size_t k, std::span<const Lanes> equivalent) {
          for (std::size_t i = 0; i < block.size(); ++i) series[s](k, block[i]) = equivalent[0][i];
        });
    pack(values.row(Eigen::Index(first)).data(), block.size(), packed);
    const Mask<Lanes> failed = runner->run(block, packed, store);
    for (std::size_t i = 0; i < block.size(); ++i)
      if (failed[i])
        for (DenseMatrix& stream : series)
          stream.col(Eigen::Index(block[i])).setConstant(std::nan(""));
  });
  return series;
}

void view_series(const ColumnProblem& problem, std::span<const std::size_t> columns,
                 const DenseMatrix& values, const SeriesVisitor& visit) {
  const auto runner = make_block_runner<Lanes>(problem, {});
  std::vector<Lanes> packed(problem.schedule.n_value());
  std::vector<std::vector<Lanes>> block_series;
  std::vector<std::vector<double>> series;
  for (const Stream& stream : problem.observations.streams) {
    block_series.emplace_back(stream.times.size());
    series.emplace_back(stream.times.size());
  }
  auto store =
      make_sink<Lanes>([&](std::size_t s, std::size_t k, std::span<const Lanes> equivalent) {
        block_series[s][k] = equivalent[0];
      });
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    pack(values.row(Eigen::Index(first)).data(), block.size(), packed);
    const Mask<Lanes> failed = runner->run(block, packed, store);
    for (std::size_t i = 0; i < block.size(); ++i) {
      for (std::size_t s = 0; s < series.size(); ++s)
        for (std::size_t k = 0; k < series[s].size(); ++k) series[s][k] = block_series[s][k][i];
      visit(first + i, failed[i], series);
    }
  });
}

// What CMake has found out for glebe/vectors.hpp is what this compiler has.
static_assert(std::is_same_v<Lanes, std::experimental::native_simd<double>>);
std::size_t lane_width() { return Lanes::size(); }

std::vector<std::size_t> all_columns(std::size_t n) {
  std::vector<std::size_t> columns(n);
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  return columns;
}

} // namespace glebe
