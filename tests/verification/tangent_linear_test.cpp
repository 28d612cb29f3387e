// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear model against the complex step of the forward kernel, the Taylor remainder,
// and the kernel in lanes against the kernel in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "../support/column_case.hpp"

namespace glebe {
namespace {

using test::ColumnCase;

// Two days at half-hourly steps over two horizons, under a sky that varies in everything.
ColumnCase make_case(Scheme scheme, Bottom bottom, Initial initial, SurfaceForm surface) {
  ColumnCase column;
  column.form = {scheme, bottom, initial, surface, 1800.0};
  column.grid = SoilGrid(stretched_nodes(0.8, 18, 1.12));
  column.grid.set_horizons({column.grid.depths()[7], 0.8}, {"upper", "lower"});
  if (initial == Initial::profile) column.grid.set_knots({0.02, 0.1, 0.35});
  column.n_step = 96;
  column.spin_up = {0.05, 60};

  for (int i = 0; i <= 50; ++i) { // hourly records, interpolated
    const double day = 2 * std::numbers::pi * i / 24.0;
    for (const double value : {std::max(0.0, 700 * std::sin(day - 1.5)), 320 + 25 * std::sin(day),
                               288 + 9 * std::sin(day - 2.0), 0.006 + 0.002 * std::cos(1.7 * day),
                               9.5e4 + 300 * std::cos(day), 2.5 + 2 * std::sin(0.8 * day)})
      column.records.push_back(static_cast<float>(value));
  }
  const SchemeTable stages = table(scheme);
  column.points.push_back({0, 0.0F});
  for (std::size_t step = 0; step < column.n_step; ++step)
    for (std::size_t stage = 0; stage < stages.n_stage; ++stage) {
      const double hours = 0.5 * (static_cast<double>(step) + stages.abscissa[stage]);
      const double record = std::floor(hours);
      column.points.push_back(
          {static_cast<std::int32_t>(record), static_cast<float>(hours - record)});
    }

  // Every kind, once at instants that fall between steps and once as two-hour means.
  for (std::size_t k = 0; k < observation_kind_count; ++k) {
    const auto kind = static_cast<ObservationKind>(k);
    for (const double depth :
         info(kind).has_depth ? std::vector{0.0, 0.05, 0.31} : std::vector{0.0}) {
      StreamSchedule instants{ObservationOperator::make(kind, depth, column.grid.view()), {}, 0};
      StreamSchedule means = instants;
      instants.pieces.push_back({0, 0, 1.0, 0.0, 0.0, true});
      for (int i = 1; i < 12; ++i) instants.pieces.push_back({8 * i, i, 0.3, 0.7, 0.0, true});
      for (int i = 0; i < 24; ++i)
        for (int part = 0; part < 4; ++part)
          means.pieces.push_back({4 * i + part, i, 0.0, 0.0, 0.25, part == 3});
      instants.n_observation = 12;
      means.n_observation = 24;
      column.streams.push_back(instants);
      column.streams.push_back(means);
    }
  }
  return column;
}

std::vector<double> truth(const ColumnCase& column) {
  std::vector<std::pair<ParameterSlot, double>> given{{{Parameter::thermal_conductivity, 0}, 0.6},
                                                      {{Parameter::thermal_conductivity, 1}, 1.3},
                                                      {{Parameter::heat_capacity, 0}, 1.6e6},
                                                      {{Parameter::heat_capacity, 1}, 2.4e6},
                                                      {{Parameter::albedo}, 0.23},
                                                      {{Parameter::emissivity}, 0.96},
                                                      {{Parameter::heat_transfer}, 9.0},
                                                      {{Parameter::heat_transfer_wind}, 2.1},
                                                      {{Parameter::latent_transfer}, 5.0},
                                                      {{Parameter::bowen_ratio}, 1.7},
                                                      {{Parameter::deep_temperature}, 289.0},
                                                      {{Parameter::geothermal_flux}, 4.0}};
  const double knots[] = {285.0, 287.5, 288.4};
  for (std::size_t k = 0; k < column.grid.knots().size(); ++k)
    given.push_back({{Parameter::initial_temperature, k}, knots[k]});
  return test::parameter_values(column.grid.layout(), given);
}

std::vector<ParameterSlot> all_slots(const ParameterLayout& layout) {
  std::vector<ParameterSlot> slots;
  for (std::size_t p = 0; p < parameter_count; ++p)
    for (std::size_t i = 0; i < layout.count(static_cast<Parameter>(p)); ++i)
      slots.push_back({static_cast<Parameter>(p), i});
  return slots;
}

using Setting = std::tuple<int, int, int, int, int>;

class TangentLinear : public testing::TestWithParam<Setting> {
protected:
  ColumnCase column() const {
    const auto [scheme, bottom, initial, longwave, turbulence] = GetParam();
    return make_case(static_cast<Scheme>(scheme), static_cast<Bottom>(bottom),
                     static_cast<Initial>(initial),
                     {static_cast<Longwave>(longwave), static_cast<Turbulence>(turbulence)});
  }
};

// A complex step of 1e-30 has no truncation error, so both derivatives differ by rounding only.
TEST_P(TangentLinear, agrees_with_complex_step) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<ParameterSlot> slots = all_slots(column.grid.layout());
  const auto tangent = column.run<double>(values, slots);
  constexpr double step = 1e-30;

  for (std::size_t d = 0; d < slots.size(); ++d) {
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
      EXPECT_LE(difference, 1e-12 * largest)
          << info(slots[d].parameter).name << "[" << slots[d].index << "], stream " << s;
    }
  }
}

TEST_P(TangentLinear, lanes_agree_with_double) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<ParameterSlot> slots = all_slots(column.grid.layout());
  const auto scalar = column.run<double>(values, slots);
  const auto lanes = column.run<Lanes>(std::vector<Lanes>(values.begin(), values.end()), slots);
  for (std::size_t k = 0; k < scalar.value.size(); ++k) {
    // Fluxes are small differences of large terms, hence the absolute part.
    ASSERT_NEAR(lanes.value[k][0], scalar.value[k], 1e-10 + 1e-12 * std::abs(scalar.value[k]));
    for (std::size_t i = 1; i < Lanes::size(); ++i) ASSERT_EQ(lanes.value[k][i], lanes.value[k][0]);
  }
}

INSTANTIATE_TEST_SUITE_P(AllForms, TangentLinear,
                         testing::Combine(testing::Range(0, 3), testing::Range(0, 2),
                                          testing::Values(int(Initial::uniform),
                                                          int(Initial::profile),
                                                          int(Initial::spinup)),
                                          testing::Range(0, 2), testing::Range(0, 3)));

// ||H(x + e d) - H(x) - e S d|| must fall as e^2, over four decades of e.
TEST(TaylorRemainder, has_slope_two) {
  for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2}) {
    const ColumnCase column = make_case(scheme, Bottom::temperature, Initial::profile,
                                        {Longwave::absorbed, Turbulence::humidity});
    const std::vector<double> values = truth(column);
    const std::vector<ParameterSlot> slots = all_slots(column.grid.layout());
    const auto base = column.run<double>(values, slots);
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

} // namespace
} // namespace glebe
