// SPDX-License-Identifier: BSD-3-Clause
// The column in the modes of conduction against the linear column, which solves the same equations
// row by row; its tangent-linear against the complex step.
#include "glebe/physics/columns/general_column.hpp"
#include "glebe/physics/columns/modal_column.hpp"
#include "glebe/physics/laws/constant_soil.hpp"
#include "glebe/physics/laws/moist_soil.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "../support/soil_case.hpp"
#include "../support/surface_forms.hpp"

namespace glebe {
namespace {

using test::ColumnCase;
using test::Equivalents;
using test::truth;

template <class Real>
using Modes = ModalColumn<ConstantSoil<Real>>;
template <class Real>
using MoistModes = ModalColumn<MoistSoil<Real>>;

ColumnCase one_horizon(Bottom bottom, Initial initial, const SurfaceForm& surface,
                       Top top = Top::balance) {
  ColumnCase column = test::make_case(Scheme::sdirk2, bottom, initial, surface, top);
  column.grid.set_horizons({column.grid.depths().back()}, {"soil"});
  return column;
}

// The largest difference of two results in each stream, beside the largest number there: of the
// values, and of the derivatives in direction d.
template <class Get, class Visit>
void for_each_stream(const ColumnCase& column, Get get, Visit visit) {
  std::size_t k = 0;
  for (std::size_t s = 0; s < column.streams.size(); ++s) {
    double largest = 0.0, difference = 0.0;
    for (const std::size_t end = k + column.streams[s].n_observation; k < end; ++k) {
      const auto [a, b] = get(k);
      largest = std::max(largest, std::abs(a));
      difference = std::max(difference, std::abs(a - b));
    }
    visit(s, largest, difference);
  }
}

// Rounding is that of sums over some ten modes in place of differences between neighbours.
template <Column Rows = LinearColumn<double>, Column InModes = Modes<double>>
void expect_same(const ColumnCase& column, const std::vector<double>& values,
                 const std::vector<Direction>& directions, double tolerance = 1e-11) {
  const auto rows = column.run<double, Rows>(values, directions);
  const auto modes = column.run<double, InModes>(values, directions);
  ASSERT_EQ(rows.value.size(), modes.value.size());
  for_each_stream(
      column, [&](std::size_t k) { return std::pair(rows.value[k], modes.value[k]); },
      [&](std::size_t s, double largest, double difference) {
        EXPECT_LE(difference, tolerance * std::max(largest, 100.0)) << "stream " << s;
      });
  for (std::size_t d = 0; d < directions.size(); ++d)
    for_each_stream(
        column,
        [&](std::size_t k) { return std::pair(rows.derivative[k][d], modes.derivative[k][d]); },
        [&](std::size_t s, double largest, double difference) {
          EXPECT_LE(difference, tolerance * largest + 1e-12)
              << info(directions[d].slot.parameter).name << "[" << directions[d].slot.index
              << "], stream " << s;
        });
}

template <template <class> class Law>
void expect_complex_step(const ColumnCase& column, const std::vector<double>& values) {
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto tangent = column.run<double, ModalColumn<Law<double>>>(values, directions);
  constexpr double step = 1e-30;
  for (std::size_t d = 0; d < directions.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[d] += Complex(0.0, step);
    const auto complex = column.run<Complex, ModalColumn<Law<Complex>>>(perturbed);
    // As for the rows, see tangent_linear_test.cpp.
    const double rounding = column.form.surface.plain() ? 1e-13 : 1e-12;
    for_each_stream(
        column,
        [&](std::size_t k) {
          return std::pair(complex.value[k].imag() / step, tangent.derivative[k][d]);
        },
        [&](std::size_t s, double largest, double difference) {
          EXPECT_LE(difference, 1e-12 * largest + rounding)
              << info(directions[d].slot.parameter).name << ", stream " << s;
        });
  }
}

using Setting = std::tuple<int, int, SurfaceForm, int>;

class ModalColumns : public testing::TestWithParam<Setting> {
protected:
  ColumnCase column() const {
    const auto [bottom, initial, surface, top] = GetParam();
    return one_horizon(static_cast<Bottom>(bottom), static_cast<Initial>(initial), surface,
                       static_cast<Top>(top));
  }
};

TEST_P(ModalColumns, are_the_rows) {
  const ColumnCase column = this->column();
  const std::vector<Direction> directions = test::all_directions(column).direction;
  expect_same(column, truth(column), directions);
}

TEST_P(ModalColumns, agree_with_complex_step) {
  const ColumnCase column = this->column();
  expect_complex_step<ConstantSoil>(column, truth(column));
}

TEST_P(ModalColumns, in_lanes_agree_with_double) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto scalar = column.run<double, Modes<double>>(values, directions);
  const auto lanes =
      column.run<Lanes, Modes<Lanes>>(std::vector<Lanes>(values.begin(), values.end()), directions);
  for (std::size_t k = 0; k < scalar.value.size(); ++k)
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      ASSERT_EQ(lanes.value[k][i], scalar.value[k]);
      for (std::size_t d = 0; d < directions.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], scalar.derivative[k][d]);
    }
}

