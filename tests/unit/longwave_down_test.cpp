// SPDX-License-Identifier: BSD-3-Clause
// Parameterised longwave radiation against numbers worked out by hand.
#include "glebe/data/modelled_longwave.hpp"
#include "glebe/physics/laws/humidity.hpp"
#include "glebe/physics/laws/longwave_down.hpp"
#include "glebe/physics/laws/saturation.hpp"

#include <gtest/gtest.h>

namespace glebe {
namespace {

// At 293 K and 10 hPa: sigma T^4 = 417.909 W m-2, e / T = 0.0341297 hPa K-1, w = 1.58703 cm.
TEST(LongwaveDown, ClearSkies) {
  const auto radiation = [](LongwaveModel model) {
    return longwave_down(clear_sky_emissivity(model, 293.0, 1000.0), 293.0);
  };
  EXPECT_NEAR(longwave_down(1.0, 293.0), 417.909, 1e-3);
  EXPECT_NEAR(radiation(LongwaveModel::brutsaert), 319.85, 0.02);     // 1.24 * 0.61723
  EXPECT_NEAR(radiation(LongwaveModel::prata), 323.82, 0.02);         // 1 - 2.58703 * 0.087027
  EXPECT_NEAR(radiation(LongwaveModel::dilley_obrien), 309.80, 0.02); // 59.38 + 173.17 + 77.25
}

TEST(LongwaveDown, Clouds) {
  EXPECT_DOUBLE_EQ(cloudy_emissivity(Cloud::none, 0.76, 0.5), 0.76);
  EXPECT_DOUBLE_EQ(cloudy_emissivity(Cloud::crawford_duchon, 0.76, 0.5), 0.88);
  EXPECT_DOUBLE_EQ(cloudy_emissivity(Cloud::crawford_duchon, 0.76, 1.0), 1.0);
  EXPECT_DOUBLE_EQ(cloudy_emissivity(Cloud::tva, 0.8, 0.5), 0.8 * 1.0425);
  for (const Cloud cloud : {Cloud::crawford_duchon, Cloud::tva})
    EXPECT_DOUBLE_EQ(cloudy_emissivity(cloud, 0.76, 0.0), 0.76);
}

TEST(LongwaveDown, HumidityAndHeight) {
  // A saturated kilogram has its saturation pressure.
  const double q = saturation_humidity(293.0, 9e4).value;
  EXPECT_NEAR(vapour_pressure(q, 9e4), saturation_pressure(293.0).value, 1e-8);
  // The example 2 of FAO 56: 1800 m is 81.8 kPa.
  EXPECT_NEAR(clear_sky_transmissivity(81.8e3), 0.75 + 2e-5 * 1800.0, 1e-4);
  EXPECT_NEAR(clear_sky_transmissivity(101.3e3), 0.75, 1e-12);
}

/// Days of twelve hours, hourly, of which clouds take a part; dark otherwise.
struct Days {
  std::vector<double> middles, shortwave, clear;
  explicit Days(const std::vector<double>& taken_off) {
    for (std::size_t i = 0; i < 24 * taken_off.size(); ++i) {
      const double hour = static_cast<double>(i % 24) + 0.5;
      middles.push_back(3600.0 * (static_cast<double>(i) + 0.5));
      clear.push_back(hour > 6.0 && hour < 18.0 ? 800.0 : 0.0);
      shortwave.push_back(clear.back() * (1.0 - taken_off[i / 24]));
    }
  }
  std::vector<double> cloud() const { return cloudiness(middles, shortwave, clear); }
};

TEST(Cloudiness, IsThatOfTheDayAndLinearAtNight) {
  const auto cloud = Days({0.0, 0.6, 0.6}).cloud();
  ASSERT_EQ(cloud.size(), 72u);
  EXPECT_NEAR(cloud[2], 0.0, 1e-12);  // before the first day
  EXPECT_NEAR(cloud[12], 0.0, 1e-12); // noon
  EXPECT_NEAR(cloud[17], 0.0, 1e-12); // the last hour of day
  EXPECT_NEAR(cloud[23], 0.6 * 6.0 / 13.0, 1e-12);
  EXPECT_NEAR(cloud[30], 0.6, 1e-12); // the first hour of day
  EXPECT_NEAR(cloud[71], 0.6, 1e-12); // after the last day
  EXPECT_NEAR(Days({-0.2}).cloud()[12], 0.0, 1e-12) << "brighter than a clear sky";
}

// Around a record by day counts what falls in an hour and a half before and after it.
TEST(Cloudiness, IsSmoothByDay) {
  Days days({0.0});
  days.shortwave[12] = 0.0;
  const auto cloud = days.cloud();
  EXPECT_NEAR(cloud[12], 1.0 / 3.0, 1e-12);
  EXPECT_NEAR(cloud[11], 1.0 / 3.0, 1e-12);
  EXPECT_NEAR(cloud[10], 0.0, 1e-12);
}

TEST(Cloudiness, CannotBeToldWithoutTheSun) {
  Days days({0.2, 0.2, 0.2, 0.2});
  std::fill(days.clear.begin() + 20, days.clear.begin() + 70, 0.0);
  EXPECT_TRUE(days.cloud().empty()) << "a night of two days and more";
  std::fill(days.clear.begin(), days.clear.end(), 0.0);
  EXPECT_TRUE(days.cloud().empty());
}

} // namespace
} // namespace glebe
