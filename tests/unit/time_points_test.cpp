// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/data/gaps.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/data/time_points.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

ModelTime half_hours(Scheme scheme, std::size_t n_step) {
  return {Calendar::standard, {2004, 5, 27, 0.0}, 1800.0, n_step, scheme};
}

TEST(InputPoints, InstantsAreInterpolated) {
  const ModelTime time = half_hours(Scheme::backward_euler, 4);
  const auto points = input_points(time, {0, 3600, 7200}, Stamp::instant, 3600, "f");
  ASSERT_EQ(points.size(), 5u);
  EXPECT_EQ(points[1].record, 0);
  EXPECT_FLOAT_EQ(points[1].weight, 0.5F);
  EXPECT_EQ(points[2].record, 1);
  EXPECT_FLOAT_EQ(points[2].weight, 0.0F);
  EXPECT_EQ(points[4].record, 2);
}

// A mean holds over its interval: at the time where two intervals meet, the one of the step counts.
TEST(InputPoints, MeansAreHeld) {
  const ModelTime time = half_hours(Scheme::crank_nicolson, 4);
  const auto points = input_points(time, {3600, 7200}, Stamp::end, 3600, "f");
  const int expected[] = {0, 0, 0, 0, 0, 1, 1, 1, 1}; // start; then start and end of each step
  for (std::size_t p = 0; p < points.size(); ++p) {
    EXPECT_EQ(points[p].record, expected[p]) << p;
    EXPECT_EQ(points[p].weight, 0.0F);
  }
}

// Three steps have the middle of them all; the last ones, fewer, have theirs.
TEST(InputPoints, StepsThatHoldTogether) {
  const ModelTime time = half_hours(Scheme::sdirk2, 8);
  const auto points =
      step_points(time, {0, 3600, 7200, 10800, 14400}, Stamp::instant, 3600, "f", 3);
  const double hours[] = {0.75, 0.75, 0.75, 2.25, 2.25, 2.25, 3.5, 3.5};
  ASSERT_EQ(points.size(), 8u);
  for (std::size_t i = 0; i < points.size(); ++i)
    EXPECT_FLOAT_EQ(static_cast<float>(points[i].record) + points[i].weight,
                    static_cast<float>(hours[i]));
}

TEST(InputPoints, StampsNameTheSameIntervals) {
  const ModelTime time = half_hours(Scheme::sdirk2, 4);
  const auto by_end = input_points(time, {3600, 7200}, Stamp::end, 3600, "f");
  const auto by_start = input_points(time, {0, 3600}, Stamp::start, 3600, "f");
  const auto by_middle = input_points(time, {1800, 5400}, Stamp::middle, 3600, "f");
  for (std::size_t p = 0; p < by_end.size(); ++p) {
    EXPECT_EQ(by_start[p].record, by_end[p].record);
    EXPECT_EQ(by_middle[p].record, by_end[p].record);
  }
}

TEST(InputPoints, WindowOutsideTheRecords) {
  const ModelTime time = half_hours(Scheme::sdirk2, 4);
  EXPECT_THROW(input_points(time, {0, 3600}, Stamp::instant, 3600, "f"), InputError);
  EXPECT_THROW(input_points(time, {3600, 7200}, Stamp::start, 3600, "f"), InputError);
  EXPECT_THROW(input_points(time, {1000, 2000, 9000}, Stamp::instant, 1000, "f"), InputError);
  EXPECT_THROW(input_points(time, {900, 1800}, Stamp::end, 900, "f"), InputError);
}

TEST(InputPoints, StepsLongerThanMeansAreRefused) {
  const ModelTime time = half_hours(Scheme::sdirk2, 1);
  EXPECT_THROW(input_points(time, {900, 1800}, Stamp::end, 900, "f"), InputError);
}

TEST(CompleteAxis, PutsRecordsWhereTheFileHasNone) {
  const CompletedAxis axis = complete_axis({0, 1800, 7200, 9000}, 1800);
  EXPECT_EQ(axis.times, (std::vector<double>{0, 1800, 3600, 5400, 7200, 9000}));
  EXPECT_EQ(axis.sources,
            (std::vector<std::size_t>{0, 1, CompletedAxis::absent, CompletedAxis::absent, 2, 3}));
}

// One wrong stamp must not make as many records as fit before it.
TEST(CompleteAxis, RefusesAGapOfCountlessRecords) {
  EXPECT_THROW(complete_axis({0, 1800, 1e18}, 1800), InputError);
}

TEST(Gaps, ShortOnesAreFilledAndLongOnesReported) {
  const double nan = std::nan("");
  const std::vector<double> times{0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<double> values{1, nan, nan, 4, nan, nan, nan, 8};
  const GapReport report = fill_gaps(times, values.data(), 1, 2.0, 1.0);
  EXPECT_EQ(report.n_filled, 2u);
  EXPECT_DOUBLE_EQ(values[1], 2.0);
  EXPECT_DOUBLE_EQ(values[2], 3.0);
  ASSERT_EQ(report.too_long.size(), 1u);
  EXPECT_EQ(report.too_long[0], (TimeInterval{4, 6}));
  EXPECT_TRUE(std::isnan(values[5]));
}

TEST(Gaps, EndsAreLeftOpen) {
  const double nan = std::nan("");
  std::vector<double> values{nan, 2, nan};
  const GapReport report = fill_gaps({0, 1, 2}, values.data(), 1, 10.0, 1.0);
  EXPECT_EQ(report.n_filled, 0u);
  EXPECT_EQ(report.too_long.size(), 2u);
}

// The schedule of streams at model steps: instants at every end, means over whole steps.
TEST(ModelStreams, Schedules) {
  Settings settings;
  ObservationSettings instants;
  instants.kind = ObservationKind::surface_temperature;
  instants.name = "instants";
  ObservationSettings means = instants;
  means.name = "means";
  means.stamp = Stamp::end;
  means.interval = 3600.0;
  settings.observations = {instants, means};
  const std::vector<double> depth{0.0, 0.5, 1.0}, thickness{0.5, 0.5};
  const std::vector<std::size_t> tops{0, 2};
  const Observations streams = model_streams(settings, half_hours(Scheme::sdirk2, 4),
                                             Soil{depth, thickness, {}, {}, tops, {}});
  ASSERT_EQ(streams.schedules[0].pieces.size(), 5u);
  EXPECT_EQ(streams.schedules[0].pieces[0].start, 1.0);
  EXPECT_EQ(streams.schedules[0].pieces[4].end, 1.0);
  ASSERT_EQ(streams.streams[1].times, (std::vector<double>{3600, 7200}));
  ASSERT_EQ(streams.schedules[1].pieces.size(), 4u);
  for (const ObservationPiece& piece : streams.schedules[1].pieces) EXPECT_EQ(piece.mean, 0.5);
  EXPECT_FALSE(streams.schedules[1].pieces[0].last);
  EXPECT_TRUE(streams.schedules[1].pieces[1].last);

  settings.observations[1].interval = 2500.0;
  EXPECT_THROW(model_streams(settings, half_hours(Scheme::sdirk2, 4),
                             Soil{depth, thickness, {}, {}, tops, {}}),
               InputError);
}

} // namespace
} // namespace glebe