TEST_P(ModalColumns, do_not_depend_on_the_grouping_of_directions) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto all = column.run<double, Modes<double>>(values, directions);
  for (const std::size_t width : {1, 2, 5})
    for (std::size_t first = 0; first < directions.size(); first += width) {
      const auto begin = directions.begin() + std::ptrdiff_t(first);
      const std::size_t n = std::min(width, directions.size() - first);
      const auto some =
          column.run<double, Modes<double>>(values, std::vector(begin, begin + std::ptrdiff_t(n)));
      for (std::size_t k = 0; k < all.value.size(); ++k)
        for (std::size_t d = 0; d < n; ++d)
          ASSERT_EQ(some.derivative[k][d], all.derivative[k][first + d]);
    }
}

// One direction that changes everything is the sum of all.
TEST_P(ModalColumns, change_all_at_once) {
  const ColumnCase column = this->column();
  const std::vector<double> values = truth(column);
  const std::vector<Direction> directions = test::all_directions(column).direction;
  std::vector<double> change(values.size());
  for (std::size_t i = 0; i < change.size(); ++i)
    change[i] = 0.01 * values[i] * (i % 2 == 0 ? 1.0 : -0.6);
  const auto each = column.run<double, Modes<double>>(values, directions);
  const auto once = column.run<double, Modes<double>>(values, change);
  for_each_stream(
      column,
      [&](std::size_t k) {
        double sum = 0.0;
        for (std::size_t d = 0; d < directions.size(); ++d)
          sum += change[d] * each.derivative[k][d];
        return std::pair(sum, once.derivative[k][0]);
      },
      [&](std::size_t s, double largest, double difference) {
        EXPECT_LE(difference, 1e-12 * largest + 1e-11) << "stream " << s;
      });
}

constexpr SurfaceForm bowen{Longwave::absorbed, Turbulence::bowen};
constexpr SurfaceForm humid{Longwave::full, Turbulence::humidity};
const auto initials =
    testing::Values(int(Initial::uniform), int(Initial::profile), int(Initial::spinup));

INSTANTIATE_TEST_SUITE_P(Ends, ModalColumns,
                         testing::Combine(testing::Range(0, 2), initials,
                                          testing::Values(bowen, humid), testing::Range(0, 3)));

INSTANTIATE_TEST_SUITE_P(Surfaces, ModalColumns,
                         testing::Combine(testing::Values(int(Bottom::temperature)),
                                          testing::Values(int(Initial::profile)),
                                          testing::ValuesIn(test::full_forms()),
                                          testing::Values(int(Top::balance))));

// Moist soil whose water does not change in time conducts as any other.
TEST(MoistModes, are_the_rows_of_the_general_column) {
  for (const ConductivityModel model : {ConductivityModel::cote_konrad, ConductivityModel::johansen,
                                        ConductivityModel::lu, ConductivityModel::balland_arp})
    for (const Bottom bottom : {Bottom::temperature, Bottom::flux}) {
      ColumnCase column = test::make_soil_case({Properties::moist, model}, Scheme::sdirk2, bottom,
                                               Initial::profile);
      column.grid.set_horizons({column.grid.depths().back()}, {"soil"});
      ASSERT_TRUE(MoistModes<double>::suits(column.form, column.grid.view(), column.schedule()));
      expect_same<GeneralColumn<MoistSoil<double>>, MoistModes<double>>(
          column, test::soil_truth(column), test::all_directions(column).direction);
    }
}

