// SPDX-License-Identifier: BSD-3-Clause
// Synthetic residuals of every shape, alone and together, with what made them by hand.
#include "glebe/estimation/verdict/residual_shape.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <functional>
#include <numbers>
#include <vector>

namespace glebe {
namespace {

using Values = std::vector<double>;
using Of = std::function<double(double)>; ///< of the time [s]

constexpr double day = 86400.0;
constexpr double omega = 2.0 * std::numbers::pi / day;
constexpr std::array every_shape{Shape::offset, Shape::drift,     Shape::lag,
                                 Shape::depth,  Shape::amplitude, Shape::exchange};

// A wave of two harmonics that has gone down to a depth, in damping depths of the day.
double wave(double time, double depth, double late = 0.0) {
  using namespace std::complex_literals;
  double sum = 295.0;
  for (const auto& [n, amplitude] : {std::pair{1.0, 8.0 + 0.0i}, std::pair{2.0, 1.5 - 1.0i}})
    sum += (amplitude * std::exp(-(1.0 + 1.0i) * std::sqrt(n) * depth +
                                 1.0i * n * omega * (time - late - 0.55 * day)))
               .real();
  return sum;
}

/// Twelve days of values every half hour, from six o'clock.
class Site {
public:
  explicit Site(double step = 1800.0, double days = 12.0) {
    for (double t = 0.0; t < days * day; t += step) time.push_back(0.25 * day + t);
  }

  ResidualShape found(const Of& model, const Of& observed, const Of& exchange = {}) {
    Values residual, seen, change;
    for (std::size_t k = 0; k < time.size(); ++k) {
      seen.push_back(observed(time[k]));
      residual.push_back(missing.empty() || !missing[k] ? model(time[k]) - seen[k] : std::nan(""));
      if (exchange) change.push_back(exchange(time[k]));
    }
    return shape_of({time, residual, seen, change, in_soil});
  }

