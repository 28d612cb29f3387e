// SPDX-License-Identifier: BSD-3-Clause
// Cost, gradient and Gauss-Newton products of many columns: the adjoint against the tangent-linear
// model, with Huber's loss, missing values, a stream held back and parameters that vary in time.
#include "glebe/base/random.hpp"
#include "glebe/simulation/adjoint_runs.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../support/full_case.hpp"

namespace glebe {
namespace {

double noise(std::uint64_t what, std::size_t a, std::size_t b = 0) {
  return 2.0 * random_uniform({what, a, b}) - 1.0;
}

// A block of lanes and a few columns more, all with the same soil and similar weather.
class AdjointRuns : public testing::TestWithParam<Initial> {
protected:
  static constexpr std::size_t n_column = Lanes::size() + 3;

  AdjointRuns()
      : column(test::make_case(Scheme::sdirk2, Bottom::temperature, GetParam(),
                               {Longwave::absorbed, Turbulence::humidity})),
        truth(vary(column)), schedule(column.schedule()), time{Calendar::standard,
                                                               {.year = 2001},
                                                               column.form.dt,
                                                               column.n_step,
                                                               Scheme::sdirk2},
        forcing(make_forcing()), observations(make_observations()),
        all(test::all_directions(column)), columns(all_columns(n_column)),
        values(values_near_truth(0.05)) {}

  ColumnProblem problem() const {
    return {column.form, column.spin_up, column.grid, schedule, time, forcing, observations};
  }

  std::size_t n_value() const { return schedule.n_value(); }

  test::ColumnCase column;
  const std::vector<double> truth;
  const ParameterSchedule schedule;
  const ModelTime time;
  const Forcing forcing;
  const Observations observations;
  const test::AllDirections all;
  const std::vector<std::size_t> columns;
  const DenseMatrix values; ///< [column][n_value]

private:
  static std::vector<double> vary(test::ColumnCase& column) {
    std::vector<double> values = test::truth(column);
    test::vary(column, values);
    return values;
  }

  // Temperatures are off by as many hundredths of 1 K.
  DenseMatrix values_near_truth(double spread) const {
    DenseMatrix result(n_column, truth.size());
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t k = 0; k < truth.size(); ++k) {
        const bool temperature = truth[k] > 200.0 && truth[k] < 400.0;
        result(Eigen::Index(c), Eigen::Index(k)) =
            truth[k] * (1.0 + spread * (temperature ? 0.01 : 1.0) * noise(1, c, k));
      }
    return result;
  }

  Forcing make_forcing() const {
    const std::size_t n_input = column.inputs.size(), n = column.records.size() / n_input;
    std::vector<double> times(n);
    for (std::size_t i = 0; i < n; ++i) times[i] = 3600.0 * static_cast<double>(i);
    InputTrack result(column.inputs, times, column.points, n_column, Lanes::size());
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t v = 0; v < n_input; ++v)
        for (std::size_t i = 0; i < n; ++i)
          result.series_of(v, c)[i * result.stride()] =
              static_cast<float>(column.records[i * n_input + v] * (1.0 + 0.01 * noise(2, c, v)));
    result.pad_lanes();
    return Forcing({std::move(result)});
  }

  Observations make_observations() const {
    Observations result;
    result.lanes = Lanes::size();
    result.schedules = column.streams;
    for (const StreamSchedule& schedule_of_stream : column.streams) {
      Stream stream;
      stream.settings.kind = schedule_of_stream.op.kind;
      stream.times.resize(schedule_of_stream.n_observation);
      result.streams.push_back(std::move(stream));
    }
    const ColumnProblem twin{column.form, column.spin_up, column.grid, schedule,
                             time,        forcing,        result};
    const Series series = simulate_series(twin, values_near_truth(0.0));
    for (std::size_t s = 0; s < series.size(); ++s) observe(series[s], s, result);
    return result;
  }

  // With errors of a hundredth of the range, of which some are ten times as large, and gaps.
  static void observe(const DenseMatrix& series, std::size_t s, Observations& all_streams) {
    Stream& stream = all_streams.streams[s];
    stream.settings.loss = s % 2 == 0 ? Loss::huber : Loss::gaussian;
    stream.settings.withhold = s == 3;
    const double sigma = 0.01 * (series.maxCoeff() - series.minCoeff()) + 1e-3;
    const std::size_t padded = (n_column + Lanes::size() - 1) / Lanes::size() * Lanes::size();
    stream.value.assign(padded * stream.times.size(), std::nan(""));
    stream.inverse_sigma.assign(stream.value.size(), 0.0F);
    for (std::size_t k = 0; k < stream.times.size(); ++k)
      for (std::size_t c = 0; c < n_column; ++c) {
        if (random_uniform({3, s, c, k}) < 0.1) continue;
        const double error = sigma * noise(4, c, k) * (random_uniform({5, s, c, k}) < 0.2 ? 10 : 1);
        const std::size_t position = all_streams.position(s, c, k);
        stream.value[position] = series(Eigen::Index(k), Eigen::Index(c)) + error;
        stream.inverse_sigma[position] = static_cast<float>(1.0 / sigma);
      }
  }
};

