// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/data/units.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace glebe {
namespace {

struct Conversion {
  const char* from;
  const char* to;
  double value;
  double expected;
};

TEST(Units, Table) {
  const std::vector<Conversion> table{
      {"W m-2", "W m-2", 500, 500},
      {"W/m2", "W m-2", 500, 500},
      {"W/m^2", "W m-2", 500, 500},
      {"W m**-2", "W m-2", 500, 500},
      {"Wm-2", "W m-2", 500, 500},
      {"w m-2", "W m-2", 500, 500},
      {"[W/m2]", "W m-2", 500, 500},
      {"W/m\u00b2", "W m-2", 500, 500},
      {"W/m\xb2", "W m-2", 500, 500},
      {"kW m-2", "W m-2", 0.5, 500},
      {"MJ m-2 day-1", "W m-2", 8.64, 100},
      {"K", "K", 280, 280},
      {"k", "K", 280, 280},
      {"degK", "K", 280, 280},
      {"degC", "K", 20, 293.15},
      {"deg C", "K", 20, 293.15},
      {"deg. C", "K", 20, 293.15},
      {"deg_C", "K", 20, 293.15},
      {"degrees C", "K", 20, 293.15},
      {"Degrees Celsius", "K", 20, 293.15},
      {"Celsius", "K", 20, 293.15},
      {"C", "K", 20, 293.15},
      {"\u00b0C", "K", 20, 293.15},
      {" degC ", "K", 20, 293.15},
      {"C", "degC", 20, 20},
      {"F", "K", 32, 273.15},
      {"%", "1", 70, 0.7},
      {"percent", "1", 70, 0.7},
      {"fraction", "1", 0.7, 0.7},
      {"-", "1", 0.7, 0.7},
      {"kg/kg", "kg kg-1", 0.008, 0.008},
      {"kg kg**-1", "1", 0.008, 0.008},
      {"g/kg", "kg kg-1", 8, 0.008},
      {"g kg-1", "1", 8, 0.008},
      {"hPa", "Pa", 1013.25, 101325},
      {"mb", "Pa", 1013.25, 101325},
      {"mbar", "Pa", 1013.25, 101325},
      {"kPa", "Pa", 101.325, 101325},
      {"pa", "Pa", 101325, 101325},
      {"m s**-1", "m s-1", 3, 3},
      {"m/s", "m s-1", 3, 3},
      {"ms-1", "m s-1", 3, 3},
      {"km/h", "m s-1", 36, 10},
      {"cm", "m", 5, 0.05},
      {"hrs", "s", 2, 7200},
  };
  for (const Conversion& row : table) {
    const double converted = UnitConverter(row.from, row.to)(row.value);
    // A few roundings of the operands: no conversion is better than that.
    EXPECT_NEAR(converted, row.expected, 1e-13 * std::abs(row.expected))
        << row.from << " to " << row.to;
    EXPECT_TRUE(convertible(row.from, row.to)) << row.from;
  }
}

TEST(Units, RefusesWhatDoesNotFitAndSaysBothUnits) {
  const std::vector<std::pair<const char*, const char*>> pairs{
      {"W m-2", "K"},    {"degC", "W m-2"}, {"C", "W m-2"},     {"mb", "K"},    {"Pa", "1"},
      {"nonsense", "K"}, {"", "K"},         {"fraction", "Pa"}, {"m", "m s-1"}, {"(", "Pa"}};
  for (const auto& [from, to] : pairs) {
    EXPECT_FALSE(convertible(from, to)) << from;
    try {
      const UnitConverter converter(from, to);
      FAIL() << from << " became " << to;
    } catch (const InputError& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find(fmt::format("'{}'", from)), std::string::npos) << text;
      EXPECT_NE(text.find(fmt::format("'{}'", to)), std::string::npos) << text;
    }
  }
}

TEST(Units, CoulombStaysCoulombWhereNoTemperatureIsNeeded) {
  EXPECT_TRUE(convertible("C", "A s"));
  EXPECT_TRUE(convertible("mb", "m2"));
}

TEST(Units, AccumulatedAmountsAreDividedByTheInterval) {
  EXPECT_DOUBLE_EQ(make_converter("J m-2", "W m-2", 3600)(1.8e6), 500);
  EXPECT_DOUBLE_EQ(make_converter("J m**-2", "W m-2", 3600)(1.8e6), 500);
  EXPECT_DOUBLE_EQ(make_converter("MJ/m2", "W m-2", 86400)(8.64), 100);
  EXPECT_DOUBLE_EQ(make_converter("kW h m-2", "W m-2", 3600)(0.5), 500);
  EXPECT_DOUBLE_EQ(make_converter("W m-2", "W m-2", 3600)(500), 500);
  EXPECT_DOUBLE_EQ(make_converter("degC", "K", 3600)(20), 293.15);
  EXPECT_THROW(make_converter("J m-2", "W m-2", 0), InputError);
  EXPECT_THROW(make_converter("J m-2", "W m-2", std::nan("")), InputError);
  EXPECT_THROW(make_converter("J", "W m-2", 3600), InputError);
  EXPECT_THROW(make_converter("hours", "1", 3600), InputError);
  EXPECT_THROW(make_converter("nonsense", "W m-2", 3600), InputError);
}

TEST(Units, SpansConvertInPlaceAndKeepMissingValues) {
  std::vector<double> values{0, std::nan(""), 100};
  UnitConverter converter("degC", "K");
  UnitConverter moved = std::move(converter);
  moved.convert(values);
  EXPECT_DOUBLE_EQ(values[0], 273.15);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_DOUBLE_EQ(values[2], 373.15);
}

// Arrays go another way through UDUNITS than single numbers: to the same bits.
TEST(Units, ArraysBecomeWhatSingleNumbersBecome) {
  const std::vector<std::pair<const char*, const char*>> pairs{
      {"degC", "K"},      {"degF", "K"},        {"K", "K"},          {"hPa", "Pa"},
      {"%", "1"},         {"g kg-1", "1"},      {"km h-1", "m s-1"}, {"kW m-2", "W m-2"},
      {"J m-2", "W m-2"}, {"kW h m-2", "W m-2"}};
  for (const auto& [from, to] : pairs) {
    const UnitConverter converter = make_converter(from, to, 10800);
    std::vector<double> values;
    for (int i = -700; i < 700; ++i) values.push_back(0.37 * i + 1e-3 / (i + 0.5));
    std::vector<double> together = values;
    converter.convert(together);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_EQ(together[i], converter(values[i])) << from << ' ' << values[i];
  }
}

TEST(Units, WhatChangesNothing) {
  EXPECT_TRUE(UnitConverter("W m-2", "W m-2").changes_nothing());
  EXPECT_TRUE(UnitConverter("W/m2", "W m-2").changes_nothing());
  EXPECT_TRUE(UnitConverter("C", "degC").changes_nothing());
  EXPECT_FALSE(UnitConverter("kW m-2", "W m-2").changes_nothing());
  EXPECT_FALSE(UnitConverter("degC", "K").changes_nothing());
  EXPECT_FALSE(make_converter("J m-2", "W m-2", 3600.0).changes_nothing());
  EXPECT_TRUE(make_converter("J m-2", "W m-2", 1.0).changes_nothing());
}

} // namespace
} // namespace glebe
