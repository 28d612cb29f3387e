// SPDX-License-Identifier: BSD-3-Clause
// Errors with a memory against generalised least squares with the whole covariance matrix, and
// derivatives by complex step: nothing here whitens anything.
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/simulation/misfit.hpp"
#include "glebe/simulation/runners.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <numeric>

#include "../support/observed_columns.hpp"

namespace glebe {
namespace {

// What one fitted stream contributes in one column, by dense matrices.
struct Dense {
  DenseVector r;         ///< (model - observation) / sigma of the values that are there
  DenseMatrix S;         ///< [value][direction], over sigma
  DenseMatrix precision; ///< the inverse of the correlation of the errors
};

struct DenseSum {
  double cost = 0.0;
  DenseVector gradient;
  DenseMatrix block;
};

class LastingErrors : public testing::Test, protected test::ObservedColumns {
protected:
  LastingErrors() : ObservedColumns(Initial::profile, {.huber = false, .memory = true}) {
    for (const Parameter one :
         {Parameter::thermal_conductivity, Parameter::heat_capacity, Parameter::emissivity,
          Parameter::heat_transfer, Parameter::initial_temperature})
      for (std::size_t d = 0; d < all.direction.size(); ++d)
        if (all.direction[d].slot.parameter == one) {
          chosen.push_back(all.direction[d]);
          value.push_back(all.value[d]);
        }
  }

  std::vector<Direction> chosen;
  std::vector<std::size_t> value; ///< which value each direction changes

  // The model equivalents of a column, [stream][observation], with the values of `change` added.
  std::vector<std::vector<Complex>> equivalents(std::size_t c, std::size_t moved,
                                                Complex change) const {
    const Forcing own = forcing.of_column(c);
    const ColumnProblem one_column = problem().with(own, observations);
    std::vector<Complex> x(n_value());
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = values(Eigen::Index(c), Eigen::Index(k));
    x[moved] += change;
    std::vector<std::vector<Complex>> result(observations.streams.size());
    auto sink =
        make_sink<Complex>([&](std::size_t s, std::size_t, std::span<const Complex> equivalent) {
          result[s].push_back(equivalent[0]);
        });
    constexpr std::size_t first = 0;
    make_block_runner<Complex>(one_column, {})->run({&first, 1}, x, sink);
    return result;
  }

  // Of one column, the values from time `begin` [s] on alone.
  std::vector<Dense> dense_streams(std::size_t c, double begin = 0.0) const {
    constexpr double step = 1e-30;
    std::vector<Dense> result(observations.streams.size());
    std::vector<std::vector<std::size_t>> there(result.size());
    const auto model = equivalents(c, 0, 0.0);
    for (std::size_t s = 0; s < result.size(); ++s) {
      const Stream& stream = observations.streams[s];
      for (std::size_t k = 0; k < stream.times.size(); ++k)
        if (stream.inverse_sigma[observations.position(s, c, k)] > 0.0F &&
            stream.intervals[k].begin >= begin)
          there[s].push_back(k);
      const auto n = Eigen::Index(there[s].size());
      result[s] = {DenseVector(n), DenseMatrix(n, Eigen::Index(chosen.size())), DenseMatrix(n, n)};
      for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t k = there[s][std::size_t(i)], position = observations.position(s, c, k);
        result[s].r[i] =
            (model[s][k].real() - stream.value[position]) * double(stream.inverse_sigma[position]);
      }
      result[s].precision = correlation(stream, there[s]).llt().solve(DenseMatrix::Identity(n, n));
    }
    for (std::size_t d = 0; d < chosen.size(); ++d) {
      const auto moved = equivalents(c, value[d], Complex(0.0, step));
      for (std::size_t s = 0; s < result.size(); ++s)
        for (std::size_t i = 0; i < there[s].size(); ++i)
          result[s].S(Eigen::Index(i), Eigen::Index(d)) =
              moved[s][there[s][i]].imag() / step *
              double(
                  observations.streams[s].inverse_sigma[observations.position(s, c, there[s][i])]);
    }
    return result;
  }

