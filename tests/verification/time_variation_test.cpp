// SPDX-License-Identifier: BSD-3-Clause
// Parameters that vary in time: their tangents against the complex step and the Taylor remainder,
// one knot against a constant, directions that start late, all of them at once, lanes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../support/full_case.hpp"

namespace glebe {
namespace {

using test::ColumnCase;

struct Varying {
  ColumnCase column;
  std::vector<double> values;
  test::AllDirections all;
};

Varying make_varying(Scheme scheme, Bottom bottom, Initial initial, Turbulence turbulence) {
  Varying made{test::make_case(scheme, bottom, initial, {Longwave::absorbed, turbulence}), {}, {}};
  made.values = test::truth(made.column);
  test::vary(made.column, made.values);
  return made;
}

using Setting = std::tuple<Scheme, Bottom, Initial>;

class TimeVariation : public testing::TestWithParam<Setting> {
protected:
  // Constructed in place, because directions point to what varies.
  TimeVariation() {
    const auto [scheme, bottom, initial] = GetParam();
    made = make_varying(scheme, bottom, initial, Turbulence::bowen);
    made.all = test::all_directions(made.column);
  }
  Varying made;
};

// As in tangent_linear_test.cpp: free of truncation, so that rounding is all that is left.
TEST_P(TimeVariation, agrees_with_complex_step) {
  const auto& [column, values, all] = made;
  const auto tangent = column.run<double>(values, all.direction);
  constexpr double step = 1e-30;
  for (std::size_t d = 0; d < all.direction.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[all.value[d]] += Complex(0.0, step);
    const auto complex = column.run<Complex>(perturbed);
    ASSERT_EQ(complex.value.size(), tangent.value.size());
    std::size_t k = 0;
    for (std::size_t s = 0; s < column.streams.size(); ++s) {
      double largest = 0.0, difference = 0.0;
      for (const std::size_t end = k + column.streams[s].n_observation; k < end; ++k) {
        const double exact = complex.value[k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(tangent.derivative[k][d] - exact));
      }
      EXPECT_LE(difference, 1e-12 * largest)
          << info(all.direction[d].slot.parameter).name << "[" << all.direction[d].slot.index
          << "], knot " << all.direction[d].knot << ", stream " << s;
    }
  }
}

// The same operations in the same order, whatever the width: to the last bit.
TEST_P(TimeVariation, lanes_agree_with_double) {
  const auto& [column, values, all] = made;
  const auto scalar = column.run<double>(values, all.direction);
  const auto lanes =
      column.run<Lanes>(std::vector<Lanes>(values.begin(), values.end()), all.direction);
  for (std::size_t k = 0; k < scalar.value.size(); ++k)
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      ASSERT_EQ(lanes.value[k][i], scalar.value[k]);
      for (std::size_t d = 0; d < all.direction.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], scalar.derivative[k][d]);
    }
}