TEST(MoistModes, agree_with_complex_step) {
  ColumnCase column = test::make_soil_case({Properties::moist, ConductivityModel::lu},
                                           Scheme::sdirk2, Bottom::flux, Initial::profile);
  column.grid.set_horizons({column.grid.depths().back()}, {"soil"});
  expect_complex_step<MoistSoil>(column, test::soil_truth(column));
}

// What varies in time at the surface may do so.
TEST(VaryingModes, are_the_rows) {
  ColumnCase column = one_horizon(Bottom::flux, Initial::profile, humid);
  std::vector<double> values = truth(column);
  for (const auto& [parameter, n_knot, linear] :
       {std::tuple(Parameter::albedo, 3, true), std::tuple(Parameter::heat_transfer, 6, false)}) {
    column.varying.push_back(
        test::in_time(column, {parameter}, static_cast<std::size_t>(n_knot), linear));
    const double value = values[column.layout().position(parameter)];
    for (int k = 0; k < n_knot; ++k) values.push_back(value * (1.0 + 0.1 * std::sin(k)));
  }
  expect_same(column, values, test::all_directions(column).direction);
}

// Where the soil is given its profile and a flux at the bottom, nobody knows a deep temperature.
TEST(OneModalColumn, need_no_deep_temperature_where_there_is_none) {
  const ColumnCase column = one_horizon(Bottom::flux, Initial::profile, humid);
  std::vector<double> values = truth(column);
  values[column.layout().position(Parameter::deep_temperature)] = std::nan("");
  std::vector<Direction> directions = test::all_directions(column).direction;
  std::erase_if(directions, [](const Direction& direction) {
    return direction.slot.parameter == Parameter::deep_temperature;
  });
  expect_same(column, values, directions);
  for (const double value : column.run<double, Modes<double>>(values).value)
    ASSERT_TRUE(std::isfinite(value));
}

// The grids that users make: thin at the top and deep, from few to many nodes.
TEST(OneModalColumn, are_the_rows_on_every_grid) {
  struct Grid {
    double depth;
    std::size_t n_node;
    double stretch;
  };
  for (const Grid& grid :
       {Grid{0.5, 4, 1.0}, Grid{1.0, 51, 1.0}, Grid{1.0, 101, 1.0}, Grid{2.0, 40, 1.15},
        Grid{10.0, 60, 1.12}, Grid{20.0, 200, 1.03}, Grid{30.0, 50, 1.25}}) {
    ColumnCase column = one_horizon(Bottom::temperature, Initial::profile, humid);
    column.grid = SoilGrid(stretched_nodes(grid.depth, grid.n_node, grid.stretch));
    column.grid.set_knots({0.02, 0.1, 0.35});
    column.streams.resize(4); // of the surface
    const Soil soil = column.grid.view();
    for (const double depth : {0.05, 0.31})
      for (const ObservationKind kind :
           {ObservationKind::soil_temperature, ObservationKind::ground_heat_flux}) {
        StreamSchedule means = column.streams[1];
        means.op = ObservationOperator::make(kind, depth, soil);
        column.streams.push_back(means);
      }
    SCOPED_TRACE(
        fmt::format("{} nodes to {} m, stretch {}", grid.n_node, grid.depth, grid.stretch));
    // The eigenvalues of thick elements below thin ones have fewer digits.
    expect_same(column, truth(column), test::all_directions(column).direction, 1e-9);
  }
}

