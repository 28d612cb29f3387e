// SPDX-License-Identifier: BSD-3-Clause
// Cost, gradient and Gauss-Newton products of many columns: the adjoint against the tangent-linear
// model, and this against the complex step, with Huber's loss, errors with a memory, missing
// values, a stream held back, parameters that vary in time and parameters that are tied to others.
#include "glebe/simulation/adjoint_runs.hpp"
#include "glebe/simulation/column_runs.hpp"
#include "glebe/simulation/complex_step.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../support/observed_columns.hpp"

namespace glebe {
namespace {

// With Huber's loss, with errors that have a memory in some streams or not, and with values that
// are tied to others or not.
struct RunForm {
  Initial initial;
  bool memory = false;
  test::Tied tied = test::Tied::no;
};

class AdjointRuns : public testing::TestWithParam<RunForm>, protected test::ObservedColumns {
protected:
  AdjointRuns()
      : ObservedColumns(GetParam().initial, {.huber = true, .memory = GetParam().memory},
                        GetParam().tied) {}
};

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
      v(c, moved[d]) = values(c, moved[d]) * test::random_part(6, std::size_t(c), d);
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

TEST_P(AdjointRuns, tangents_are_those_of_the_complex_step) {
  if (GetParam().initial == Initial::spinup) return; // its end depends on the change of all numbers
  std::vector<ValueDirection> moved;
  for (std::size_t d = 0; d < all.direction.size(); ++d)
    moved.push_back({all.direction[d], all.value[d]});
  const Table<double> differences =
      complex_step_differences(problem(), {values.data(), n_value()}, moved);
  for (std::size_t d = 0; d < moved.size(); ++d)
    for (std::size_t s = 0; s < differences.n_column(); ++s)
      EXPECT_LT(differences(d, s), 1e-12) << info(all.direction[d].slot.parameter).name;
}

TEST_P(AdjointRuns, tied_values_are_products_of_what_is_given) {
  ParameterSchedule untied = schedule;
  untied.ties.clear();
  DenseMatrix products = values;
  for (Eigen::Index c = 0; c < values.rows(); ++c)
    tie(schedule.ties, values.row(c).data(), products.row(c).data());
  const ColumnProblem plain{column.form, column.spin_up, column.grid, untied,
                            time,        forcing,        observations};
  const Evaluation expected = run_columns(plain, columns, products, {});
  const Evaluation found = run_columns(problem(), columns, values, {});
  EXPECT_EQ(found.cost, expected.cost);
}

INSTANTIATE_TEST_SUITE_P(InitialStates, AdjointRuns,
                         testing::Values(RunForm{Initial::uniform}, RunForm{Initial::profile},
                                         RunForm{Initial::spinup}, RunForm{Initial::profile, true},
                                         RunForm{Initial::uniform, false, test::Tied::yes},
                                         RunForm{Initial::profile, true, test::Tied::yes},
                                         RunForm{Initial::spinup, false, test::Tied::yes}));

} // namespace
} // namespace glebe
