// SPDX-License-Identifier: BSD-3-Clause
// The general column: its limits against the linear column, and its derivatives through freezing
// and thawing against the complex step and each other.
#include "glebe/base/random.hpp"
#include "glebe/physics/columns/general_checkpoint.hpp"
#include "glebe/physics/columns/general_column.hpp"
#include "glebe/physics/laws/constant_soil.hpp"
#include "glebe/physics/laws/freezing_soil.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../support/soil_case.hpp"

namespace glebe {
namespace {

using test::ColumnCase;

template <class Real>
using ConstantColumn = GeneralColumn<ConstantSoil<Real>>;
template <class Real>
using MoistColumn = GeneralColumn<MoistSoil<Real>>;
template <class Real>
using FreezingColumn = GeneralColumn<FreezingSoil<Real>>;

// The column of the properties in the form of a case.
template <class Real>
auto run(const ColumnCase& column, const std::vector<Real>& values,
         const std::vector<Direction>& directions = {}) {
  switch (column.form.soil.properties) {
  case Properties::constant:
    return column.run<Real, ConstantColumn<Real>>(values, directions);
  case Properties::moist:
    return column.run<Real, MoistColumn<Real>>(values, directions);
  case Properties::freezing:
    break;
  }
  return column.run<Real, FreezingColumn<Real>>(values, directions);
}
template <class Real>
auto run_along(const ColumnCase& column, const std::vector<Real>& values,
               const std::vector<Real>& change) {
  switch (column.form.soil.properties) {
  case Properties::constant:
    return column.run<Real, ConstantColumn<Real>>(values, change);
  case Properties::moist:
    return column.run<Real, MoistColumn<Real>>(values, change);
  case Properties::freezing:
    break;
  }
  return column.run<Real, FreezingColumn<Real>>(values, change);
}
template <class Real>
std::vector<Real> run_ad(const ColumnCase& column, const std::vector<Real>& values,
                         const std::vector<Real>& w, double bytes) {
  switch (column.form.soil.properties) {
  case Properties::constant:
    return column.run_ad<Real, ConstantColumn<Real>>(values, w, bytes);
  case Properties::moist:
    return column.run_ad<Real, MoistColumn<Real>>(values, w, bytes);
  case Properties::freezing:
    break;
  }
  return column.run_ad<Real, FreezingColumn<Real>>(values, w, bytes);
}

constexpr double all_bytes = 1e9;
double noise(std::uint64_t what, std::size_t k) { return 2.0 * random_uniform({what, k}) - 1.0; }

const SoilForm flowing{.water_flows = true};
const SoilForm moist[] = {{Properties::moist, ConductivityModel::cote_konrad},
                          {Properties::moist, ConductivityModel::johansen},
                          {Properties::moist, ConductivityModel::lu},
                          {.properties = Properties::moist,
                           .conductivity = ConductivityModel::balland_arp,
                           .water_flows = true}};
const SoilForm freezing[] = {
    {Properties::freezing, ConductivityModel::cote_konrad, FreezingModel::power},
    {Properties::freezing, ConductivityModel::cote_konrad, FreezingModel::van_genuchten},
    {Properties::freezing, ConductivityModel::cote_konrad, FreezingModel::linear},
    {Properties::freezing, ConductivityModel::cote_konrad, FreezingModel::power,
     FrozenConductivity::kersten},
    {Properties::freezing, ConductivityModel::johansen, FreezingModel::linear,
     FrozenConductivity::kersten, true},
    {Properties::freezing, ConductivityModel::lu, FreezingModel::power,
     FrozenConductivity::geometric, true},
    {Properties::freezing, ConductivityModel::balland_arp, FreezingModel::van_genuchten,
     FrozenConductivity::kersten}};

using Setting = std::tuple<SoilForm, Scheme, Bottom, Initial, Top, bool, bool>;

class GeneralDerivatives : public testing::TestWithParam<Setting> {
protected:
  GeneralDerivatives() {
    const auto [soil, scheme, bottom, initial, top, measured_bottom, varies] = GetParam();
    column = test::make_soil_case(soil, scheme, bottom, initial, top, measured_bottom);
    values = test::soil_truth(column);
    if (varies) {
      test::vary(column, values);
      column.varying.push_back(test::in_time(column, {Parameter::water_content, 0}, 3, true));
      for (const double w : {0.27, 0.33, 0.3}) values.push_back(w);
    }
  }
  ColumnCase column;
  std::vector<double> values;
};

// The case is worth its name: nodes are frozen, thawed and between.
TEST(SoilCase, freezes_and_thaws) {
  const ColumnCase column =
      test::make_soil_case(freezing[0], Scheme::sdirk2, Bottom::temperature, Initial::profile);
  const auto run = glebe::run<double>(column, test::soil_truth(column));
  double lowest = 400.0, highest = 0.0;
  for (std::size_t k = 0; k < 36; ++k) { // soil_temperature at 0 m
    lowest = std::min(lowest, run.value[k]);
    highest = std::max(highest, run.value[k]);
  }
  EXPECT_LT(lowest, 271.0);
  EXPECT_GT(highest, 274.5);
}

TEST_P(GeneralDerivatives, agree_with_complex_step) {
  const test::AllDirections all = test::all_directions(column);
  const auto tangent = run<double>(column, values, all.direction);
  constexpr double step = 1e-30;
  // Both runs round temperatures of some 10 K differently; a node that begins to freeze at -0.01
  // degC feels that a hundred times as much in its capacity, and a sensitivity is made of a few.
  const double tolerance = column.form.soil.properties == Properties::freezing ? 3e-12 : 1e-12;
  for (std::size_t d = 0; d < all.direction.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[all.value[d]] += Complex(0.0, step);
    const auto complex = run<Complex>(column, perturbed);
    std::size_t k = 0;
    for (std::size_t s = 0; s < column.streams.size(); ++s) {
      double largest = 0.0, difference = 0.0;
      for (const std::size_t end = k + column.streams[s].n_observation; k < end; ++k) {
        const double exact = complex.value[k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(tangent.derivative[k][d] - exact));
      }
      // What is left of a shift of all temperatures are differences of ones, a few 1e-16 each,
      // times conductances of up to some hundred W m-2 K-1.
      constexpr double rounding = 3e-13;
      EXPECT_LE(difference, tolerance * largest + rounding)
          << info(all.direction[d].slot.parameter).name << "[" << all.direction[d].slot.index
          << "], stream " << s;
    }
  }
}

TEST_P(GeneralDerivatives, dot_product) {
  std::vector<double> v;
  for (std::size_t k = 0; k < values.size(); ++k)
    v.push_back(noise(1, k) * (values[k] > 200.0 && values[k] < 400.0 ? 1.0 : 0.1 * values[k]));
  const auto forwards = run_along<double>(column, values, v);
  const std::vector<std::size_t> first = column.first_equivalents();
  for (std::size_t s = 0; s < column.streams.size(); ++s) {
    std::vector<double> w(first.back(), 0.0);
    double there = 0.0;
    for (std::size_t k = first[s]; k < first[s + 1]; ++k) {
      const double Sv = forwards.derivative[k][0];
      w[k] = (1.5 + noise(2, k)) * Sv;
      there += Sv * w[k];
    }
    const std::vector<double> gradient = run_ad<double>(column, values, w, all_bytes);
    double back = 0.0, size = 0.0; // of terms that may cancel
    for (std::size_t k = 0; k < v.size(); ++k) {
      back += gradient[k] * v[k];
      size += std::abs(gradient[k] * v[k]);
    }
    EXPECT_NEAR(back, there, 1e-13 * size)
        << "stream " << s << ", " << info(column.streams[s].op.kind).name;
  }
}

TEST_P(GeneralDerivatives, lanes_agree_with_double) {
  const test::AllDirections all = test::all_directions(column);
  const auto scalar = run<double>(column, values, all.direction);
  const auto lanes =
      run<Lanes>(column, std::vector<Lanes>(values.begin(), values.end()), all.direction);
  for (std::size_t k = 0; k < scalar.value.size(); ++k)
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      ASSERT_EQ(lanes.value[k][i], scalar.value[k]);
      for (std::size_t d = 0; d < all.direction.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], scalar.derivative[k][d]);
    }
}