  Values time;
  std::vector<char> missing;
  bool in_soil = true;
};

double observed(double t) { return wave(t, 0.5); }

// Nearly everything is explained by one shape, and nearly nothing by others.
void expect_only(Shape shape, const ResidualShape& found) {
  for (const Shape one : every_shape) {
    if (std::isnan(found.part[one])) continue;
    if (one == shape)
      EXPECT_GT(found.part[one], 0.99);
    else
      EXPECT_LT(found.part[one], 0.01) << static_cast<int>(one);
  }
}

TEST(ResidualShape, Offset) {
  const ResidualShape found = Site().found([](double t) { return observed(t) + 0.7; }, observed);
  expect_only(Shape::offset, found);
  EXPECT_NEAR(found.offset, 0.7, 1e-12);
  EXPECT_NEAR(found.mean_square, 0.49, 1e-12);
  EXPECT_NEAR(found.amplitude, 1.0, 1e-10);
}

TEST(ResidualShape, Drift) {
  const ResidualShape found =
      Site().found([](double t) { return observed(t) + 0.2 * (t / day - 6.24); }, observed);
  expect_only(Shape::drift, found);
  EXPECT_NEAR(found.drift, 0.2, 1e-10);
}

TEST(ResidualShape, LagIsThatOfTheModel) {
  for (const double late : {1800.0, -1200.0}) {
    const ResidualShape found =
        Site().found([&](double t) { return wave(t, 0.5, late); }, observed);
    expect_only(Shape::lag, found);
    // The wave is not linear in the lag: of the third order in its phase.
    EXPECT_NEAR(found.lag, late, 0.02 * std::abs(late));
    EXPECT_NEAR(found.amplitude, 1.0, 0.05);
  }
}

TEST(ResidualShape, AmplitudeIsThatOfTheModel) {
  const ResidualShape found =
      Site().found([](double t) { return 295.0 + 0.8 * (observed(t) - 295.0); }, observed);
  expect_only(Shape::amplitude, found);
  EXPECT_NEAR(found.amplitude, 0.8, 1e-10);
  EXPECT_NEAR(found.lag, 0.0, 1e-6);
}

TEST(ResidualShape, DepthIsThatOfTheSensor) {
  // The sensor is deeper than the model believes it, by a twentieth of the damping depth.
  const auto model = [](double t) { return wave(t, 0.45); };
  const ResidualShape found = Site().found(model, observed);
  expect_only(Shape::depth, found);
  EXPECT_NEAR(found.depth, 0.05, 0.002);
  EXPECT_GT(found.amplitude, 1.0);
  EXPECT_LT(found.lag, 0.0);
  // At the surface there is no depth: it is a lag and an amplitude, half each of one harmonic.
  Site surface;
  surface.in_soil = false;
  const ResidualShape other = surface.found(model, observed);
  EXPECT_TRUE(std::isnan(other.part[Shape::depth]));
  EXPECT_NEAR(other.part[Shape::lag], 0.5, 0.1);
  EXPECT_NEAR(other.part[Shape::amplitude], 0.5, 0.1);
  EXPECT_NEAR(other.daily(), 1.0, 0.01);
}

TEST(ResidualShape, ALagWithTheWrongAmplitudeIsNoDepth) {
  // Early and too small: a sensor that is deeper would see the model early and too large.
  const ResidualShape found = Site().found(
      [](double t) { return 295.0 + 0.9 * (wave(t, 0.5, -1500.0) - 295.0); }, observed);
  EXPECT_EQ(found.part[Shape::depth], 0.0);
  EXPECT_NEAR(found.part[Shape::lag] + found.part[Shape::amplitude], 1.0, 0.01);
  EXPECT_GT(found.part[Shape::lag], 0.3);
  EXPECT_GT(found.part[Shape::amplitude], 0.3);
}

// A wind that rises in the afternoon makes the exchange another shape than the temperature has.
double exchange(double t) {
  return std::cos(omega * (t - 0.7 * day)) + 0.6 * std::cos(2.0 * omega * (t - 0.65 * day));
}

TEST(ResidualShape, Exchange) {
  const ResidualShape found =
      Site().found([](double t) { return observed(t) - 0.4 * exchange(t); }, observed, exchange);
  expect_only(Shape::exchange, found);
  EXPECT_NEAR(found.alone[Shape::exchange], found.part[Shape::exchange], 1e-12);
  // Without knowing the exchange, no shape is right.
  EXPECT_LT(
      Site().found([](double t) { return observed(t) - 0.4 * exchange(t); }, observed).daily(),
      0.9);
}

TEST(ResidualShape, PartsOfSeveralAreInTheirProportion) {
  const ResidualShape found = Site().found(
      [](double t) {
        return observed(t) + 1.0 + 0.3 * (t / day - 6.24) + std::sqrt(2.0) * exchange(t);
      },
      observed, exchange);
  const double drift = 0.09 * 12.0 * 12.0 / 12.0, daily = 1.0 + 0.36, all = 1.0 + drift + daily;
  EXPECT_NEAR(found.mean_square, all, 0.15);
  EXPECT_NEAR(found.part[Shape::offset], 1.0 / all, 0.01);
  EXPECT_NEAR(found.part[Shape::drift], drift / all, 0.01);
  EXPECT_NEAR(found.part[Shape::exchange], daily / all, 0.01);
}

TEST(ResidualShape, ShapesThatLookAlikeAreNotCountedTwice) {
  const auto like = [](double t) {
    return -0.01 * (observed(t) - 295.0) + 1e-3 * std::sin(omega * t);
  };
  const ResidualShape found =
      Site().found([](double t) { return 295.0 + 0.8 * (observed(t) - 295.0); }, observed, like);
  EXPECT_GT(found.part[Shape::amplitude], 0.99);
  EXPECT_LT(found.part[Shape::exchange], 0.01);
  EXPECT_GT(found.alone[Shape::exchange], 0.9);
  EXPECT_LE(found.daily(), 1.0 + 1e-9);
}

TEST(ResidualShape, GapsDoNotMakeShapes) {
  Site site;
  for (std::size_t k = 0; k < site.time.size(); ++k) site.missing.push_back(k % 7 < 3);
  const ResidualShape found = site.found([](double t) { return wave(t, 0.5, 1800.0); }, observed);
  expect_only(Shape::lag, found);
}

TEST(ResidualShape, NothingIsSaidOfWhatIsNotSeen) {
  // By day alone there is no mean day; a day and a half has neither a mean day nor a drift.
  Site by_day;
  for (const double t : by_day.time)
    by_day.missing.push_back(std::fmod(t, day) < 0.3 * day || std::fmod(t, day) > 0.7 * day);
  const auto late = [](double t) { return wave(t, 0.5, 1800.0); };
  EXPECT_TRUE(std::isnan(by_day.found(late, observed).part[Shape::lag]));
  EXPECT_FALSE(std::isnan(by_day.found(late, observed).part[Shape::drift]));
  const ResidualShape short_one = Site(1800.0, 1.4).found(late, observed);
  EXPECT_TRUE(std::isnan(short_one.part[Shape::lag]));
  EXPECT_TRUE(std::isnan(short_one.part[Shape::drift]));
  EXPECT_FALSE(std::isnan(short_one.part[Shape::offset]));
  // Six hours apart only the first harmonic is known, twelve none.
  EXPECT_FALSE(std::isnan(Site(6 * 3600.0).found(late, observed).part[Shape::lag]));
  EXPECT_TRUE(std::isnan(Site(12 * 3600.0).found(late, observed).part[Shape::lag]));
  // No values, no misfit, nothing that changes.
  EXPECT_TRUE(std::isnan(shape_of({}).mean_square));
  const ResidualShape perfect = Site().found(observed, observed);
  EXPECT_EQ(perfect.mean_square, 0.0);
  EXPECT_TRUE(std::isnan(perfect.part[Shape::offset]));
  const ResidualShape constant = Site().found([](double t) { return 280.0 + std::cos(omega * t); },
                                              [](double) { return 280.0; });
  EXPECT_TRUE(std::isnan(constant.part[Shape::lag]));
}

TEST(ResidualShape, PeakOfTheMeanDay) {
  const ResidualShape found = Site().found(
      [](double t) { return observed(t) - 0.5 * std::cos(omega * (t - 15.0 / 24.0 * day)); },
      observed);
  EXPECT_NEAR(found.peak, -0.5, 1e-6);
  EXPECT_EQ(found.peak_hour, 15.0);
}

// Where local time is 7 hours behind that of the series, and 40 minutes ahead: at a half hour.
TEST(ResidualShape, PeakByLocalTime) {
  Values time, residual, seen;
  for (double t = 0.0; t < 12.0 * day; t += 1800.0) {
    time.push_back(t);
    seen.push_back(observed(t));
    const double angle = omega * (t - 15.0 / 24.0 * day);
    residual.push_back(0.5 * std::cos(angle) + 0.1 * std::cos(2.0 * angle));
  }
  const auto hour = [&](double to_local) {
    return shape_of({time, residual, seen, {}, true, to_local}).peak_hour;
  };
  EXPECT_EQ(hour(0.0), 15.0);
  EXPECT_EQ(hour(-7.0 * 3600.0), 8.0);
  EXPECT_EQ(hour(2400.0), 15.5);
  EXPECT_EQ(hour(12.0 * 3600.0), 3.0);
}

// A finder that has seen another series finds what one does that has seen none: the same times,
// then one value less, another value less, other times.
TEST(ResidualShape, does_not_depend_on_the_series_before) {
  ShapeFinder finder;
  Site early, late;
  for (double& t : late.time) t += 3600.0;
  for (const auto& [site, missing] :
       {std::pair{&early, 0}, std::pair{&early, 0}, std::pair{&early, 7}, std::pair{&early, 8},
        std::pair{&late, 8}, std::pair{&early, 8}}) {
    Values residual, seen, exchange;
    for (const double t : site->time) {
      seen.push_back(observed(t));
      residual.push_back(wave(t, 0.6) - seen.back());
      exchange.push_back(std::max(0.0, std::sin(omega * t)));
    }
    if (missing > 0) residual[std::size_t(missing)] = std::nan("");
    const ResidualSeries series{site->time, residual, seen, exchange, true};
    const ResidualShape found = finder.of(series), expected = shape_of(series);
    EXPECT_EQ(found.mean_square, expected.mean_square);
    EXPECT_EQ(found.depth, expected.depth);
    EXPECT_EQ(found.lag, expected.lag);
    EXPECT_EQ(found.drift, expected.drift);
    EXPECT_EQ(found.peak_hour, expected.peak_hour);
    for (const Shape shape : every_shape) EXPECT_EQ(found.part[shape], expected.part[shape]);
  }
}

} // namespace
} // namespace glebe
