// SPDX-License-Identifier: BSD-3-Clause
// The sun against published numbers.
#include "glebe/data/sun_series.hpp"

#include <gtest/gtest.h>

#include <array>

namespace glebe {
namespace {

constexpr double days_to(int day, double hour) { return (day - 1 + hour / 24.0) / 365.0; }

// The example of Reda and Andreas (2004), Solar Energy 76, 577-589: Golden, Colorado, 12:30:30 at
// UTC-7 on 17 October 2003.
TEST(Sun, StandsWhereTheSolarPositionAlgorithmSays) {
  const double second = 19.0 * 3600.0 + 1830.0;
  const Sun sun = sun_at(days_to(290, second / 3600.0));
  EXPECT_NEAR(sun.declination / degree, -9.3143, 0.25); // of the cycle of leap years
  EXPECT_NEAR(sun.equation_of_time / 60.0, 14.6415, 0.6);
  EXPECT_NEAR(1.0 / std::sqrt(sun.closeness), 0.9965, 5e-4);
  const double z = cos_zenith(sun, 39.742476, hour_angle(sun, second, -105.1786));
  EXPECT_NEAR(std::acos(z) / degree, 50.1279, 0.3); // refraction apart
}

// The extremes of the equation of time and its zeros, of any almanac [min].
TEST(Sun, IsEarlyAndLate) {
  for (const auto& [day, minutes] : {std::pair{42, -14.2},
                                     {105, 0.0},
                                     {134, 3.7},
                                     {164, 0.0},
                                     {207, -6.5},
                                     {244, 0.0},
                                     {307, 16.4},
                                     {359, 0.0}})
    EXPECT_NEAR(sun_at(days_to(day, 12)).equation_of_time / 60.0, minutes, 0.6) << day;
}

// Daily radiation above the atmosphere: example 8 of FAO Irrigation and Drainage Paper 56 (Allen et
// al. 1998), 3 September at 20 degrees south, and of its table 2.6 the middles of January at 40
// degrees north and of June at the equator [MJ m-2]. Its solar constant is 1367 W m-2, its
// declination a single sine, half a degree off in September.
TEST(Sun, GivesTheRadiationAboveTheAtmosphere) {
  struct Case {
    int day;
    double latitude, megajoule;
  };
  for (const auto& [day, latitude, megajoule] :
       {Case{246, -20, 32.2}, Case{15, 40, 15.0}, Case{167, 0, 33.4}}) {
    double sum = 0.0;
    for (int minute = 5; minute < 1440; minute += 10) {
      const Sun sun = sun_at(days_to(day, minute / 60.0));
      sum += 600e-6 *
             extraterrestrial(sun, cos_zenith(sun, latitude, hour_angle(sun, 60.0 * minute, 0.0)));
    }
    EXPECT_NEAR(sum * 1367.0 / solar_constant, megajoule, 0.018 * megajoule) << day;
  }
}

// Solstices and equinoxes of 2004 (US Naval Observatory, UTC).
TEST(SunSeries, KnowsTheYear) {
  const ModelTime time{Calendar::standard, {2004, 1, 1, 0.0}, 3600.0, 8784, Scheme::sdirk2};
  struct Case {
    DateTime instant;
    double declination;
  };
  for (const auto& [instant, declination] :
       {Case{{2004, 3, 20, 24540.0}, 0.0}, Case{{2004, 6, 21, 3420.0}, 23.44},
        Case{{2004, 9, 22, 59400.0}, 0.0}, Case{{2004, 12, 21, 45720.0}, -23.44}}) {
    const double t = seconds_between(time.calendar, time.start, instant);
    const SunSeries sun(time, std::vector<TimeInterval>{{t, t}});
    // At the pole the sun's height is the declination.
    EXPECT_NEAR(90.0 - std::acos(sun.cos_zenith(0, Position{90, 0})) / degree, declination, 0.3);
  }
}

// The same place in years of 360, 365 and 366 days; noon where the longitude says; a mean over a
// day is the integral.
TEST(SunSeries, TakesEveryCalendarAndInterval) {
  for (const Calendar calendar : {Calendar::day_360, Calendar::noleap, Calendar::all_leap}) {
    const ModelTime time{calendar, {2001, 7, 1, 0.0}, 3600.0, 24, Scheme::sdirk2};
    const double noon = 43200.0 + 7.5 * 3600.0; // at 112.5 degrees west
    const SunSeries sun(time, std::vector<TimeInterval>{{noon, noon}, {0.0, 86400.0}});
    EXPECT_NEAR(90.0 - std::acos(sun.cos_zenith(0, Position{90, 0})) / degree, 23.1, 0.4);
    EXPECT_NEAR(sun.hour_angle(0, -112.5), -3.8 / 1440.0 * 2.0 * std::numbers::pi, 0.01);
    // FAO 56, table 2.6: 41.4 MJ m-2 in the middle of July at 40 degrees north, 42.0 in June.
    EXPECT_NEAR(sun.extraterrestrial(1, Position{40, 0}) * 0.0864, 41.7, 0.5);
  }
}

} // namespace
} // namespace glebe