// Slow modes must not gather the rounding of their factors: in soil whose top is given a flux, the
// daily mean comes to that of steady conduction. The roundings of a day's steps, of 1e-16 of 22 K,
// return every day and are kept for 8e4 steps: 4e-11 K.
TEST(OneModalColumn, come_to_the_exact_mean) {
  constexpr double depth = 20.0, mean_flux = 1.0; // [m], [W m-2]
  constexpr int steps_of_day = 24;
  ColumnCase column = one_horizon(Bottom::temperature, Initial::uniform, bowen, Top::flux);
  column.form.dt = 86400.0 / steps_of_day;
  column.grid = SoilGrid(stretched_nodes(depth, 50, 1.1));
  const ParameterLayout layout = column.layout();
  std::vector<double> values = truth(column);
  values[layout.position(Parameter::top_flux_offset)] = 0.0;
  test::OwnedColumn<Modes<double>> owned(
      column.form, column.grid.view_with_modes(column.form.top, column.form.bottom), layout);
  Modes<double>& modes = owned.column;
  const test::AnalyticForcing forcing{[](double t) {
                                        Inputs<double> F{};
                                        F[Input::top_heat_flux] =
                                            mean_flux +
                                            100.0 * std::sin(2.0 * std::numbers::pi * t / 86400.0);
                                        return F;
                                      },
                                      column.form};
  modes.set_parameters(values.data());
  modes.start(forcing.at(0));
  const double diffusivity =
      modes.conductivity() / values[layout.position(Parameter::heat_capacity)];
  const double to_forget = 40.0 / (diffusivity * owned.soil.modes->rate.front()); // e^-40
  const std::vector<double> depths{0.0, 0.1, 1.0, 5.0};
  std::vector<double> mean(depths.size(), 0.0);
  const auto n_day = static_cast<std::size_t>(to_forget / 86400.0);
  for (std::size_t n = 0; n < (n_day + 1) * steps_of_day; ++n) {
    for (std::size_t stage = 0; stage < 2; ++stage)
      modes.advance(stage, forcing.at(1 + 2 * (n % steps_of_day) + stage));
    if (n < n_day * steps_of_day) continue;
    for (std::size_t k = 0; k < depths.size(); ++k)
      mean[k] += modes.temperature_at(interpolate(owned.soil.depth, depths[k])) / steps_of_day;
  }
  const double T_deep = values[layout.position(Parameter::deep_temperature)] - freezing_temperature;
  for (std::size_t k = 0; k < depths.size(); ++k)
    EXPECT_NEAR(mean[k], T_deep + mean_flux * (depth - depths[k]) / modes.conductivity(), 4e-11)
        << depths[k] << " m";
}

TEST(OneModalColumn, are_orthogonal_and_solve_the_rows) {
  const SoilGrid grid(stretched_nodes(5.0, 60, 1.1));
  for (const Top top : {Top::balance, Top::temperature})
    for (const Bottom bottom : {Bottom::temperature, Bottom::flux}) {
      const Soil soil = grid.view_with_modes(top, bottom);
      const ConductionModes& modes = *soil.modes;
      for (std::size_t j = 0; j < modes.n_mode(); ++j)
        for (std::size_t k = 0; k <= j; ++k) {
          double product = 0.0, flow = 0.0;
          for (std::size_t i = 0; i < modes.n_node; ++i)
            product += modes.thickness[i] * modes.shape(i)[j] * modes.shape(i)[k];
          for (std::size_t i = 0; i + 1 < modes.n_node; ++i)
            flow += (modes.shape(i)[j] - modes.shape(i + 1)[j]) *
                    (modes.shape(i)[k] - modes.shape(i + 1)[k]) / soil.thickness[i];
          EXPECT_NEAR(product, j == k ? 1.0 : 0.0, 1e-13);
          EXPECT_NEAR(flow, j == k ? modes.rate[j] : 0.0, 1e-13 * modes.rate.back());
        }
    }
}

TEST(OneModalColumn, suit_steady_soil_of_one_horizon) {
  const ColumnCase good = one_horizon(Bottom::temperature, Initial::uniform, bowen);
  const auto suits = [](const ColumnCase& column) {
    return Modes<double>::suits(column.form, column.grid.view(), column.schedule());
  };
  EXPECT_TRUE(suits(good));
  ColumnCase other = good;
  other.form.scheme = Scheme::crank_nicolson;
  EXPECT_FALSE(suits(other));
  other = good;
  other.form.measured_bottom = true;
  EXPECT_FALSE(suits(other));
  other = good;
  other.form.soil.water_measured = true;
  EXPECT_FALSE(suits(other));
  other = good;
  other.form.soil.water_flows = true;
  EXPECT_FALSE(suits(other));
  other = good;
  other.grid.set_horizons({other.grid.depths()[5], other.grid.depths().back()}, {"a", "b"});
  EXPECT_FALSE(suits(other));
  for (const Parameter parameter : {Parameter::thermal_conductivity, Parameter::heat_capacity,
                                    Parameter::deep_temperature, Parameter::geothermal_flux}) {
    other = good;
    other.varying.push_back(test::in_time(other, {parameter}, 2, true));
    EXPECT_FALSE(suits(other)) << info(parameter).name;
  }
}

} // namespace
} // namespace glebe