// Columns of different state side by side: none feels its neighbours.
TEST_P(GeneralDerivatives, do_not_depend_on_the_packing) {
  const test::AllDirections all = test::all_directions(column);
  std::vector<std::vector<double>> each(Lanes::size(), values);
  for (std::size_t i = 0; i < each.size(); ++i)
    for (std::size_t k = 0; k < values.size(); ++k)
      each[i][k] *=
          1.0 + (values[k] > 200.0 && values[k] < 400.0 ? 0.004 : 0.05) * noise(i + 10, k);
  std::vector<Lanes> packed;
  for (std::size_t k = 0; k < values.size(); ++k)
    packed.push_back(Lanes([&](auto i) { return each[i][k]; }));
  const auto lanes = run<Lanes>(column, packed, all.direction);
  for (std::size_t i = 0; i < each.size(); i += 3) {
    const auto alone = run<double>(column, each[i], all.direction);
    for (std::size_t k = 0; k < alone.value.size(); ++k) {
      ASSERT_EQ(lanes.value[k][i], alone.value[k]);
      for (std::size_t d = 0; d < all.direction.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], alone.derivative[k][d]);
    }
  }
}

TEST_P(GeneralDerivatives, segments_change_no_bit) {
  std::vector<double> w;
  for (std::size_t k = 0; k < column.first_equivalents().back(); ++k) w.push_back(noise(4, k));
  const std::vector<double> whole = run_ad<double>(column, values, w, all_bytes);
  const GeneralCheckpointLayout layout(column.form, column.grid.view(), column.streams);
  for (const double steps : {0.0, 7.5})
    EXPECT_EQ(run_ad<double>(column, values, w, steps * 8.0 * double(layout.size())), whole);
}

