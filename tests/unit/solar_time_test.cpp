// SPDX-License-Identifier: BSD-3-Clause
// Errors of the clock are found in series made from the sun, clouds or not, and nothing where the
// series do not tell.
#include "glebe/base/random.hpp"
#include "glebe/data/solar_time.hpp"

#include <gtest/gtest.h>

namespace glebe {
namespace {

/// A place, a season and clouds; the records' times are late by `late` [h].
struct Sky {
  Position position{31.7, -109.9};
  int month = 6;
  int days = 10;
  double interval = 1800.0; ///< [s]
  double late = 0.0;
  std::function<double(int day, double hour)> cloud = [](int, double) { return 1.0; };

  std::optional<SolarTimeError> error() const {
    const ModelTime time{Calendar::standard, {2004, month, 3, 0.0}, 3600.0, 24, Scheme::sdirk2};
    std::vector<TimeInterval> stamped, real;
    for (double t = 0.0; t < days * 86400.0; t += interval) {
      stamped.push_back({t, t + interval});
      real.push_back({t - late * 3600.0, t + interval - late * 3600.0});
    }
    const SunSeries sky(time, real);
    std::vector<double> shortwave;
    const double east = position.known() ? position.longitude : 0.0;
    for (std::size_t i = 0; i < real.size(); ++i) {
      const double local = (real[i].begin / 3600.0) + east / 15.0 + 240.0;
      const int day = static_cast<int>(local / 24.0);
      shortwave.push_back(0.75 * sky.extraterrestrial(i, position) * cloud(day, local - 24 * day));
    }
    return solar_time_error(shortwave, SunSeries(time, stamped), interval, position);
  }
};

TEST(SolarTime, FindsAnyErrorOfTheClock) {
  for (const double late : {0.0, 0.5, -0.5, 1.0, -1.0, -7.0, 5.5, 11.0}) {
    Sky sky;
    sky.late = late;
    const auto found = sky.error();
    ASSERT_TRUE(found) << late;
    EXPECT_NEAR(found->hours, late, 0.05);
    EXPECT_GE(found->days, 8);
  }
}

TEST(SolarTime, WorksEverywhere) {
  for (const auto& [latitude, month] :
       {std::pair{0.0, 3}, {-35.0, 12}, {-35.0, 6}, {50.0, 12}, {68.0, 6}, {80.0, 6}})
    for (const double interval : {1800.0, 3600.0, 10800.0}) {
      Sky sky;
      sky.position = {latitude, 25.0};
      sky.month = month;
      sky.interval = interval;
      sky.late = 1.0;
      const auto found = sky.error();
      ASSERT_TRUE(found) << latitude << " " << interval;
      EXPECT_NEAR(found->hours, 1.0, 0.15) << latitude << " " << interval;
    }
}

// Clouds of three afternoons in four, and a ridge that hides the first hour and a half.
TEST(SolarTime, IsNotMisledByCloudsAndHills) {
  for (const double late : {0.0, -1.0}) {
    Sky sky;
    sky.cloud = [](int day, double hour) {
      if (hour < 6.8) return 0.1;
      return hour > 14.0 && day % 4 != 0 ? 0.7 + 0.2 * std::sin(7.0 * hour) : 1.0;
    };
    sky.days = 16;
    sky.late = late;
    const auto found = sky.error();
    ASSERT_TRUE(found);
    EXPECT_LT(std::abs(found->hours - late), solar_time_tolerance);
    EXPECT_LE(found->days, 4);
  }
}

// Clear days that say another thing than all together are of another kind, or of a valley.
TEST(SolarTime, IsNotMisledByAFewStrangeDays) {
  Sky sky;
  sky.days = 20;
  sky.cloud = [](int day, double hour) {
    if (day % 5 == 0) return hour < 11.0 ? 1.0 : std::max(0.0, 1.0 - 0.1 * (hour - 11.0));
    return hour < 11.0 ? 0.3 : 0.8;
  };
  EXPECT_FALSE(sky.error());
}

TEST(SolarTime, SaysNothingWithoutEvidence) {
  Sky sky;
  sky.late = 1.0;
  sky.days = 2;
  EXPECT_FALSE(sky.error());
  sky.days = 20;
  sky.cloud = [](int day, double hour) {
    return 0.35 + 0.3 * random_normal(1, 0, std::uint64_t(day), std::uint64_t(2.0 * hour));
  };
  EXPECT_FALSE(sky.error()) << "broken clouds";
  sky.cloud = [](int, double) { return 0.3; };
  EXPECT_FALSE(sky.error()) << "overcast";
  Sky night;
  night.month = 12;
  for (const double latitude : {62.0, 80.0}) { // a low sun, which hills hide, and none
    night.position = {latitude, 25.0};
    EXPECT_FALSE(night.error()) << latitude;
  }
  Sky nowhere;
  nowhere.position = {};
  EXPECT_FALSE(nowhere.error());
  Sky daily;
  daily.interval = 86400.0;
  EXPECT_FALSE(daily.error());
}

TEST(SolarTime, NamesTheCause) {
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  constexpr double west = -110.0;
  has(likely_cause(-7.05, Stamp::end, 0.5, west), "local, not UTC (add 7 hours)");
  has(likely_cause(1.02, Stamp::end, 0.5, west), "offset from UTC is wrong (subtract 1 hour)");
  has(likely_cause(-0.48, Stamp::end, 0.5, west), "those of 'start', not 'end'");
  has(likely_cause(0.48, Stamp::start, 0.5, west), "those of 'end', not 'start'");
  has(likely_cause(1.0, Stamp::start, 1.0, west), "those of 'end', not 'start'");
  has(likely_cause(1.0, Stamp::start, 1.0, west), "subtract 1 hour");
  has(likely_cause(0.5, Stamp::instant, 1.0, west), "those of 'end', not 'instant'");
  has(likely_cause(-0.5, Stamp::middle, 1.0, west), "those of 'start', not 'middle'");
  has(likely_cause(0.5, Stamp::start, 1.0, west), "those of 'middle', not 'start'");
  has(likely_cause(9.33, Stamp::end, 0.5, west), "longitude has the wrong sign");
}

} // namespace
} // namespace glebe
