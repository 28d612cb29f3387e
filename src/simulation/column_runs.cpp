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

namespace {

// Runs blocks of columns and holds the model equivalents of the last one.
class BlockSeries {
public:
  /// `runs` outlives it.
  explicit BlockSeries(const RunsOfColumns& runs)
      : values_(runs.values), runner_(make_block_runner<Lanes>(runs.problem, {})),
        packed_(runs.problem.schedule.n_value()) {
    for (const Stream& stream : runs.problem.observations.streams) {
      lanes_.emplace_back(stream.times.size());
      series_.emplace_back(stream.times.size());
    }
  }

  /// From run `first` on; returns which failed.
  Mask<Lanes> run(std::size_t first, std::span<const std::size_t> block) {
    auto store =
        make_sink<Lanes>([&](std::size_t s, std::size_t k, std::span<const Lanes> equivalent) {
          lanes_[s][k] = equivalent[0];
        });
    pack(values_.row(Eigen::Index(first)).data(), block.size(), packed_);
    return runner_->run(block, packed_, store);
  }

  const RunSeries& of_lane(std::size_t i) {
    for (std::size_t s = 0; s < series_.size(); ++s)
      for (std::size_t k = 0; k < series_[s].size(); ++k) series_[s][k] = lanes_[s][k][i];
    return series_;
  }

private:
  const DenseMatrix& values_;
  std::unique_ptr<BlockRunner<Lanes>> runner_;
  std::vector<Lanes> packed_;
  std::vector<std::vector<Lanes>> lanes_; ///< [stream][observation]
  RunSeries series_;
};

} // namespace

void view_two_series(const RunsOfColumns& first, const RunsOfColumns& second,
                     std::span<const std::size_t> columns, const TwoSeriesVisitor& visit) {
  BlockSeries of_first(first), of_second(second);
  for_each_block(first.problem, columns, [&](std::size_t run, std::span<const std::size_t> block) {
    const Mask<Lanes> failed = of_first.run(run, block) || of_second.run(run, block);
    for (std::size_t i = 0; i < block.size(); ++i)
      if (!failed[i]) visit(run + i, of_first.of_lane(i), of_second.of_lane(i));
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
