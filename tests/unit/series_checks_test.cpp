// SPDX-License-Identifier: BSD-3-Clause
// Every check of a series complains of what it is for, and no check of a series that is right.
#include "glebe/data/series_checks.hpp"
#include "glebe/data/sign_checks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace glebe {
namespace {

SeriesFacts facts(double mean, double least, double most) {
  return {200, 100.0, mean, least, most, 1.0, mean};
}

// A week of summer in the mountains.
WeatherFacts summer() {
  WeatherFacts w;
  w.of[Input::shortwave] = facts(250, 0, 1000);
  w.of[Input::longwave] = facts(330, 250, 400);
  w.of[Input::air_temperature] = facts(291, 279, 303);
  w.of[Input::humidity] = facts(0.008, 0.004, 0.012);
  w.of[Input::pressure] = facts(8.5e4, 8.4e4, 8.6e4);
  w.of[Input::wind] = facts(3, 0.1, 9);
  w.longwave_ratio = 0.8;
  w.humidity_ratio = 0.5;
  w.night_shortwave = 0.3;
  w.most_light = 1250;
  w.clearness = 0.6;
  return w;
}

std::string complaints(const WeatherFacts& weather) {
  std::string text;
  for (const InputCheck& check : input_checks())
    if (check.wrong(weather.of[check.input], weather))
      text += std::string(info(check.input).name) + " " + check.what + "\n";
  return text;
}

void expect_one(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

TEST(SeriesChecks, InputsThatCannotBeRight) {
  EXPECT_EQ(complaints(summer()), "");
  const auto with = [](auto change) {
    WeatherFacts weather = summer();
    change(weather);
    return complaints(weather);
  };
  expect_one(with([](auto& w) { w.of[Input::shortwave] = facts(0.25, 0, 1); }),
             "shortwave never above 20 W m-2");
  expect_one(with([](auto& w) { w.clearness = 1.3; }), "shortwave more than reaches the top");
  expect_one(with([](auto& w) { w.night_shortwave = 30; }), "shortwave more than 20 W m-2");
  expect_one(with([](auto& w) { w.longwave_ratio = 0.3; }), "longwave on average not");
  expect_one(with([](auto& w) { w.longwave_ratio = 1.2; }), "longwave on average not");
  expect_one(with([](auto& w) { w.of[Input::air_temperature].held_hours = 30; }),
             "air_temperature does not change");
  expect_one(with([](auto& w) { w.of[Input::air_temperature].mean = 335; }),
             "air_temperature above 50 degC");
  expect_one(with([](auto& w) { w.humidity_ratio = 1.4; }), "humidity on average more than");
  expect_one(with([](auto& w) { w.humidity_ratio = 5e-4; }), "humidity on average less than");
  expect_one(with([](auto& w) { w.of[Input::pressure].least = 6e4; }), "pressure differs");
  expect_one(with([](auto& w) { w.of[Input::wind] = facts(0.003, 0, 0.009); }),
             "wind never above 0.1 m s-1");
  expect_one(with([](auto& w) { w.of[Input::wind] = facts(60, 2, 140); }), "wind above 40 m s-1");
  // A polar night is dark, and a place that is not known tells nothing of the sun.
  EXPECT_EQ(with([](auto& w) {
              w.of[Input::shortwave] = facts(0.25, 0, 1);
              w.most_light = WeatherFacts::unknown;
            }),
            "");
}

TEST(SeriesChecks, ObservationsThatCannotBeRight) {
  const auto complaints = [](ObservationKind kind, const ObservationFacts& facts) {
    std::string text;
    for (const ObservationCheck& check : observation_checks())
      if (check.kind == kind && check.wrong(facts)) text += std::string(check.what) + "\n";
    return text;
  };
  using enum ObservationKind;
  ObservationFacts right{facts(294, 288, 300), 0.05, 291, 410};
  EXPECT_EQ(complaints(soil_temperature, right), "");
  ObservationFacts wrong = right;
  wrong.of.mean = 345;
  expect_one(complaints(soil_temperature, wrong), "more than 30 K from the air");
  expect_one(complaints(surface_temperature, wrong), "more than 30 K from the air");
  wrong = right;
  wrong.of.held_hours = 150;
  expect_one(complaints(soil_temperature, wrong), "does not change");
  wrong.of.held_at = 273.1; // freezing holds it there
  EXPECT_EQ(complaints(soil_temperature, wrong), "");
  expect_one(complaints(longwave_up, {facts(150, 100, 200), 0, 291, 410}), "not 0.6 to 1.6");
  EXPECT_EQ(complaints(longwave_up, {facts(450, 350, 600), 0, 291, 410}), "");
  expect_one(complaints(net_radiation, {facts(0.1, -0.1, 0.7), 0, 291, 410}), "less than 10");
}

TEST(SeriesChecks, FactsOfASeries) {
  const double nan = std::nan("");
  std::vector<double> values{1, 2, nan, 3};
  values.insert(values.end(), 14, 5.0);
  const SeriesFacts found = facts_of(values, 1800.0);
  EXPECT_EQ(found.n, 17u);
  EXPECT_DOUBLE_EQ(found.mean, 76.0 / 17.0);
  EXPECT_DOUBLE_EQ(found.least, 1.0);
  EXPECT_DOUBLE_EQ(found.most, 5.0);
  EXPECT_DOUBLE_EQ(found.hours, 8.5);
  EXPECT_DOUBLE_EQ(found.held_hours, 7.0);
  EXPECT_DOUBLE_EQ(found.held_at, 5.0);
  EXPECT_EQ(facts_of({}, 1800.0).n, 0u);
}

// A flux at a depth follows the sun by hours; one of the other sign does so too.
TEST(SignChecks, CorrelationWithTheSun) {
  SunDrive drive;
  std::vector<TimeInterval> intervals;
  std::vector<double> flux, reversed;
  for (int hour = 0; hour < 96; ++hour) {
    const TimeInterval one{hour * 3600.0, hour * 3600.0 + 3600.0};
    const double angle = 2.0 * std::numbers::pi * (hour - 12) / 24.0;
    drive.intervals.push_back(one);
    drive.values.push_back(std::max(0.0, 900.0 * std::cos(angle)));
    intervals.push_back(one);
    flux.push_back(80.0 * std::cos(angle - 3.0 * std::numbers::pi / 12.0));
    reversed.push_back(-flux.back());
  }
  const double r = correlation_with_sun(intervals, flux, drive, 4.0);
  EXPECT_GT(r, 0.9);
  EXPECT_NEAR(correlation_with_sun(intervals, reversed, drive, 4.0), -r, 1e-12);
  EXPECT_LT(std::abs(correlation_with_sun(intervals, flux, drive, 0.0)), r);
  flux.resize(30); // hardly more than a day
  intervals.resize(30);
  EXPECT_TRUE(std::isnan(correlation_with_sun(intervals, flux, drive, 4.0)));
}

TEST(SignChecks, FluxesOfTheSurfaceHaveRules) {
  for (std::size_t k = 0; k < observation_kind_count; ++k) {
    const auto kind = static_cast<ObservationKind>(k);
    const std::string unit = info(kind).unit;
    EXPECT_EQ(sign_rule(kind) != nullptr, unit == "W m-2" && kind != ObservationKind::longwave_up)
        << info(kind).name;
  }
}

} // namespace
} // namespace glebe
