// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/data/knots.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace glebe {
namespace {

constexpr double day = 86400.0;

ModelTime window(const DateTime& start, std::size_t n_step, double step = 3600.0,
                 Calendar calendar = Calendar::standard) {
  return {calendar, start, step, n_step, Scheme::sdirk2};
}

ParameterSettings listed(TimeBasis basis, std::vector<DateTime> dates) {
  ParameterSettings parameter;
  static_cast<GroupOrigin&>(parameter) = GroupOrigin("case.nml", "parameter", 9);
  parameter.time = basis;
  parameter.knots.dates = std::move(dates);
  return parameter;
}

ParameterSettings regular(TimeBasis basis, double hours) {
  ParameterSettings parameter = listed(basis, {});
  parameter.knot_interval = hours;
  return parameter;
}

ParameterSettings monthly(TimeBasis basis) {
  ParameterSettings parameter = listed(basis, {});
  parameter.knots.monthly = true;
  return parameter;
}

/// The parameter in every step for the given values at the knots.
std::vector<double> in_steps(const KnotSchedule& knots, const std::vector<double>& values) {
  EXPECT_EQ(values.size(), knots.time.size());
  std::vector<double> result;
  for (const auto& [knot, weight] : knots.at_step) {
    const auto j = static_cast<std::size_t>(knot);
    result.push_back((1 - weight) * values[j] + (weight == 0 ? 0 : weight * values[j + 1]));
  }
  return result;
}

std::string complaint(const ParameterSettings& parameter, const ModelTime& time) {
  try {
    make_knots(parameter, time);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Knots, StepsHoldUntilTheNextIrregularKnot) {
  const ModelTime time = window({2004, 5, 27, 0}, 8);
  // The second knot lies before the middle of step 1, the third after that of step 4.
  const auto knots =
      make_knots(listed(TimeBasis::steps,
                        {{2004, 5, 26, 0}, {2004, 5, 27, 1.4 * 3600}, {2004, 5, 27, 4.6 * 3600}}),
                 time);
  EXPECT_EQ(knots.time, (std::vector<double>{-day, 1.4 * 3600, 4.6 * 3600}));
  EXPECT_EQ(in_steps(knots, {1, 2, 3}), (std::vector<double>{1, 2, 2, 2, 2, 3, 3, 3}));
}

TEST(Knots, LinesAreStraightBetweenIrregularKnotsAndLevelOutside) {
  const ModelTime time = window({2004, 5, 27, 0}, 10);
  const auto knots = make_knots(
      listed(TimeBasis::linear,
             {{2004, 5, 27, 2 * 3600.0}, {2004, 5, 27, 4 * 3600.0}, {2004, 5, 27, 8 * 3600.0}}),
      time);
  // A line in time is met by its values at the knots; outside it stays at them.
  const std::vector<double> found = in_steps(knots, {20, 40, 80});
  for (std::size_t step = 0; step < found.size(); ++step) {
    const double hour = static_cast<double>(step) + 0.5;
    EXPECT_NEAR(found[step], hour < 2 ? 20 : hour > 8 ? 80 : 10 * hour, 1e-12) << step;
  }
  // The weights of the direction that perturbs a knot are those of its hat, which add up to one.
  VaryingSlot varying{{Parameter::heat_transfer}, 5, 3, knots.at_step};
  for (std::size_t step = 0; step < 10; ++step) {
    double sum = 0;
    for (std::size_t j = 0; j < 3; ++j) sum += Direction{varying.slot, &varying, j}.weight(step);
    EXPECT_DOUBLE_EQ(sum, 1.0) << step;
  }
  EXPECT_EQ((Direction{varying.slot, &varying, 2}.first_step()), 4u);
}

TEST(Knots, OneKnotIsConstant) {
  const ModelTime time = window({2004, 5, 27, 0}, 5);
  for (const TimeBasis basis : {TimeBasis::steps, TimeBasis::linear}) {
    const auto knots = make_knots(listed(basis, {{2004, 5, 27, 0}}), time);
    EXPECT_EQ(in_steps(knots, {7}), std::vector<double>(5, 7.0));
  }
  const auto after = knot_positions(TimeBasis::linear, {day}, time);
  EXPECT_EQ(after.front().knot, 0);
  EXPECT_EQ(after.front().weight, 0.0);
}

TEST(Knots, ByInterval) {
  const ModelTime time = window({2004, 5, 27, 0}, 60);
  // 60 h: the last step of a day holds to the end; the last hat stands beyond it.
  EXPECT_EQ(make_knots(regular(TimeBasis::steps, 24), time).time,
            (std::vector<double>{0, day, 2 * day}));
  EXPECT_EQ(make_knots(regular(TimeBasis::linear, 24), time).time,
            (std::vector<double>{0, day, 2 * day, 3 * day}));
  EXPECT_EQ(make_knots(regular(TimeBasis::steps, 30), time).time,
            (std::vector<double>{0, 1.25 * day}));
  EXPECT_EQ(make_knots(regular(TimeBasis::linear, 30), time).time,
            (std::vector<double>{0, 1.25 * day, 2.5 * day}));
  EXPECT_EQ(make_knots(regular(TimeBasis::steps, 1000), time).time, std::vector<double>{0});
  // As short as a step: a knot for each.
  EXPECT_EQ(make_knots(regular(TimeBasis::steps, 1), time).time.size(), 60u);
}

// A knot in the second half of the last step is not seen by any middle of a step.
TEST(Knots, GeneratedKnotsThatActInNoStepAreLeftOut) {
  const ModelTime time = window({2004, 5, 27, 0}, 25, 3600.0);
  EXPECT_EQ(make_knots(regular(TimeBasis::steps, 24.7), time).time, std::vector<double>{0});
  const auto lines = make_knots(regular(TimeBasis::linear, 24.7), time);
  EXPECT_EQ(lines.time, (std::vector<double>{0, 24.7 * 3600}));
  EXPECT_EQ(lines.at_step.back().knot, 0);
  EXPECT_NEAR(lines.at_step.back().weight, 24.5 / 24.7, 1e-12);
  // The window begins in the last half hour of May: the first of May does not act.
  const ModelTime late = window({2004, 5, 31, 23.75 * 3600}, 48);
  EXPECT_EQ(make_knots(monthly(TimeBasis::linear), late).time,
            (std::vector<double>{900, 900 + 30 * day}));
}

TEST(Knots, MonthsOfALeapYearAndOfOtherCalendars) {
  // 15 January to 10 March 2004.
  const DateTime start{2004, 1, 15, 0};
  const auto months = [&](TimeBasis basis, Calendar calendar, int days) {
    const auto steps = static_cast<std::size_t>(24 * days);
    return make_knots(monthly(basis), window(start, steps, 3600.0, calendar)).time;
  };
  const auto days = [](std::vector<double> count) {
    for (double& d : count) d *= day;
    return count;
  };
  EXPECT_EQ(months(TimeBasis::steps, Calendar::standard, 55), days({0, 17, 46}));
  EXPECT_EQ(months(TimeBasis::steps, Calendar::noleap, 54), days({0, 17, 45}));
  EXPECT_EQ(months(TimeBasis::steps, Calendar::day_360, 55), days({0, 16, 46}));
  EXPECT_EQ(months(TimeBasis::linear, Calendar::standard, 55), days({-14, 17, 46, 77}));
  EXPECT_EQ(months(TimeBasis::linear, Calendar::noleap, 54), days({-14, 17, 45, 76}));
  // A window of whole months: the last knot is at its end, and starts no further step.
  const ModelTime year = window({2004, 1, 1, 0}, 366 * 24);
  EXPECT_EQ(make_knots(monthly(TimeBasis::steps), year).time.size(), 12u);
  EXPECT_EQ(make_knots(monthly(TimeBasis::linear), year).time.size(), 13u);
  EXPECT_EQ(make_knots(monthly(TimeBasis::linear), year).time.back(), year.length());
}

TEST(Knots, ListedKnotsMustActAndBeDates) {
  const ModelTime time = window({2004, 5, 27, 0}, 48);
  EXPECT_EQ(
      complaint(listed(TimeBasis::steps, {{2004, 5, 25, 0}, {2004, 5, 26, 0}}), time),
      "case.nml:9: &parameter knots: the knot at 2004-05-25T00:00:00 is used in no step of the "
      "window, 2004-05-27T00:00:00 to 2004-05-29T00:00:00: remove it");
  EXPECT_EQ(
      complaint(listed(TimeBasis::steps, {{2004, 5, 27, 0}, {2004, 5, 29, 0}}), time),
      "case.nml:9: &parameter knots: the knot at 2004-05-29T00:00:00 is used in no step of the "
      "window, 2004-05-27T00:00:00 to 2004-05-29T00:00:00: remove it");
  // A hat acts up to its neighbours: one knot beyond either end is right, a second is not.
  EXPECT_EQ(complaint(listed(TimeBasis::linear, {{2004, 5, 20, 0}, {2004, 6, 20, 0}}), time), "");
  EXPECT_NE(
      complaint(listed(TimeBasis::linear, {{2004, 5, 20, 0}, {2004, 6, 20, 0}, {2004, 7, 20, 0}}),
                time),
      "");
  EXPECT_NE(complaint(listed(TimeBasis::linear, {{2004, 5, 28, 0}, {2004, 5, 27, 0}}), time)
                .find("must increase, but 2004-05-27T00:00:00 follows 2004-05-28T00:00:00"),
            std::string::npos);
  // Half past midnight east of Greenwich is the day before: 23:30 of the 26th, and 00:30 to the
  // west.
  const DateTime east = parse_date_time("2004-05-27T00:30+01:00");
  const ModelTime half_hours = window({2004, 5, 27, 0}, 96, 1800.0);
  const DateTime west = parse_date_time("2004-05-26T23:30-01:00");
  EXPECT_EQ(make_knots(listed(TimeBasis::steps, {east, west}), half_hours).time,
            (std::vector<double>{-1800, 1800}));
  EXPECT_NE(complaint(listed(TimeBasis::steps, {west}), time)
                .find("the first knot, 2004-05-27T00:30:00, must not be later"),
            std::string::npos);
  const ModelTime noleap = window({2004, 2, 27, 0}, 48, 3600.0, Calendar::noleap);
  const std::string text =
      complaint(listed(TimeBasis::steps, {{2004, 2, 27, 0}, {2004, 2, 29, 0}}), noleap);
  EXPECT_EQ(text.find("case.nml:9: &parameter knots: no date 2004-02-29 in the noleap calendar"),
            0u)
      << text;
}

} // namespace
} // namespace glebe
