// SPDX-License-Identifier: BSD-3-Clause
// Causes in the order of what the residuals show, and their wording word for word.
#include "glebe/estimation/verdict/causes.hpp"
#include "glebe/estimation/verdict/conflicts.hpp"

#include <gtest/gtest.h>

namespace glebe {
namespace {

ObservationSettings stream(const std::string& name, ObservationKind kind) {
  ObservationSettings settings;
  settings.name = name;
  settings.kind = kind;
  return settings;
}

const ObservationSettings soil = stream("T_5cm", ObservationKind::soil_temperature);
const ObservationSettings skin = stream("skin", ObservationKind::surface_temperature);

StreamMisfit misfit(const ObservationSettings& of, double squares, std::array<double, 6> parts) {
  StreamMisfit one{.stream = &of,
                   .rmse = 0.5,
                   .squares = squares,
                   .per_value = 3.0,
                   .damping_depth = 0.1,
                   .shape = {}};
  one.shape.part = {parts};
  one.shape.alone = {parts};
  one.shape.offset = -0.25;
  one.shape.drift = 0.03;
  one.shape.lag = -1200.0;
  one.shape.depth = 0.08;
  one.shape.amplitude = 1.12;
  one.shape.peak = 0.4;
  one.shape.peak_hour = 14.5;
  return one;
}

TEST(Causes, StandInTheOrderOfTheirShareOfTheWholeMisfit) {
  const std::vector misfits{misfit(soil, 300.0, {0.1, 0.0, 0.0, 0.5, 0.0, 0.2}),
                            misfit(skin, 100.0, {0.0, 0.0, 0.3, std::nan(""), 0.0, 0.6})};
  EXPECT_EQ(
      causes_in_words(misfits, Sight::all),
      "the depth of T_5cm (38 %), the exchange with the air (30 %), a constant error of T_5cm "
      "or of the energy balance (8 %)");
  EXPECT_EQ(
      causes_in_words(misfits, Sight::soil),
      "the depth of T_5cm (50 %), the exchange with the air (20 %), a constant error of T_5cm "
      "or of the energy balance (10 %)");
  EXPECT_TRUE(shows_phase(misfits, Sight::soil));
}

TEST(Causes, DepthsAndTimesAreToBeCheckedOnlyWhereThePhaseSaysSo) {
  const std::vector misfits{misfit(soil, 300.0, {0.0, 0.3, 0.01, 0.02, 0.4, 0.0}),
                            misfit(skin, 100.0, {0.0, 0.0, 0.5, std::nan(""), 0.0, 0.0})};
  EXPECT_FALSE(shows_phase(misfits, Sight::soil));
  EXPECT_TRUE(shows_phase(misfits, Sight::all)); // the time stamps of the skin: an eighth of all
  EXPECT_EQ(
      likely_causes(misfits, Sight::soil),
      "; likely, in the order of the residuals: the amplitude of T_5cm (calibration, shading, "
      "absorbed radiation) (40 %), a drift (water in the soil, plants, the initial or deep "
      "temperature) (30 %)");
}

TEST(Causes, ErrorsThatLookAlikeAreNamedTogether) {
  StreamMisfit alike = misfit(skin, 300.0, {0.0, 0.0, 0.4, std::nan(""), 0.0, 0.1});
  alike.shape.alone[Shape::exchange] = 0.39;
  EXPECT_EQ(
      causes_in_words(std::span(&alike, 1), Sight::all),
      "the time stamps of skin or the exchange with the air, which look alike here (40 %), the "
      "exchange with the air (10 %)");
  EXPECT_FALSE(shows_phase(std::span(&alike, 1), Sight::all));
  alike.shape.alone[Shape::exchange] = 0.2;
  EXPECT_TRUE(shows_phase(std::span(&alike, 1), Sight::all));
}

TEST(Causes, WithheldStreamsAndMisfitsWithoutShapeTellNone) {
  std::vector misfits{misfit(soil, 300.0, {0.0, 0.01, 0.02, 0.03, 0.0, 0.04})};
  EXPECT_EQ(
      likely_causes(misfits, Sight::all),
      "; the residuals have none of the shapes of a wrong depth, time, amplitude or exchange");
  misfits[0].per_value = 1e-5;
  EXPECT_EQ(likely_causes(misfits, Sight::all), "");
  misfits[0].per_value = 3.0;
  misfits[0].fitted = false;
  EXPECT_EQ(likely_causes(misfits, Sight::all), "");
  EXPECT_EQ(likely_causes({}, Sight::soil), "");
}

TEST(Causes, ADistanceInItsUnit) {
  const auto words = [](double depth) {
    StreamMisfit one = misfit(soil, 300.0, {0.0, 0.0, 0.0, 0.5, 0.0, 0.0});
    one.shape.depth = depth;
    return in_words(one);
  };
  EXPECT_NE(words(-0.002).find("(shallower, by 0.2 mm that"), std::string::npos);
  EXPECT_NE(words(0.12).find("(deeper, by 1.2 cm that"), std::string::npos);
  EXPECT_NE(words(0.0001).find("another depth of the sensor; on its mean day"), std::string::npos);
}

TEST(Causes, AStreamInWords) {
  EXPECT_EQ(in_words(misfit(soil, 300.0, {0.1, 0.0, 0.02, 0.5, 0.0, 0.2})),
            "residuals of T_5cm, rmse 0.5 K: 50 % of the squared misfit has the shape of another "
            "depth of the sensor (deeper, by 8.0 mm that the fit has not taken up), 20 % of the "
            "exchange with the air, 10 % of a "
            "constant (-0.25 K); on its mean day the model is 12 % too large, 20 min early, most "
            "wrong at 14:30 UTC (+0.4 K)");
  StreamMisfit alike = misfit(skin, 300.0, {0.0, 0.0, 0.0, std::nan(""), 0.4, 0.0});
  alike.shape.alone[Shape::exchange] = 0.39;
  alike.shape.lag = 0.0;
  alike.local_solar = true;
  EXPECT_EQ(in_words(alike),
            "residuals of skin, rmse 0.5 K: 40 % of the squared misfit has the shape of an "
            "amplitude, or as well of the exchange with the air; on its mean day the model is 12 % "
            "too large, most wrong at 14:30 local solar time (+0.4 K)");
  EXPECT_EQ(
      in_words(misfit(skin, 1.0, {0.01, 0.0, 0.0, 0.0, 0.0, 0.0})),
      "residuals of skin, rmse 0.5 K: the misfit has none of the shapes of an offset, a drift, "
      "a wrong depth, time, amplitude or exchange");
}

TEST(Conflicts, TemperaturesBeyondAllThatWasMeasured) {
  TemperatureRange range;
  EXPECT_EQ(range.beyond(240.0), 0.0); // nothing was measured
  for (const double value : {290.0, 310.0, std::nan("")}) range.include(value);
  EXPECT_EQ(range.beyond(240.0), -50.0);
  EXPECT_EQ(range.beyond(285.0), 0.0);
  EXPECT_EQ(range.beyond(284.9), 284.9 - 290.0);
  EXPECT_EQ(range.beyond(316.0), 6.0);
  EXPECT_EQ(range.beyond(std::nan("")), 0.0);
}

TEST(Conflicts, OnlyTemperaturesAreBeyond) {
  VerdictContext context;
  context.controls = {{"deep_temperature", Parameter::deep_temperature, 240, 320, 3.0},
                      {"heat_transfer", Parameter::heat_transfer, 0, 500, 0.0}};
  ColumnEstimates column{{250.0, 400.0}, {291.0, 10.0}, {AtBound::free, AtBound::free}, {}, {}};
  column.measured.include(280.0);
  EXPECT_EQ(beyond_measured(context, column), (std::vector{-30.0, 0.0}));
  EXPECT_NEAR(from_prior(context.controls[0], 250.0, 291.0), -41.0 / 3.0, 1e-12);
  EXPECT_EQ(from_prior(context.controls[1], 400.0, 10.0), 0.0);
}

} // namespace
} // namespace glebe
