// SPDX-License-Identifier: BSD-3-Clause
// Frost in series of temperatures, and the phase of what a tower does not close, by hand.
#include "glebe/app/case/closure.hpp"
#include "glebe/app/case/frost.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace glebe {
namespace {

constexpr double hour = 3600.0;
using Values = std::vector<double>;

Values hourly(std::size_t n, double first = 0.0) {
  Values time;
  for (std::size_t k = 0; k < n; ++k) time.push_back(first + hour * double(k));
  return time;
}

TEST(Frost, IsBelowZeroByMoreThanAThermometersError) {
  const Values time = hourly(4);
  EXPECT_EQ(frost_of(time, Values{274.0, 273.0, 272.9, 270.0}).below, 0.5);
  EXPECT_FALSE(frost_of(time, Values{274.0, 273.0, 273.1, 274.0}).any());
  EXPECT_EQ(frost_of(time, Values{274.0, std::nan(""), 272.0, std::nan("")}).below, 0.5);
  EXPECT_FALSE(frost_of({}, {}).any());
}

TEST(Frost, APlateauIsATimeAtZeroWithoutAGap) {
  Values time = hourly(100), value(100, 273.2);
  EXPECT_EQ(frost_of(time, value).plateau, 99.0);
  EXPECT_TRUE(frost_of(time, value).any());
  value[40] = 275.0;
  EXPECT_EQ(frost_of(time, value).plateau, 58.0);
  value[40] = std::nan("");
  EXPECT_EQ(frost_of(time, value).plateau, 99.0);
  for (std::size_t k = 40; k < 100; ++k) time[k] += 7.0 * hour;
  EXPECT_EQ(frost_of(time, value).plateau, 58.0);
  // A daily wave passes.
  for (std::size_t k = 0; k < 100; ++k)
    value[k] = 273.15 + 3.0 * std::sin(std::numbers::pi * double(k) / 12.0);
  EXPECT_LT(frost_of(time, value).plateau, 3.0);
}

TEST(Frost, ColdDaysAreThoseWhoseMeanIsBelowZero) {
  Values value(72, 275.0);
  for (std::size_t k = 24; k < 48; ++k) value[k] = 272.0;
  for (std::size_t k = 48; k < 54; ++k) value[k] = 260.0; // a cold morning
  const ColdDays found = cold_days_of(hourly(72), value);
  EXPECT_EQ(found.all, 3.0);
  EXPECT_EQ(found.cold, 2.0);
  // Five hours of a day are no day.
  const ColdDays part = cold_days_of(hourly(29), Values(29, 270.0));
  EXPECT_EQ(part.all, 1.0);
}

Closure closure(double in_step, double in_change) {
  Closure made;
  for (std::size_t h = 0; h < 24; ++h) {
    const double angle = std::numbers::pi * (double(h) + 0.5 - 12.0) / 12.0;
    const double radiation = 100.0 + 300.0 * std::cos(angle), ground = 40.0 * std::cos(angle);
    const double missing = in_step * (radiation - 100.0) - in_change * 300.0 * std::sin(angle);
    made.hour[h] = {2.0, 2.0 * radiation, 2.0 * ground, 2.0 * (radiation - ground - missing)};
    if (radiation < 0.0) made.night += made.hour[h];
  }
  return made;
}

TEST(Closure, ThePhaseOfWhatIsMissingTellsWhatIsLostAndWhatIsStored) {
  const auto lost = *closure(0.2, 0.0).phase();
  EXPECT_NEAR(lost[0], 0.2, 1e-12);
  EXPECT_NEAR(lost[1], 0.0, 1e-12);
  const auto stored = *closure(0.05, 0.15).phase();
  EXPECT_NEAR(stored[0], 0.05, 1e-12);
  EXPECT_NEAR(stored[1], 0.15, 1e-12);
  EXPECT_NE(in_words(closure(0.2, 0.0)).find("goes with the net radiation: likely turbulent flux"),
            std::string::npos);
  EXPECT_NE(in_words(closure(0.05, 0.15)).find("most in the morning: likely heat stored"),
            std::string::npos);
  EXPECT_NE(in_words(closure(0.05, -0.15)).find("most in the afternoon"), std::string::npos);
  Closure gap = closure(0.2, 0.0);
  gap.hour[3] = {};
  EXPECT_FALSE(gap.phase());
}

TEST(Closure, RatioAndMissingByDayAndNight) {
  EXPECT_EQ(in_words(closure(0.0, 0.0)), "");
  const Closure made = closure(0.2, 0.0);
  EXPECT_EQ(made.all().count, 48.0);
  EXPECT_EQ(made.day().count + made.night.count, 48.0);
  EXPECT_NEAR(made.all().ratio(), 1.0, 1e-12); // what is missing by day is too much by night
  EXPECT_GT(made.day().mean_missing(), Closure::small);
  EXPECT_LT(made.night.mean_missing(), -Closure::small);
  EXPECT_TRUE(std::isnan(made.night.ratio()));
  EXPECT_FALSE(made.closes());
}

} // namespace
} // namespace glebe