const auto schemes =
    testing::Values(Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2);

INSTANTIATE_TEST_SUITE_P(Flow, GeneralDerivatives,
                         testing::Combine(testing::Values(flowing), schemes,
                                          testing::Values(Bottom::temperature, Bottom::flux),
                                          testing::Values(Initial::uniform, Initial::profile),
                                          testing::Values(Top::balance), testing::Values(false),
                                          testing::Bool()));
INSTANTIATE_TEST_SUITE_P(Moist, GeneralDerivatives,
                         testing::Combine(testing::ValuesIn(moist), schemes,
                                          testing::Values(Bottom::temperature, Bottom::flux),
                                          testing::Values(Initial::profile),
                                          testing::Values(Top::balance), testing::Values(false),
                                          testing::Bool()));
INSTANTIATE_TEST_SUITE_P(Freezing, GeneralDerivatives,
                         testing::Combine(testing::ValuesIn(freezing), schemes,
                                          testing::Values(Bottom::temperature, Bottom::flux),
                                          testing::Values(Initial::profile),
                                          testing::Values(Top::balance), testing::Values(false),
                                          testing::Bool()));
INSTANTIATE_TEST_SUITE_P(MeasuredTop, GeneralDerivatives,
                         testing::Combine(testing::Values(freezing[0], flowing), schemes,
                                          testing::Values(Bottom::temperature, Bottom::flux),
                                          testing::Values(Initial::profile, Initial::spinup),
                                          testing::Values(Top::temperature), testing::Bool(),
                                          testing::Values(true)));
INSTANTIATE_TEST_SUITE_P(MeasuredFlux, GeneralDerivatives,
                         testing::Combine(testing::Values(freezing[0], flowing), schemes,
                                          testing::Values(Bottom::temperature),
                                          testing::Values(Initial::profile),
                                          testing::Values(Top::flux), testing::Bool(),
                                          testing::Values(true)));

INSTANTIATE_TEST_SUITE_P(
    MeasuredWater, GeneralDerivatives,
    testing::Combine(
        testing::Values(SoilForm{.properties = Properties::moist, .water_measured = true},
                        SoilForm{.properties = Properties::freezing, .water_measured = true}),
        schemes, testing::Values(Bottom::temperature), testing::Values(Initial::profile),
        testing::Values(Top::balance), testing::Values(false), testing::Bool()));

// A temperature given at the bottom falls below freezing between two steps, while the directions
// are of parameters that stay.
TEST(GeneralColumn, knows_of_a_bottom_that_begins_to_freeze) {
  for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2}) {
    ColumnCase column =
        test::make_soil_case(freezing[0], scheme, Bottom::temperature, Initial::profile);
    std::vector<double> values = test::soil_truth(column);
    column.varying.push_back(test::in_time(column, {Parameter::deep_temperature, 0}, 3, true));
    for (const double T : {275.0, 270.0, 271.0}) values.push_back(T);
    for (const Parameter parameter : {Parameter::porosity, Parameter::solid_heat_capacity}) {
      const Direction direction{{parameter, 1}};
      const auto tangent = run<double>(column, values, {direction});
      constexpr double step = 1e-30;
      std::vector<Complex> perturbed(values.begin(), values.end());
      perturbed[column.grid.layout().position(parameter, 1)] += Complex(0.0, step);
      const auto complex = run<Complex>(column, perturbed);
      double largest = 0.0, difference = 0.0;
      for (std::size_t k = 0; k < complex.value.size(); ++k) {
        const double exact = complex.value[k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(tangent.derivative[k][0] - exact));
      }
      EXPECT_LE(difference, 3e-12 * largest + 3e-13) << info(parameter).name;
    }
  }
}

// Without a flow, constant properties are those of the linear column.
TEST(GeneralColumn, has_the_linear_column_as_its_limit) {
  for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2})
    for (const Bottom bottom : {Bottom::temperature, Bottom::flux}) {
      ColumnCase column = test::make_case(scheme, bottom, Initial::profile,
                                          {Longwave::absorbed, Turbulence::humidity});
      std::vector<double> values = test::truth(column);
      test::vary(column, values);
      const std::vector<Direction> directions = test::all_directions(column).direction;
      const auto linear = column.run<double>(values, directions);
      const auto general = column.run<double, ConstantColumn<double>>(values, directions);
      for (std::size_t k = 0; k < linear.value.size(); ++k) {
        EXPECT_NEAR(general.value[k], linear.value[k], 1e-11 * std::abs(linear.value[k]) + 1e-9);
        for (std::size_t d = 0; d < directions.size(); ++d)
          EXPECT_NEAR(general.derivative[k][d], linear.derivative[k][d],
                      1e-9 * std::abs(linear.derivative[k][d]) + 1e-9);
      }
    }
}

} // namespace
} // namespace glebe
