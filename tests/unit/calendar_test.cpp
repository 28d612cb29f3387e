// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/calendar.hpp"
#include "glebe/base/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <tuple>

namespace glebe {
namespace {

constexpr std::array all_calendars{Calendar::standard, Calendar::proleptic_gregorian,
                                   Calendar::julian,   Calendar::noleap,
                                   Calendar::all_leap, Calendar::day_360};

TEST(Calendar, NamesAndAliases) {
  for (const Calendar calendar : all_calendars)
    EXPECT_EQ(parse_calendar(calendar_name(calendar)), calendar);
  EXPECT_EQ(parse_calendar(" Gregorian "), Calendar::standard);
  EXPECT_EQ(parse_calendar("365_day"), Calendar::noleap);
  EXPECT_EQ(parse_calendar("366_day"), Calendar::all_leap);
  try {
    parse_calendar("lunar");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("lunar"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("proleptic_gregorian"), std::string::npos);
  }
}

// Julian day numbers (noon) of astronomical tables: 2000-01-01 is 2451545, 1970-01-01 is 2440588,
// the Gregorian reform 1582-10-15 is 2299161, and 0001-01-01 (Julian) is 1721424.
TEST(Calendar, KnownDays) {
  EXPECT_EQ(day_number(Calendar::standard, 1970, 1, 1), 0);
  EXPECT_EQ(day_number(Calendar::standard, 2000, 1, 1), 2451545 - 2440588);
  EXPECT_EQ(day_number(Calendar::standard, 1582, 10, 15), 2299161 - 2440588);
  EXPECT_EQ(day_number(Calendar::standard, 1582, 10, 4), 2299160 - 2440588);
  EXPECT_EQ(day_number(Calendar::standard, 1, 1, 1), 1721424 - 2440588);
  EXPECT_EQ(day_number(Calendar::proleptic_gregorian, 1, 1, 1), 1721426 - 2440588);
  EXPECT_EQ(day_number(Calendar::proleptic_gregorian, 0, 12, 31), 1721425 - 2440588);
  EXPECT_EQ(day_number(Calendar::noleap, 1974, 1, 1), 4 * 365);
  EXPECT_EQ(day_number(Calendar::all_leap, 1974, 1, 1), 4 * 366);
  EXPECT_EQ(day_number(Calendar::day_360, 1969, 12, 30), -1);
  for (const Calendar calendar : all_calendars) EXPECT_EQ(day_number(calendar, 1970, 1, 1), 0);
}

TEST(Calendar, LeapDays) {
  EXPECT_EQ(days_in_month(Calendar::standard, 2000, 2), 29);
  EXPECT_EQ(days_in_month(Calendar::standard, 1900, 2), 28);
  EXPECT_EQ(days_in_month(Calendar::standard, 1500, 2), 29);
  EXPECT_EQ(days_in_month(Calendar::proleptic_gregorian, 1500, 2), 28);
  EXPECT_EQ(days_in_month(Calendar::julian, 1900, 2), 29);
  EXPECT_EQ(days_in_month(Calendar::noleap, 2000, 2), 28);
  EXPECT_EQ(days_in_month(Calendar::all_leap, 2001, 2), 29);
  EXPECT_EQ(days_in_month(Calendar::day_360, 2001, 2), 30);
}

TEST(Calendar, RefusesDatesThatDoNotExist) {
  EXPECT_THROW(day_number(Calendar::standard, 2001, 2, 29), InputError);
  EXPECT_THROW(day_number(Calendar::noleap, 2004, 2, 29), InputError);
  EXPECT_THROW(day_number(Calendar::day_360, 2004, 1, 31), InputError);
  EXPECT_THROW(day_number(Calendar::standard, 1582, 10, 5), InputError);
  EXPECT_THROW(day_number(Calendar::standard, 1582, 10, 14), InputError);
  EXPECT_NO_THROW(day_number(Calendar::proleptic_gregorian, 1582, 10, 10));
  EXPECT_THROW(day_number(Calendar::standard, 0, 1, 1), InputError);
  EXPECT_THROW(day_number(Calendar::standard, 2004, 13, 1), InputError);
  EXPECT_THROW(day_number(Calendar::standard, 2004, 0, 1), InputError);
  EXPECT_THROW(day_number(Calendar::standard, 2004, 1, 0), InputError);
}

TEST(Calendar, DaysRoundTripAndDatesFollowEachOther) {
  for (const Calendar calendar : all_calendars) {
    DateTime before = date_of(calendar, -700001);
    for (std::int64_t day = -700000; day < 100000; ++day) {
      const DateTime date = date_of(calendar, day);
      ASSERT_EQ(day_number(calendar, date.year, date.month, date.day), day);
      ASSERT_LT(std::tuple(before.year, before.month, before.day),
                std::tuple(date.year, date.month, date.day));
      before = date;
    }
  }
}

TEST(DateTime, ReadsIsoAndCfForms) {
  const auto read = [](std::string_view text) { return parse_date_time(text); };
  EXPECT_EQ(read("2004-05-27"), (DateTime{2004, 5, 27, 0}));
  EXPECT_EQ(read(" 2004-05-27T00:00 "), (DateTime{2004, 5, 27, 0}));
  EXPECT_EQ(read("2004-05-27 00:00:00.5"), (DateTime{2004, 5, 27, 0.5}));
  EXPECT_EQ(read("2004-5-7 6:5:4"), (DateTime{2004, 5, 7, 6 * 3600 + 5 * 60 + 4}));
  EXPECT_EQ(read("2004-05-27T06:30Z"), (DateTime{2004, 5, 27, 23400}));
  EXPECT_EQ(read("2004-05-27 06:30 UTC"), (DateTime{2004, 5, 27, 23400}));
  EXPECT_EQ(read("2004-05-27 UTC"), (DateTime{2004, 5, 27, 0}));
  EXPECT_EQ(read("2004-05-27 6"), (DateTime{2004, 5, 27, 21600}));
  EXPECT_EQ(read("2004-05-27T24:00"), (DateTime{2004, 5, 27, 86400}));
  EXPECT_EQ(read("-0001-01-01").year, -1);
}

TEST(DateTime, ZonesAreSubtracted) {
  const auto second = [](std::string_view text) { return parse_date_time(text).second_of_day; };
  EXPECT_EQ(second("2000-1-1 00:00 +01:00"), -3600);
  EXPECT_EQ(second("2000-1-1 00:00 -7:30"), 27000);
  EXPECT_EQ(second("2000-01-01T12:00:00+0530"), 43200 - 19800);
  EXPECT_EQ(second("2000-01-01T12:00:00-07"), 43200 + 25200);
  EXPECT_EQ(second("2000-01-01 12:00:00 0:00"), 43200);
  EXPECT_EQ(second("2000-01-01 -7:00"), 25200);
  EXPECT_EQ(iso_text(Calendar::standard, parse_date_time("2000-1-1 00:00 +01:00")),
            "1999-12-31T23:00:00");
  EXPECT_EQ(iso_text(Calendar::day_360, parse_date_time("2000-1-1 00:00 +01:00")),
            "1999-12-30T23:00:00");
}

TEST(DateTime, RefusesWhatIsNotADate) {
  for (const char* text :
       {"", "yesterday", "2004", "2004-05", "2004-13-01", "2004-05-32", "2004-05-27T",
        "2004-05-27Tnoon", "2004-05-27T25:00", "2004-05-27T12:60", "2004-05-27T12:00:60",
        "2004-05-27T24:00:01", "2004-05-27 12:00 MST", "2004-05-2712:00", "2004-05-27T12:00+15:00",
        "2004-05-27T12:00:", "2004-05-27T12:00 +01:00 x", "27.05.2004", "2004-05-27T12:00:00."})
    EXPECT_THROW(parse_date_time(text), InputError) << text;
}

TEST(DateTime, SecondsBetween) {
  const DateTime start{2004, 2, 28, 0};
  const DateTime stop{2004, 3, 1, 1800};
  EXPECT_EQ(seconds_between(Calendar::standard, start, stop), 2 * 86400 + 1800);
  EXPECT_EQ(seconds_between(Calendar::noleap, start, stop), 86400 + 1800);
  EXPECT_EQ(seconds_between(Calendar::day_360, start, stop), 3 * 86400 + 1800);
  EXPECT_EQ(seconds_between(Calendar::standard, stop, start), -(2 * 86400 + 1800));
  EXPECT_THROW(seconds_between(Calendar::standard, {2005, 2, 29, 0}, stop), InputError);
}

TEST(DateTime, AddSecondsNormalises) {
  EXPECT_EQ(add_seconds(Calendar::standard, {2004, 12, 31, 86399}, 1), (DateTime{2005, 1, 1, 0}));
  EXPECT_EQ(add_seconds(Calendar::standard, {2005, 1, 1, 0}, -1), (DateTime{2004, 12, 31, 86399}));
  EXPECT_EQ(add_seconds(Calendar::standard, {1582, 10, 4, 0}, 86400), (DateTime{1582, 10, 15, 0}));
  const DateTime tiny = add_seconds(Calendar::standard, {2005, 1, 1, 0}, -1e-18);
  EXPECT_LT(tiny.second_of_day, 86400);
  EXPECT_EQ(tiny, (DateTime{2005, 1, 1, 0}));
}

TEST(DateTime, Months) {
  const DateTime late{2004, 12, 31, 90000};
  EXPECT_EQ(month_start(Calendar::standard, late), (DateTime{2005, 1, 1, 0}));
  EXPECT_EQ(next_month(Calendar::standard, late), (DateTime{2005, 2, 1, 0}));
  EXPECT_EQ(next_month(Calendar::standard, {2004, 12, 1, 0}), (DateTime{2005, 1, 1, 0}));
}

TEST(DateTime, IsoTextRoundsWithCarry) {
  EXPECT_EQ(iso_text(Calendar::standard, {2004, 5, 27, 3661}), "2004-05-27T01:01:01");
  EXPECT_EQ(iso_text(Calendar::standard, {2004, 12, 31, 86399.7}), "2005-01-01T00:00:00");
  EXPECT_EQ(iso_text(Calendar::proleptic_gregorian, {12, 3, 4, 0.2}), "0012-03-04T00:00:00");
}

} // namespace
} // namespace glebe
