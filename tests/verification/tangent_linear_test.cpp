// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear model against the complex step of the forward kernel, the Taylor remainder,
// and the kernel in lanes against the kernel in double.
#include "glebe/simulation/directions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "../support/full_case.hpp"
#include "../support/surface_forms.hpp"

namespace glebe {
namespace {

using test::ColumnCase;
using test::make_case;
using test::truth;

using Setting = std::tuple<int, int, int, SurfaceForm, int, bool>;

class TangentLinear : public testing::TestWithParam<Setting> {
protected:
  ColumnCase column() const {
    const auto [scheme, bottom, initial, surface, top, measured_bottom] = GetParam();
    return make_case(static_cast<Scheme>(scheme), static_cast<Bottom>(bottom),
                     static_cast<Initial>(initial), surface, static_cast<Top>(top),
                     measured_bottom);
  }
};

// A complex step of 1e-30 has no truncation error, so both derivatives differ by rounding only.
TEST_P(TangentLinear, agrees_with_complex_step) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto tangent = column.run<double>(values, directions);
  constexpr double step = 1e-30;

  for (std::size_t d = 0; d < directions.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[d] += Complex(0.0, step);
    const auto complex = column.run<Complex>(perturbed);
    ASSERT_EQ(complex.value.size(), tangent.value.size());
    std::size_t k = 0;
    for (std::size_t s = 0; s < column.streams.size(); ++s) {
      double largest = 0.0, difference = 0.0;
      for (const std::size_t end = k + column.streams[s].n_observation; k < end; ++k) {
        const double exact = complex.value[k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(tangent.derivative[k][d] - exact));
      }
      // A column driven by a flux does not feel a shift of all temperatures: what is left of it are
      // differences of ones, times a conductance of some 100 W m-2 K-1.
      // And what a surface gives depends on a temperature that is known to an ulp of 300 K, 6e-14
      // K, times a second derivative of up to some 10 W m-2 K-1 where it has more than
      // coefficients.
      const double rounding = column.form.surface.plain() ? 1e-13 : 1e-12;
      EXPECT_LE(difference, 1e-12 * largest + rounding)
          << info(directions[d].slot.parameter).name << "[" << directions[d].slot.index
          << "], stream " << s;
    }
  }
}

// The same operations in the same order, whatever the width: to the last bit.
TEST_P(TangentLinear, lanes_agree_with_double) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto scalar = column.run<double>(values, directions);
  const auto lanes =
      column.run<Lanes>(std::vector<Lanes>(values.begin(), values.end()), directions);
  for (std::size_t k = 0; k < scalar.value.size(); ++k)
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      ASSERT_EQ(lanes.value[k][i], scalar.value[k]);
      for (std::size_t d = 0; d < directions.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], scalar.derivative[k][d]);
    }
}

// Directions share groups of one to six; none of them depends on who is in its group.
TEST_P(TangentLinear, does_not_depend_on_the_grouping_of_directions) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto all = column.run<double>(values, directions);
  for (std::size_t width = 1; width <= Directions<LinearColumn<double>>::widest; ++width)
    for (std::size_t first = 0; first < directions.size(); first += width) {
      const auto begin = directions.begin() + std::ptrdiff_t(first);
      const std::size_t n = std::min(width, directions.size() - first);
      const auto some = column.run<double>(values, std::vector(begin, begin + std::ptrdiff_t(n)));
      for (std::size_t k = 0; k < all.value.size(); ++k)
        for (std::size_t d = 0; d < n; ++d)
          ASSERT_EQ(some.derivative[k][d], all.derivative[k][first + d])
              << info(directions[first + d].slot.parameter).name << " in a group of " << n;
    }
}

constexpr SurfaceForm forms[] = {{Longwave::absorbed, Turbulence::bowen},
                                 {Longwave::absorbed, Turbulence::humidity},
                                 {Longwave::absorbed, Turbulence::combined},
                                 {Longwave::full, Turbulence::bowen},
                                 {Longwave::full, Turbulence::humidity},
                                 {Longwave::full, Turbulence::combined},
                                 {Longwave::absorbed, Turbulence::humidity, true},
                                 {Longwave::full, Turbulence::bowen, true, true}};
const auto initials =
    testing::Values(int(Initial::uniform), int(Initial::profile), int(Initial::spinup));

INSTANTIATE_TEST_SUITE_P(AllForms, TangentLinear,
                         testing::Combine(testing::Range(0, 3), testing::Range(0, 2), initials,
                                          testing::ValuesIn(forms), testing::Values(0),
                                          testing::Values(false)));

INSTANTIATE_TEST_SUITE_P(FullSurface, TangentLinear,
                         testing::Combine(testing::Range(0, 3),
                                          testing::Values(int(Bottom::temperature)),
                                          testing::Values(int(Initial::spinup)),
                                          testing::ValuesIn(test::full_forms()), testing::Values(0),
                                          testing::Values(false)));

// Schemes and what radiates have nothing in common: one of them will do.
INSTANTIATE_TEST_SUITE_P(Radiation, TangentLinear,
                         testing::Combine(testing::Values(int(Scheme::sdirk2)),
                                          testing::Values(int(Bottom::temperature)),
                                          testing::Values(int(Initial::profile)),
                                          testing::ValuesIn(test::radiation_forms()),
                                          testing::Values(0), testing::Values(false)));

