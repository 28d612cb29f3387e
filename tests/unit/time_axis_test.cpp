// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/data/time_axis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace glebe {
namespace {

constexpr DateTime start{2004, 5, 27, 0};

std::vector<double> seconds(const std::vector<double>& values, std::string_view units,
                            Calendar calendar = Calendar::standard) {
  return seconds_since(start, values, units, calendar, "file.nc: variable 'time'");
}

std::string complaint(const std::vector<double>& values, std::string_view units) {
  try {
    seconds(values, units);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

using Times = std::vector<double>;

TEST(TimeUnits, ReadsUnitAndReference) {
  EXPECT_EQ(parse_time_units("hours since 1998-10-01T06:00:00").seconds, 3600);
  EXPECT_EQ(parse_time_units("hours since 1998-10-01T06:00:00").reference,
            (DateTime{1998, 10, 1, 21600}));
  EXPECT_EQ(parse_time_units("days since 2000-1-1 00:00 +01:00").seconds, 86400);
  EXPECT_EQ(parse_time_units("days since 2000-1-1 00:00 +01:00").reference.second_of_day, -3600);
  EXPECT_EQ(parse_time_units("Seconds Since 2000-01-01").seconds, 1);
  EXPECT_EQ(parse_time_units(" min since 2000-01-01 UTC ").seconds, 60);
  EXPECT_EQ(parse_time_units("hrs since 2000-01-01").seconds, 3600);
  EXPECT_EQ(parse_time_units("d since 2000-01-01").seconds, 86400);
  EXPECT_DOUBLE_EQ(parse_time_units("msec since 2000-01-01").seconds, 1e-3);
  EXPECT_EQ(parse_time_units("weeks since 2000-01-01").seconds, 7 * 86400);
}

TEST(TimeUnits, RefusesOtherTexts) {
  for (const char* text : {"", "hours", "hours since", "since 2000-01-01",
                           "metres since 2000-01-01", "hours since yesterday",
                           "hours after 2000-01-01", "day as %Y%m%d.%f", "moons since 2000-01-01"})
    EXPECT_THROW(parse_time_units(text), InputError) << text;
}

TEST(TimeUnits, MonthsAndYearsAreRefusedWithAdvice) {
  for (const char* text : {"months since 2000-01-01", "month since 2000-01-01",
                           "Years since 2000-01-01", "yr since 2000-01-01"}) {
    try {
      parse_time_units(text);
      FAIL() << text;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("days, hours or seconds"), std::string::npos);
    }
  }
}

TEST(TimeAxis, SecondsSinceTheStart) {
  EXPECT_EQ(seconds({0, 0.5, 1}, "hours since 2004-05-27"), (Times{0, 1800, 3600}));
  EXPECT_EQ(seconds({-1, 0}, "days since 2004-05-27"), (Times{-86400, 0}));
  EXPECT_EQ(seconds({0}, "seconds since 2004-05-27 00:00 +01:00"), (Times{-3600}));
  EXPECT_EQ(seconds({0}, "seconds since 2004-05-26 17:00 -7:00"), (Times{0}));
  // 2004 is a leap year where there are leap years.
  const Times august{86400.0 * (31 - 27 + 30 + 31 + 31)};
  EXPECT_EQ(seconds({0}, "days since 2004-08-31"), august);
  EXPECT_EQ(seconds({0}, "days since 2004-01-01"), (Times{-86400.0 * (31 + 29 + 31 + 30 + 26)}));
  EXPECT_EQ(seconds({0}, "days since 2004-01-01", Calendar::noleap),
            (Times{-86400.0 * (31 + 28 + 31 + 30 + 26)}));
  EXPECT_EQ(seconds({0}, "days since 2004-01-01", Calendar::day_360),
            (Times{-86400.0 * (4 * 30 + 26)}));
}

TEST(TimeAxis, FractionsOfDaysMeetWholeSeconds) {
  // Half-hourly times in days since 1900 as a double holds them, good to half a microsecond.
  Times values;
  Times expected;
  const double lead = 38132; // days from 1900-01-01 to 2004-05-27
  for (int i = 0; i < 48 * 365; ++i) {
    values.push_back(lead + i / 48.0);
    expected.push_back(1800.0 * i);
  }
  EXPECT_EQ(seconds(values, "days since 1900-01-01"), expected);
}

TEST(TimeAxis, ComplaintsNameThePlace) {
  const std::string backwards = complaint({0, 1, 2, 1.5}, "hours since 2004-05-27");
  EXPECT_NE(backwards.find("file.nc: variable 'time'"), std::string::npos) << backwards;
  EXPECT_NE(backwards.find("index 3"), std::string::npos) << backwards;
  EXPECT_NE(complaint({0, 1, 1}, "hours since 2004-05-27").find("index 2"), std::string::npos);
  const std::string missing = complaint({0, std::nan("")}, "hours since 2004-05-27");
  EXPECT_NE(missing.find("index 1"), std::string::npos) << missing;
  EXPECT_NE(missing.find("missing"), std::string::npos) << missing;
  EXPECT_NE(complaint({0}, "hours since 2004-02-30").find("file.nc: variable 'time'"),
            std::string::npos);
  EXPECT_EQ(complaint({}, "hours since 2004-05-27"), "");
}

TEST(TimeAxis, RegularIntervalSurvivesGaps) {
  EXPECT_EQ(regular_interval(Times{0, 1800, 3600}), 1800);
  EXPECT_EQ(regular_interval(Times{0, 1800, 3600, 86400, 88200}), 1800);
  EXPECT_EQ(regular_interval(Times{0, 3600}), 3600);
  EXPECT_THROW(regular_interval(Times{0}), InputError);
  EXPECT_THROW(regular_interval(Times{}), InputError);
}

} // namespace
} // namespace glebe
