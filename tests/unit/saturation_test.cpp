// SPDX-License-Identifier: BSD-3-Clause
// Saturation over water and ice against formulas that the fits were not made from.
#include "glebe/physics/laws/saturation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

namespace glebe {
namespace {

// Murphy and Koop (2005), Q. J. R. Meteorol. Soc. 131, 1539-1565, eq. 7: ice above 110 K [Pa].
double murphy_koop_ice(double T) {
  return std::exp(9.550426 - 5723.265 / T + 3.53068 * std::log(T) - 0.00728332 * T);
}

// Their eq. 10: water, 123 ... 332 K [Pa].
double murphy_koop_water(double T) {
  return std::exp(54.842763 - 6763.22 / T - 4.210 * std::log(T) + 0.000367 * T +
                  std::tanh(0.0415 * (T - 218.8)) *
                      (53.878 - 1331.22 / T - 9.44523 * std::log(T) + 0.014025 * T));
}

// Goff and Gratch (1946) over water, 0 ... 100 degC [Pa].
double goff_gratch_water(double T) {
  const double ratio = 373.16 / T;
  return 100 * std::pow(10, -7.90298 * (ratio - 1) + 5.02808 * std::log10(ratio) -
                                1.3816e-7 * (std::pow(10, 11.344 * (1 - 1 / ratio)) - 1) +
                                8.1328e-3 * (std::pow(10, -3.49149 * (ratio - 1)) - 1) +
                                std::log10(1013.246));
}

double pressure(double T) { return saturation_pressure(T).value; }

// Over ice the fit and eq. 7 differ by up to 2.6e-4, about as much as such formulas among
// themselves.
TEST(SaturationPressure, over_ice_agrees_with_murphy_and_koop) {
  for (double T = 198.15; T < 273.15; T += 0.5)
    EXPECT_NEAR(pressure(T) / murphy_koop_ice(T), 1.0, 4e-4) << T << " K";
}

TEST(SaturationPressure, over_water_agrees_with_murphy_and_koop) {
  for (double T = 273.15; T < 332.0; T += 0.5)
    EXPECT_NEAR(pressure(T) / murphy_koop_water(T), 1.0, 5e-4) << T << " K";
}

// The formula of 1946 lies 0.13 % below modern ones throughout.
TEST(SaturationPressure, over_water_agrees_with_goff_and_gratch) {
  for (double T = 273.15; T < 373.15; T += 0.5)
    EXPECT_NEAR(pressure(T) / goff_gratch_water(T), 1.0, 2e-3) << T << " K";
}

// The steam tables of IAPWS-IF97.
TEST(SaturationPressure, over_water_agrees_with_steam_tables) {
  const std::pair<double, double> table[] = {
      {20, 2339.2}, {40, 7384.9}, {60, 19946}, {80, 47415}, {100, 101418}};
  for (const auto& [celsius, expected] : table)
    EXPECT_NEAR(pressure(celsius + freezing_temperature) / expected, 1.0, 3e-4) << celsius;
}

TEST(SaturationPressure, is_continuous_where_water_freezes) {
  const double T = freezing_temperature;
  // One digit further: e changes by 6e-14 K times 50 Pa K-1.
  EXPECT_NEAR(pressure(std::nextafter(T, 0.0)), pressure(T), 1e-11);
  EXPECT_NEAR(pressure(T), 611.2, 0.1);
  // Sublimation takes more heat than evaporation: the slope jumps, by the ratio of latent heats.
  const double frozen = saturation_pressure(std::nextafter(T, 0.0)).slope;
  EXPECT_NEAR(frozen / saturation_pressure(T).slope, 2.834 / 2.501, 2e-3);
}

TEST(SaturationPressure, rises_everywhere_in_range) {
  for (double T = 198.25; T < 373.1; T += 0.1) {
    EXPECT_GT(saturation_pressure(T).slope, 0.0) << T;
    EXPECT_GT(pressure(T + 0.1), pressure(T)) << T;
  }
}

TEST(SaturationPressure, is_held_outside_the_range_of_the_fits) {
  const double lowest = freezing_temperature - 75, highest = freezing_temperature + 100;
  for (const double below : {lowest - 1e-6, 150.0, 0.0}) {
    EXPECT_NEAR(pressure(below), pressure(lowest + 1e-9), 1e-9);
    EXPECT_EQ(saturation_pressure(below).slope, 0.0);
  }
  for (const double above : {highest + 1e-6, 500.0, 1e6}) {
    EXPECT_NEAR(pressure(above), pressure(highest - 1e-9), 1e-4);
    EXPECT_EQ(saturation_pressure(above).slope, 0.0);
  }
}

constexpr double step = 1e-30;

// The terms of the fit over ice reach 2e4 Pa at -75 degC, where they add up to 0.1 Pa.
double rounding(double pascals) { return 1e-11 + 1e-12 * pascals; }

// A complex step has no truncation error; what is left is rounding.
TEST(SaturationPressure, slope_agrees_with_complex_step) {
  for (double T = 190.0; T < 380.0; T += 0.37) {
    const auto complex = saturation_pressure(Complex(T, step));
    const auto real = saturation_pressure(T);
    EXPECT_NEAR(complex.value.real(), real.value, rounding(real.value)) << T;
    EXPECT_NEAR(complex.value.imag() / step, real.slope, rounding(real.slope)) << T;
  }
}

TEST(SaturationHumidity, is_that_of_the_vapour_pressure) {
  // e(0 degC) = 611.213476 Pa by the first coefficient; 0.622 e / (1e5 Pa - 0.378 e).
  EXPECT_NEAR(saturation_humidity(freezing_temperature, 1e5).value, 0.003810551669528731, 1e-15);
  // Water boils at 100 degC, where vapour displaces the air at about sea-level pressure.
  const double boiling = freezing_temperature + 100 - 1e-9;
  EXPECT_NEAR(saturation_humidity(boiling, pressure(boiling)).value, 1.0, 1e-12);
}

TEST(SaturationHumidity, slope_agrees_with_complex_step) {
  for (const double p : {6e4, 1e5})
    for (double T = 190.0; T < 350.0; T += 0.37) {
      const auto complex = saturation_humidity(Complex(T, step), Complex(p));
      const auto real = saturation_humidity(T, p);
      EXPECT_NEAR(complex.value.imag() / step, real.slope, rounding(p * real.slope) / p) << T;
    }
}

// Lanes in different branches side by side.
TEST(SaturationHumidity, lanes_agree_with_double) {
  constexpr double p = 2.5e6; // far from boiling, up to the hottest lane
  for (double first = 190.0; first < 380.0; first += 0.83) {
    const Lanes T([first](auto i) { return first + 25.0 * static_cast<double>(i); });
    const auto e = saturation_pressure(T);
    const auto q = saturation_humidity(T, Lanes(p));
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      const auto expected_e = saturation_pressure(double(T[i]));
      const auto expected_q = saturation_humidity(double(T[i]), p);
      EXPECT_NEAR(e.value[i], expected_e.value, rounding(expected_e.value));
      EXPECT_NEAR(e.slope[i], expected_e.slope, rounding(expected_e.slope));
      EXPECT_NEAR(q.value[i], expected_q.value, rounding(expected_e.value) / p);
      EXPECT_NEAR(q.slope[i], expected_q.slope, rounding(expected_e.slope) / p);
    }
  }
}

} // namespace
} // namespace glebe