  static DenseMatrix correlation(const Stream& stream, const std::vector<std::size_t>& there) {
    const auto n = Eigen::Index(there.size());
    DenseMatrix R = DenseMatrix::Identity(n, n);
    const double tau = 3600.0 * stream.settings.error_memory.hours;
    const auto middle = [&](Eigen::Index i) {
      const TimeInterval& interval = stream.intervals[there[std::size_t(i)]];
      return 0.5 * (interval.begin + interval.end);
    };
    for (Eigen::Index i = 0; i < n && tau > 0.0; ++i)
      for (Eigen::Index j = 0; j < n; ++j)
        R(i, j) = std::exp(-std::abs(middle(i) - middle(j)) / tau);
    return R;
  }

  DenseSum sum(const std::vector<Dense>& streams) const {
    const auto m = Eigen::Index(chosen.size());
    DenseSum total{0.0, DenseVector::Zero(m), DenseMatrix::Zero(m, m)};
    for (std::size_t s = 0; s < streams.size(); ++s) {
      if (!observations.streams[s].fitted()) continue;
      const auto& [r, S, precision] = streams[s];
      total.cost += 0.5 * r.dot(precision * r);
      total.gradient += S.transpose() * precision * r;
      total.block += S.transpose() * precision * S;
    }
    return total;
  }
};

// The whitening multiplies rounding by at most 1 / sqrt(1 - phi^2), some 10 here, and the inverse
// of the covariance by its condition, some 1000.
constexpr double tolerance = 1e-10;

TEST_F(LastingErrors, cost_gradient_and_block_are_those_of_the_whole_covariance) {
  const Evaluation found = run_columns(problem(), columns, values, chosen);
  for (const std::size_t c : {std::size_t{0}, std::size_t{2}, n_column - 1}) {
    const DenseSum dense = sum(dense_streams(c));
    EXPECT_NEAR(found.cost[c], dense.cost, tolerance * dense.cost);
    for (Eigen::Index d = 0; d < dense.gradient.size(); ++d) {
      // Terms of either sign cancel in a gradient.
      EXPECT_NEAR(found.gradient(Eigen::Index(c), d), dense.gradient[d],
                  tolerance * std::sqrt(2.0 * dense.cost * dense.block(d, d)));
      for (Eigen::Index e = 0; e <= d; ++e)
        EXPECT_NEAR(found.gauss_newton[c](d, e), dense.block(d, e),
                    tolerance * std::sqrt(dense.block(d, d) * dense.block(e, e)));
    }
  }
}

// With a prior of a tenth of each value.
TEST_F(LastingErrors, posterior_is_that_of_generalised_least_squares) {
  const Evaluation found = run_columns(problem(), columns, values, chosen);
  const auto m = Eigen::Index(chosen.size());
  std::vector<std::size_t> every(chosen.size());
  std::iota(every.begin(), every.end(), std::size_t{0});
  for (const std::size_t c : {std::size_t{1}, n_column - 1}) {
    DenseVector scale(m);
    for (Eigen::Index d = 0; d < m; ++d)
      scale[d] = 0.1 * std::abs(values(Eigen::Index(c), Eigen::Index(value[std::size_t(d)])));
    const DenseMatrix prior = DenseMatrix::Identity(m, m);
    const DenseMatrix G =
        scale.asDiagonal() * DenseMatrix(found.gauss_newton[c]) * scale.asDiagonal();
    const DenseMatrix H =
        scale.asDiagonal() * sum(dense_streams(c)).block * scale.asDiagonal() + prior;
    const DenseMatrix expected = H.llt().solve(DenseMatrix::Identity(m, m));
    const DenseMatrix covariance = posterior_of(G, prior, every).covariance;
    for (Eigen::Index d = 0; d < m; ++d)
      for (Eigen::Index e = 0; e < m; ++e)
        EXPECT_NEAR(covariance(d, e), expected(d, e),
                    1e-9 * std::sqrt(expected(d, d) * expected(e, e)));
  }
}

TEST_F(LastingErrors, gradient_is_the_complex_step_of_the_cost) {
  constexpr double step = 1e-30;
  const Evaluation found = run_columns(problem(), columns, values, chosen);
  constexpr std::size_t c = 1;
  std::vector<std::vector<double>> value_of, time_of;
  std::vector<std::vector<float>> sigma_of;
  std::vector<StreamData> data;
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    value_of.emplace_back();
    time_of.emplace_back();
    sigma_of.emplace_back();
    for (std::size_t k = 0; k < stream.times.size(); ++k) {
      const std::size_t position = observations.position(s, c, k);
      value_of[s].push_back(stream.value[position]);
      sigma_of[s].push_back(stream.inverse_sigma[position]);
      time_of[s].push_back(stream.middle(k));
    }
  }
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    data.push_back({value_of[s].data(), sigma_of[s].data(), stream.fitted(), Loss::gaussian, 1.0,
                    stream.error_memory(), time_of[s].data()});
  }
  for (std::size_t d = 0; d < chosen.size(); ++d) {
    const auto moved = equivalents(c, value[d], Complex(0.0, step));
    Misfit<Complex> misfit(data, 0);
    for (std::size_t s = 0; s < moved.size(); ++s)
      for (std::size_t k = 0; k < moved[s].size(); ++k) misfit.take(s, k, {&moved[s][k], 1});
    EXPECT_NEAR(found.cost[c], misfit.cost.real(), 1e-12 * found.cost[c]);
    const auto i = Eigen::Index(d);
    EXPECT_NEAR(found.gradient(c, i), misfit.cost.imag() / step,
                1e-12 * std::sqrt(2.0 * found.cost[c] * found.gauss_newton[c](i, i)));
  }
}