INSTANTIATE_TEST_SUITE_P(Weather, TangentLinear,
                         testing::Combine(testing::Values(int(Scheme::sdirk2)),
                                          testing::Values(int(Bottom::temperature)),
                                          testing::Values(int(Initial::profile)),
                                          testing::ValuesIn(test::weather_forms()),
                                          testing::Values(0), testing::Values(false)));

INSTANTIATE_TEST_SUITE_P(MeasuredEnds, TangentLinear,
                         testing::Combine(testing::Range(0, 3), testing::Range(0, 2), initials,
                                          testing::Values(forms[1]), testing::Range(0, 3),
                                          testing::Bool()));

// Expects that a form with a parameter that does nothing changes no bit, neither of values nor of
// the derivatives by the others.
void expect_neutral(const ColumnCase& without, const ColumnCase& with, Parameter parameter,
                    double value = 0.0) {
  std::vector<double> values = truth(without);
  const std::size_t neutral = without.grid.layout().position(parameter);
  values[neutral] = value;
  const std::vector<Direction> directions = test::all_directions(without).direction;
  const auto a = without.run<double>(values, directions);
  const auto b = with.run<double>(values, directions);
  EXPECT_EQ(a.value, b.value);
  for (std::size_t k = 0; k < a.value.size(); ++k)
    for (std::size_t d = 0; d < directions.size(); ++d)
      if (d != neutral) {
        EXPECT_EQ(a.derivative[k][d], b.derivative[k][d]);
      }
}

constexpr Scheme all_schemes[]{Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2};

TEST(LongwaveBias, of_zero_is_none) {
  for (const Scheme scheme : all_schemes)
    for (const SurfaceForm& form : {forms[1], forms[3], test::full_forms()[10]}) {
      const ColumnCase none = make_case(scheme, Bottom::temperature, Initial::profile, form);
      ColumnCase zero = none;
      zero.form.surface.longwave_bias = true;
      expect_neutral(none, zero, Parameter::longwave_bias);
    }
}

TEST(CorrectedWeather, of_neutral_values_is_the_weather_given) {
  for (const Scheme scheme : all_schemes)
    for (const SurfaceForm& form : {forms[1], forms[3], test::full_forms()[10]}) {
      const ColumnCase none = make_case(scheme, Bottom::temperature, Initial::profile, form);
      ColumnCase scaled = none, biased = none;
      scaled.form.surface.shortwave_scale = true;
      biased.form.surface.air_temperature_bias = true;
      expect_neutral(none, scaled, Parameter::shortwave_scale, 1.0);
      expect_neutral(none, biased, Parameter::air_temperature_bias);
    }
}

TEST(CoveredSurface, without_resistance_is_bare) {
  for (const Scheme scheme : all_schemes)
    for (const Turbulence turbulence : {Turbulence::bowen, Turbulence::humidity}) {
      const ColumnCase bare = make_case(scheme, Bottom::temperature, Initial::profile,
                                        {Longwave::absorbed, turbulence});
      ColumnCase covered = bare;
      covered.form.surface.covered = true;
      expect_neutral(bare, covered, Parameter::cover_resistance);
    }
}

// What is between the skin and the first node conducts what the skin receives.
TEST(CoveredSurface, conducts_what_the_skin_receives) {
  const std::vector<double> values =
      truth(make_case(Scheme::sdirk2, Bottom::temperature, Initial::profile, forms[7]));
  const ParameterLayout layout{2, 3};
  const Surface<double> surface(forms[7], layout, values.data());
  Inputs<double> F{{600.0, 320.0, 285.0, 0.006, 9.5e4, 3.0, 0.2}};
  for (const double T_0 : {-3.0, 2.0, 15.0}) {
    const SurfaceState<double> state = surface.at(T_0, F);
    const double resistance = 0.02 + 0.2 / 0.25;
    EXPECT_NEAR(state.temperature - freezing_temperature - T_0, resistance * state.ground(), 1e-9);
  }
}

class TaylorRemainder : public testing::TestWithParam<SurfaceForm> {};

// ||H(x + e d) - H(x) - e S d|| must fall as e^2, over four decades of e.
TEST_P(TaylorRemainder, has_slope_two) {
  for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2}) {
    const ColumnCase column = make_case(scheme, Bottom::temperature, Initial::profile, GetParam());
    const std::vector<double> values = truth(column);
    const std::vector<Direction> directions = test::all_directions(column).direction;
    const auto base = column.run<double>(values, directions);
    const auto remainder = [&](double size) {
      std::vector<double> step(values.size()), moved = values;
      for (std::size_t d = 0; d < values.size(); ++d) {
        step[d] = size * values[d] * (d % 2 == 0 ? 1.0 : -0.6);
        moved[d] += step[d];
      }
      const auto there = column.run<double>(moved);
      double sum = 0.0;
      for (std::size_t k = 0; k < base.value.size(); ++k) {
        double difference = there.value[k] - base.value[k];
        for (std::size_t d = 0; d < step.size(); ++d) difference -= base.derivative[k][d] * step[d];
        sum += difference * difference;
      }
      return std::sqrt(sum);
    };
    constexpr double largest = 3e-3;
    double previous = remainder(largest);
    for (double size = largest / 10; size > largest * 0.9e-4; size /= 10) {
      const double now = remainder(size);
      EXPECT_NEAR(std::log10(previous / now), 2.0, 0.05)
          << scheme_names[std::size_t(scheme)] << " at " << size;
      previous = now;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, TaylorRemainder,
                         testing::Values(forms[1], test::radiation_forms()[0],
                                         test::radiation_forms()[5], test::weather_forms()[3]));

} // namespace
} // namespace glebe
