// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/regular_times.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

using Times = std::vector<double>;

// Half-hourly times, each moved by a function of its number.
template <class Move>
Times half_hours(std::size_t n, Move move) {
  Times times;
  for (std::size_t i = 0; i < n; ++i) times.push_back(1800.0 * double(i) + move(i));
  return times;
}

const Times exact = half_hours(5000, [](std::size_t) { return 0.0; });

TEST(RegularTimes, ExactTimesAreKept) {
  const auto found = regular_times(exact, 0.0, 1e-3);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->times, exact);
  EXPECT_EQ(found->interval, 1800.0);
  EXPECT_EQ(found->moved, 0.0);
}

TEST(RegularTimes, StampsAreMovedOntoTheClock) {
  for (const double early : {0.002, 1.0, 15.0}) {
    const auto found =
        regular_times(half_hours(5000, [&](std::size_t) { return -early; }), 0.0, 1e-3);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->times, exact) << early;
    EXPECT_NEAR(found->moved, early, 1e-9);
  }
  const auto jitter = [](std::size_t i) { return 80.0 * std::sin(7.0 * double(i)); };
  EXPECT_EQ(regular_times(half_hours(5000, jitter), 0.0, 1e-3)->times, exact);
}

TEST(RegularTimes, TheClockIsThatOfTheDay) {
  // The window starts at 00:10; stamps at whole half-hours are 1200 s after that.
  const auto found =
      regular_times(half_hours(100, [](std::size_t) { return 1201.0; }), 600.0, 1e-3);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->times.front(), 1200.0);
  // Records of five past and twenty-five to are meant.
  const auto odd = regular_times(half_hours(100, [](std::size_t) { return 301.0; }), 0.0, 1e-3);
  EXPECT_EQ(odd->times.front(), 300.0);
}

TEST(RegularTimes, SinglePrecisionDays) {
  // float32 resolves 169 s of the days since 1970.
  Times times;
  for (std::size_t i = 0; i < 5000; ++i)
    times.push_back(86400.0 * double(float(12000.0 + double(i) / 48.0)) - 86400.0 * 12000.0);
  const auto found = regular_times(times, 0.0, 84.4);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->times, exact);
}

TEST(RegularTimes, LongGapsAreWholeIntervals) {
  Times times = half_hours(500, [](std::size_t i) { return 30.0 * std::sin(3.0 * double(i)); });
  Times expected = half_hours(500, [](std::size_t) { return 0.0; });
  for (std::size_t i = 250; i < 500; ++i) {
    times[i] += 1800.0 * 9999;
    expected[i] += 1800.0 * 9999;
  }
  EXPECT_EQ(regular_times(times, 0.0, 1e-3)->times, expected);
}

TEST(RegularTimes, IrregularTimesAreNone) {
  EXPECT_FALSE(regular_times(half_hours(100, [](std::size_t i) { return i > 50 ? 600.0 : 0.0; }),
                             0.0, 1e-3));
  EXPECT_FALSE(regular_times(
      half_hours(100, [](std::size_t i) { return 3.0 * double(i % 7) * 60; }), 0.0, 1e-3));
  EXPECT_FALSE(regular_times(Times{0.0}, 0.0, 1e-3));
  EXPECT_FALSE(regular_times(Times{0.0, 1800.0, 2400.0, 3600.0}, 0.0, 1e-3));
}

TEST(RegularTimes, SaysWhereItEnds) {
  Times times = half_hours(20, [](std::size_t) { return 0.0; });
  times[7] += 500.0;
  EXPECT_NE(irregularity(times).find("most follow 1800 s"), std::string::npos);
}

} // namespace
} // namespace glebe