// Streams one by one: their whitened residuals, and their information in a window that begins
// later, where nothing is known of what was before.
TEST_F(LastingErrors, windows_begin_without_a_memory) {
  const double middle = 0.5 * time.length();
  const std::vector<TimeInterval> windows{{0.0, time.length()}, {middle, time.length()}};
  view_streams(problem(), columns, values, chosen, windows,
               [&](std::size_t c, bool failed, const std::vector<StreamView>& views) {
                 EXPECT_FALSE(failed);
                 if (c % 4 != 1) return;
                 for (std::size_t w = 0; w < windows.size(); ++w) {
                   const std::vector<Dense> dense = dense_streams(c, windows[w].begin);
                   for (std::size_t s = 0; s < views.size(); ++s) {
                     if (!observations.streams[s].fitted()) continue;
                     const auto& [r, S, precision] = dense[s];
                     const DenseMatrix block = S.transpose() * precision * S;
                     const DenseVector root = block.diagonal().cwiseSqrt();
                     EXPECT_TRUE(((views[s].block[w] - block).array().abs() <=
                                  tolerance * (root * root.transpose()).array() + 1e-30)
                                     .all())
                         << "stream " << s << ", window " << w;
                     if (w > 0) continue;
                     double squares = 0.0;
                     for (const double e : views[s].independent())
                       if (!std::isnan(e)) squares += e * e;
                     EXPECT_NEAR(squares, r.dot(precision * r), tolerance * squares);
                   }
                 }
               });
}

// One run of each column for both, with the same bits as a run for each.
TEST_F(LastingErrors, evaluation_and_streams_come_from_the_same_runs) {
  const TimeInterval window{0.0, time.length()};
  std::vector<std::vector<StreamView>> alone(columns.size()), beside(columns.size());
  view_streams(problem(), columns, values, chosen, {&window, 1},
               [&](std::size_t c, bool, const auto& views) { alone[c] = views; });
  const Evaluation found =
      run_and_view_streams(problem(), columns, values, chosen,
                           [&](std::size_t c, bool, const auto& views) { beside[c] = views; });
  const Evaluation expected = run_columns(problem(), columns, values, chosen);
  EXPECT_EQ(found.cost, expected.cost);
  EXPECT_EQ(found.failed, expected.failed);
  EXPECT_EQ(found.gradient, expected.gradient);
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (std::size_t c = 0; c < columns.size(); ++c) {
    EXPECT_EQ(found.gauss_newton[c], expected.gauss_newton[c]);
    ASSERT_EQ(beside[c].size(), alone[c].size());
    for (std::size_t s = 0; s < alone[c].size(); ++s) {
      EXPECT_EQ(beside[c][s].block[0], alone[c][s].block[0]);
      EXPECT_TRUE(std::ranges::equal(beside[c][s].residual, alone[c][s].residual, same));
      EXPECT_TRUE(std::ranges::equal(beside[c][s].whitened, alone[c][s].whitened, same));
    }
  }
}

} // namespace
} // namespace glebe