// One direction that changes everything is the sum of the changes one by one.
TEST_P(TimeVariation, combined_direction_is_the_sum) {
  const auto& [column, values, all] = made;
  std::vector<double> change(values.size(), 0.0);
  for (std::size_t d = 0; d < all.value.size(); ++d)
    change[all.value[d]] = 0.1 * values[all.value[d]] * std::cos(3.0 * static_cast<double>(d));
  const auto single = column.run<double>(values, all.direction);
  const auto combined = column.run<double>(values, change);
  std::size_t k = 0;
  for (std::size_t s = 0; s < column.streams.size(); ++s) {
    double largest = 0.0, difference = 0.0;
    for (const std::size_t end = k + column.streams[s].n_observation; k < end; ++k) {
      ASSERT_EQ(combined.value[k], single.value[k]);
      double sum = 0.0, size = 0.0;
      for (std::size_t d = 0; d < all.value.size(); ++d) {
        const double part = single.derivative[k][d] * change[all.value[d]];
        sum += part;
        size += std::abs(part);
      }
      largest = std::max(largest, size);
      difference = std::max(difference, std::abs(combined.derivative[k][0] - sum));
    }
    EXPECT_LE(difference, 1e-12 * largest) << "stream " << s;
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, TimeVariation,
                         testing::Combine(testing::Values(Scheme::backward_euler,
                                                          Scheme::crank_nicolson, Scheme::sdirk2),
                                          testing::Values(Bottom::temperature, Bottom::flux),
                                          testing::Values(Initial::uniform, Initial::profile,
                                                          Initial::spinup)));

// Knots that all have the same value, or one knot alone, are a constant, to the last bit.
TEST(OneKnot, is_a_constant) {
  for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2})
    for (const Initial initial : {Initial::uniform, Initial::profile, Initial::spinup}) {
      const ColumnCase constant = test::make_case(scheme, Bottom::temperature, initial,
                                                  {Longwave::absorbed, Turbulence::humidity});
      const std::vector<double> values = test::truth(constant);
      const test::AllDirections slots = test::all_directions(constant);
      ColumnCase varying = constant;
      std::vector<double> with_knots = values;
      for (std::size_t d = 0; d < slots.direction.size(); ++d) {
        const ParameterSlot& slot = slots.direction[d].slot;
        if (info(slot.parameter).place == Place::knot) continue;
        varying.varying.push_back(test::in_time(varying, slot, 1, d % 2 == 0));
        with_knots.push_back(values[slots.value[d]]);
        with_knots[slots.value[d]] = std::nan(""); // what the knots replace is not looked at
      }
      const auto one = constant.run<double>(values, slots.direction);
      const auto other = varying.run<double>(with_knots, test::all_directions(varying).direction);
      ASSERT_EQ(one.value, other.value);
      ASSERT_EQ(one.derivative, other.derivative);
    }
}

// A direction that starts late is zero until then, and the groups do not matter to it.
TEST(LateDirection, is_zero_before_its_first_step) {
  Varying made =
      make_varying(Scheme::sdirk2, Bottom::temperature, Initial::profile, Turbulence::combined);
  made.all = test::all_directions(made.column);
  const auto& column = made.column;
  const auto together = column.run<double>(made.values, made.all.direction);
  std::size_t n_late = 0;
  for (std::size_t d = 0; d < made.all.direction.size(); ++d) {
    const Direction& direction = made.all.direction[d];
    const auto alone = column.run<double>(made.values, std::vector<Direction>{direction});
    const auto first = static_cast<std::int32_t>(direction.first_step());
    n_late += first > 0;
    std::size_t k = 0;
    for (const StreamSchedule& stream : column.streams)
      for (std::size_t i = 0; i < stream.n_observation; ++i, ++k) {
        ASSERT_EQ(together.derivative[k][d], alone.derivative[k][0]);
        for (const ObservationPiece& piece : stream.pieces)
          if (piece.last && piece.observation == static_cast<std::int32_t>(i) &&
              piece.step < first) {
            ASSERT_EQ(alone.derivative[k][0], 0.0);
          }
      }
  }
  EXPECT_GE(n_late, 10u);
}

// ||H(x + e d) - H(x) - e S d|| must fall as e^2, over four decades of e.
TEST(TaylorRemainder, has_slope_two_where_parameters_vary) {
  for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2}) {
    const Varying made =
        make_varying(scheme, Bottom::temperature, Initial::profile, Turbulence::humidity);
    std::vector<double> change(made.values.size());
    for (std::size_t k = 0; k < change.size(); ++k)
      change[k] = made.values[k] * (k % 2 == 0 ? 1.0 : -0.6);
    const auto base = made.column.run<double>(made.values, change);
    const auto remainder = [&](double size) {
      std::vector<double> moved = made.values;
      for (std::size_t k = 0; k < moved.size(); ++k) moved[k] += size * change[k];
      const auto there = made.column.run<double>(moved);
      double sum = 0.0;
      for (std::size_t k = 0; k < base.value.size(); ++k)
        sum += std::pow(there.value[k] - base.value[k] - size * base.derivative[k][0], 2);
      return std::sqrt(sum);
    };
    constexpr double largest = 3e-3;
    double previous = remainder(largest);
    for (double size = largest / 10; size > largest * 0.9e-4; size /= 10) {
      const double now = remainder(size);
      EXPECT_NEAR(std::log10(previous / now), 2.0, 0.05)
          << scheme_names[std::size_t(scheme)] << " at " << size;
      previous = now;
    }
  }
}

} // namespace
} // namespace glebe