// Products of blocks cancel to a thousandth of the size of their terms, hence not nearer to
// rounding.
constexpr double tolerance = 1e-11;

TEST_P(AdjointRuns, cost_and_gradient_are_those_of_the_tangents) {
  const Evaluation tangent = run_columns(problem(), columns, values, all.direction);
  const Evaluation adjoint = run_columns_adjoint(problem(), columns, values);
  ASSERT_EQ(adjoint.n_direction(), n_value());
  for (std::size_t c = 0; c < n_column; ++c) {
    EXPECT_FALSE(adjoint.failed[c]);
    EXPECT_NEAR(adjoint.cost[c], tangent.cost[c], 1e-13 * tangent.cost[c]);
    for (std::size_t d = 0; d < all.direction.size(); ++d) {
      const double expected = tangent.gradient(Eigen::Index(c), Eigen::Index(d));
      // The terms S r of a gradient may cancel; their sum is no more than this.
      const auto k = Eigen::Index(d);
      const double most = std::sqrt(2.0 * tangent.cost[c] * tangent.gauss_newton[c](k, k));
      EXPECT_NEAR(adjoint.gradient(Eigen::Index(c), Eigen::Index(all.value[d])), expected,
                  1e-13 * most)
          << "column " << c << ", " << info(all.direction[d].slot.parameter).name;
    }
    for (std::size_t s = 0; s < tangent.stream.n_column(); ++s) {
      const StreamFit &one = adjoint.stream(c, s), &other = tangent.stream(c, s);
      EXPECT_EQ(one.count, other.count);
      EXPECT_NEAR(one.sum_of_squares, other.sum_of_squares, 1e-13 * other.sum_of_squares);
    }
  }
}

TEST_P(AdjointRuns, product_is_block_times_vector) {
  const Evaluation tangent = run_columns(problem(), columns, values, all.direction);
  const std::vector<Eigen::Index> moved(all.value.begin(), all.value.end());
  DenseMatrix v = DenseMatrix::Zero(values.rows(), values.cols());
  for (Eigen::Index c = 0; c < v.rows(); ++c)
    for (std::size_t d = 0; d < moved.size(); ++d)
      v(c, moved[d]) = values(c, moved[d]) * noise(6, std::size_t(c), d);
  const DenseMatrix product = gauss_newton_product(problem(), columns, values, v);
  for (Eigen::Index c = 0; c < v.rows(); ++c) {
    const DenseMatrix terms =
        tangent.gauss_newton[std::size_t(c)] * v(c, moved).transpose().asDiagonal();
    for (std::size_t d = 0; d < moved.size(); ++d)
      EXPECT_NEAR(product(c, moved[d]), terms.row(Eigen::Index(d)).sum(),
                  1e-12 * terms.row(Eigen::Index(d)).cwiseAbs().sum())
          << "column " << c << ", " << info(all.direction[d].slot.parameter).name;
  }
}

TEST_P(AdjointRuns, memory_and_neighbours_change_no_bit) {
  const Evaluation whole = run_columns_adjoint(problem(), columns, values, 1e9);
  const Evaluation by_steps = run_columns_adjoint(problem(), columns, values, 0.0);
  EXPECT_EQ(by_steps.cost, whole.cost);
  EXPECT_TRUE(by_steps.gradient == whole.gradient);
  EXPECT_TRUE(gauss_newton_product(problem(), columns, values, values, 1e5) ==
              gauss_newton_product(problem(), columns, values, values, 1e9));

  const std::vector<std::size_t> some{n_column - 1, 2};
  const Evaluation alone = run_columns_adjoint(problem(), some, values(some, Eigen::all));
  EXPECT_TRUE(alone.gradient == whole.gradient(some, Eigen::all));
}

// However directions are grouped, the evaluation has them in the order given. Blocks agree to
// rounding alone, because the weight of an observation is multiplied with the first of two
// tangents.
TEST_P(AdjointRuns, evaluation_has_the_order_of_directions) {
  const Evaluation given = run_columns(problem(), columns, values, all.direction);
  const Evaluation reversed =
      run_columns(problem(), columns, values,
                  std::vector<Direction>(all.direction.rbegin(), all.direction.rend()));
  EXPECT_TRUE(reversed.gradient.rowwise().reverse() == given.gradient);
  for (std::size_t c = 0; c < n_column; ++c) {
    const auto G = given.gauss_newton[c];
    const DenseVector root = G.diagonal().cwiseSqrt();
    const DenseMatrix difference = reversed.gauss_newton[c].reverse() - G;
    EXPECT_TRUE((difference.array().abs() <= 1e-14 * (root * root.transpose()).array()).all());
  }
}

INSTANTIATE_TEST_SUITE_P(InitialStates, AdjointRuns,
                         testing::Values(Initial::uniform, Initial::profile, Initial::spinup));

} // namespace
} // namespace glebe
