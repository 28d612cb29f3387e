// SPDX-License-Identifier: BSD-3-Clause
// Means of inputs over intervals, by hand.
#include "glebe/data/input_average.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

// Two columns of air temperature with records at 0, 1, 2, 3 (times an hour): 0, 10, 40, 20, and ten
// times that.
InputTrack track(Stamp stamp) {
  constexpr double hour = 3600.0;
  InputTrack track({Input::shortwave, Input::air_temperature}, {0, hour, 2 * hour, 3 * hour}, {}, 2,
                   4);
  track.set_meaning(stamp, hour);
  const float values[] = {0, 10, 40, 20};
  for (std::size_t c = 0; c < 2; ++c)
    for (std::size_t i = 0; i < 4; ++i)
      track.series_of(Input::air_temperature, c)[i * track.stride()] =
          values[i] * (c == 0 ? 1.0F : 10.0F);
  return track;
}

std::vector<double> average(Stamp stamp, std::vector<TimeInterval> hours, std::size_t column = 0) {
  const InputTrack records = track(stamp);
  for (TimeInterval& interval : hours) interval = {3600 * interval.begin, 3600 * interval.end};
  return InputAverage(records, Input::air_temperature, hours).of(column);
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-9) << i;
}

TEST(InputAverage, OfInstantsFollowsTheLinesBetweenThem) {
  // The last: from 5 to 10 in half an hour, 10 to 40 in an hour, 40 to 30 in half an hour.
  const std::vector<TimeInterval> hours{{0, 0}, {0.5, 0.5}, {3, 3}, {0, 1}, {0.5, 2.5}};
  expect_near(average(Stamp::instant, hours), {0, 5, 20, 5, (0.5 * 7.5 + 25 + 0.5 * 35) / 2});
  expect_near(average(Stamp::instant, {{1.5, 1.5}}, 1), {250});
}

TEST(InputAverage, OfMeansHoldsThem) {
  // Stamped at their ends: 0 until 0 h, 10 until 1 h, 40 until 2 h, 20 until 3 h.
  expect_near(average(Stamp::end, {{0.5, 0.5}, {1, 1}, {0, 1}, {0.5, 1.5}, {0.75, 3}, {-1, 0}}),
              {10, 10, 10, 25, (2.5 + 40 + 20) / 2.25, 0});
  expect_near(average(Stamp::start, {{0.5, 0.5}, {1, 2}, {3, 4}}), {0, 10, 20});
  expect_near(average(Stamp::middle, {{0.5, 1.5}, {0, 1}}), {10, 5});
}

TEST(InputAverage, IsMissingBeyondTheRecords) {
  for (const double value : average(Stamp::instant, {{-1, 0.5}, {2.5, 3.5}, {3.1, 3.1}}))
    EXPECT_TRUE(std::isnan(value));
  for (const double value : average(Stamp::end, {{-2, 0}, {2.5, 3.5}, {-1.1, -1.1}}))
    EXPECT_TRUE(std::isnan(value));
}

TEST(InputAverage, FindsTheTrackOfAnInput) {
  const Forcing forcing({track(Stamp::end)});
  EXPECT_EQ(find_track(forcing, Input::shortwave), &forcing.tracks()[0]);
  EXPECT_EQ(find_track(forcing, Input::longwave), nullptr);
}

} // namespace
} // namespace glebe
