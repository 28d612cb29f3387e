// SPDX-License-Identifier: BSD-3-Clause
// Depth and bias of sensors: at their neutral values nothing changes; elsewhere their derivatives
// agree with the complex step, with each other and with the adjoint, in every kind of column.
#include "glebe/base/random.hpp"
#include "glebe/physics/columns/general_column.hpp"
#include "glebe/physics/laws/freezing_soil.hpp"
#include "glebe/physics/smooth_interpolation.hpp"

#include <gtest/gtest.h>

#include "../support/soil_case.hpp"

namespace glebe {
namespace {

using test::ColumnCase;

double noise(std::uint64_t what, std::size_t k) { return 2.0 * random_uniform({what, k}) - 1.0; }

std::vector<double> uneven_places() { return {0.0, 0.01, 0.03, 0.05, 0.09, 0.16, 0.3}; }

struct Weights {
  std::vector<double> value, slope;
};
Weights weights_at(const SmoothInterpolation& between, double z) {
  Weights weights{std::vector<double>(between.size()), std::vector<double>(between.size())};
  static_cast<void>(between.weigh<double>(z, weights.value, weights.slope));
  return weights;
}

// Parabolas are exact, within and beyond the places.
TEST(SmoothInterpolation, reproduces_parabolas) {
  const std::vector<double> places = uneven_places();
  const SmoothInterpolation between(places);
  for (const double z : {-0.004, 0.0, 0.006, 0.01, 0.04, 0.05, 0.1, 0.29, 0.3, 0.33}) {
    const auto [value, slope] = weights_at(between, z);
    double f = 0.0, f_z = 0.0;
    for (std::size_t j = 0; j < places.size(); ++j) {
      const double at_place = 3.0 - 7.0 * places[j] + 40.0 * places[j] * places[j];
      f += value[j] * at_place;
      f_z += slope[j] * at_place;
    }
    EXPECT_NEAR(f, 3.0 - 7.0 * z + 40.0 * z * z, 1e-13) << z;
    EXPECT_NEAR(f_z, -7.0 + 80.0 * z, 1e-11) << z;
  }
}

// At every place both sides have the same value and the same derivative.
TEST(SmoothInterpolation, has_no_kink) {
  const SmoothInterpolation between(uneven_places());
  for (const double z : uneven_places()) {
    const Weights above = weights_at(between, z - 1e-14), below = weights_at(between, z + 1e-14);
    for (std::size_t j = 0; j < between.size(); ++j) {
      EXPECT_NEAR(above.value[j], below.value[j], 1e-10) << z;
      EXPECT_NEAR(above.slope[j], below.slope[j], 1e-8) << z;
    }
  }
}

// Of the derivative of a smooth function second order in the distances: a quarter at half of them.
TEST(SmoothInterpolation, derivative_is_of_second_order) {
  const auto error = [](std::size_t n) {
    std::vector<double> places;
    for (std::size_t i = 0; i <= n; ++i) places.push_back(double(i) / double(n));
    const SmoothInterpolation between(places);
    double largest = 0.0;
    for (int k = 0; k <= 200; ++k) {
      const double z = 0.1 + 0.8 * k / 200.0;
      const std::vector<double> slope = weights_at(between, z).slope;
      double f_z = -4.0 * std::cos(4.0 * z);
      for (std::size_t j = 0; j < places.size(); ++j) f_z += slope[j] * std::sin(4.0 * places[j]);
      largest = std::max(largest, std::abs(f_z));
    }
    return largest;
  };
  EXPECT_NEAR(error(20) / error(40), 4.0, 0.4);
}

template <class Real>
using Freezing = GeneralColumn<FreezingSoil<Real>>;
template <class Real>
using Linear = LinearColumn<Real>;

// What a case gives to every stream, and values for it: sensors that lie within other elements than
// their streams say, at nodes, above the first middle of an element and near the bottom.
void add_sensors(ColumnCase& column) {
  column.n_sensor = column.streams.size();
  for (std::size_t s = 0; s < column.streams.size(); ++s) {
    SensorForm& sensor = column.streams[s].sensor;
    sensor.moves = info(column.streams[s].op.kind).has_depth;
    sensor.biased = s % 3 != 2;
    sensor.index = s;
  }
}
void set_sensors(const ColumnCase& column, std::vector<double>& values, bool neutral) {
  const std::vector<double>& nodes = column.grid.depths();
  const double depths[] = {0.0004, 0.021, nodes[4], 0.79, 0.0471};
  for (std::size_t s = 0; s < column.n_sensor; ++s) {
    const double own = column.streams[s].sensor.depth;
    values[column.layout().position(Parameter::sensor_depth, s)] = neutral ? own : depths[s % 5];
    values[column.layout().position(Parameter::sensor_bias, s)] =
        neutral ? 0.0 : 0.4 + 0.1 * double(s);
  }
}

struct Setting {
  bool freezing;
  Scheme scheme;
  Top top;
  bool varies;
};

class Sensors : public testing::TestWithParam<Setting> {
protected:
  Sensors() {
    const auto [freezing, scheme, top, varies] = GetParam();
    const SoilForm soil{freezing ? Properties::freezing : Properties::constant};
    column = freezing
                 ? test::make_soil_case(soil, scheme, Bottom::temperature, Initial::profile, top)
                 : test::make_case(scheme, Bottom::flux, Initial::profile,
                                   {Longwave::absorbed, Turbulence::humidity}, top);
    without = column;
    add_sensors(column);
    values = freezing ? test::soil_truth(column) : test::truth(column);
    set_sensors(column, values, false);
    if (varies) vary();
  }

  // A bias that drifts, and a sensor that sinks.
  void vary() {
    for (const ParameterSlot& slot :
         {ParameterSlot{Parameter::sensor_bias, 0}, ParameterSlot{Parameter::sensor_bias, 4},
          ParameterSlot{Parameter::sensor_depth, 2}, ParameterSlot{Parameter::sensor_depth, 3}}) {
      column.varying.push_back(test::in_time(column, slot, 3, slot.index % 2 == 0));
      for (const double part : {0.03, 0.09, 0.05}) values.push_back(part);
    }
  }

  template <class Real, class... More>
  auto run(const std::vector<Real>& at, const More&... more) const {
    return GetParam().freezing ? column.run<Real, Freezing<Real>>(at, more...)
                               : column.run<Real, Linear<Real>>(at, more...);
  }
  template <class Real>
  std::vector<Real> run_ad(const std::vector<Real>& at, const std::vector<Real>& w,
                           double bytes) const {
    return GetParam().freezing ? column.run_ad<Real, Freezing<Real>>(at, w, bytes)
                               : column.run_ad<Real, Linear<Real>>(at, w, bytes);
  }

  ColumnCase column, without;
  std::vector<double> values;
};

class ConstantSensors : public Sensors {};
// Freezing bends more than three decades of steps allow.
class SensorsInLinearSoil : public Sensors {};

constexpr double all_bytes = 1e9;

// Where it is said to be, and without an error, a sensor is as if it had no parameters, to the last
// bit, in values and in the derivatives by all others.
TEST_P(ConstantSensors, of_neutral_values_change_no_bit) {
  set_sensors(column, values, true);
  const std::vector<Direction> directions = test::all_directions(without).direction;
  const std::vector<double> few(values.begin(),
                                values.begin() + std::ptrdiff_t(without.layout().size()));
  const auto plain = GetParam().freezing ? without.run<double, Freezing<double>>(few, directions)
                                         : without.run<double, Linear<double>>(few, directions);
  const auto with = run<double>(values, directions);
  EXPECT_EQ(with.value, plain.value);
  EXPECT_EQ(with.derivative, plain.derivative);
}

TEST_P(Sensors, derivatives_agree_with_the_complex_step) {
  const test::AllDirections all = test::all_directions(column);
  const auto tangent = run<double>(values, all.direction);
  constexpr double step = 1e-30;
  for (std::size_t d = 0; d < all.direction.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[all.value[d]] += Complex(0.0, step);
    const auto complex = run<Complex>(perturbed);
    std::size_t k = 0;
    for (std::size_t s = 0; s < column.streams.size(); ++s) {
      double largest = 0.0, difference = 0.0;
      for (const std::size_t end = k + column.streams[s].n_observation; k < end; ++k) {
        const double exact = complex.value[k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(tangent.derivative[k][d] - exact));
      }
      // A node that begins to freeze makes more of the rounding: see general_column_test.
      const double relative = GetParam().freezing ? 3e-12 : 1e-12;
      EXPECT_LE(difference, relative * largest + 1e-12)
          << info(all.direction[d].slot.parameter).name << "[" << all.direction[d].slot.index
          << "], stream " << s;
    }
  }
}

TEST_P(Sensors, dot_product) {
  std::vector<double> v;
  for (std::size_t k = 0; k < values.size(); ++k)
    v.push_back(noise(1, k) * (values[k] > 200.0 && values[k] < 400.0 ? 1.0 : 0.1 * values[k]));
  const auto forwards = run<double>(values, v);
  const std::vector<std::size_t> first = column.first_equivalents();
  for (std::size_t s = 0; s < column.streams.size(); ++s) {
    std::vector<double> w(first.back(), 0.0);
    double there = 0.0;
    for (std::size_t k = first[s]; k < first[s + 1]; ++k) {
      w[k] = (1.5 + noise(2, k)) * forwards.derivative[k][0];
      there += forwards.derivative[k][0] * w[k];
    }
    const std::vector<double> gradient = run_ad<double>(values, w, all_bytes);
    double back = 0.0, size = 0.0; // of terms that may cancel
    for (std::size_t k = 0; k < v.size(); ++k) {
      back += gradient[k] * v[k];
      size += std::abs(gradient[k] * v[k]);
    }
    EXPECT_NEAR(back, there, 1e-13 * size)
        << "stream " << s << ", " << info(column.streams[s].op.kind).name;
  }
}

// Every direction by itself, and zero, as one change of all values at once has them.
TEST_P(Sensors, tangents_are_linear) {
  const test::AllDirections all = test::all_directions(column);
  const auto each = run<double>(values, all.direction);
  std::vector<double> change(values.size(), 0.0);
  const auto zero = run<double>(values, change);
  for (std::size_t d = 0; d < all.direction.size(); ++d)
    if (info(all.direction[d].slot.parameter).place == Place::stream)
      change[all.value[d]] = noise(7, d);
  const auto sum = run<double>(values, change);
  for (std::size_t k = 0; k < each.value.size(); ++k) {
    EXPECT_EQ(zero.derivative[k][0], 0.0);
    double expected = 0.0, size = 0.0;
    for (std::size_t d = 0; d < all.direction.size(); ++d) {
      expected += change[all.value[d]] * each.derivative[k][d];
      size += std::abs(change[all.value[d]] * each.derivative[k][d]);
    }
    EXPECT_NEAR(sum.derivative[k][0], expected, 1e-13 * size);
  }
}

// A sensor that is alone among the directions, or between others, in lanes or not.
TEST_P(Sensors, derivatives_do_not_depend_on_lanes_or_neighbours) {
  const test::AllDirections all = test::all_directions(column);
  const auto scalar = run<double>(values, all.direction);
  const auto lanes = run<Lanes>(std::vector<Lanes>(values.begin(), values.end()), all.direction);
  for (std::size_t k = 0; k < scalar.value.size(); ++k)
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      ASSERT_EQ(lanes.value[k][i], scalar.value[k]);
      for (std::size_t d = 0; d < all.direction.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], scalar.derivative[k][d]);
    }
  for (std::size_t d = 0; d < all.direction.size(); d += 5) {
    const auto alone = run<double>(values, std::vector<Direction>{all.direction[d]});
    for (std::size_t k = 0; k < scalar.value.size(); ++k)
      ASSERT_EQ(alone.derivative[k][0], scalar.derivative[k][d]);
  }
}

// Every lane has its sensors at other depths.
TEST_P(Sensors, do_not_depend_on_the_packing) {
  std::vector<std::vector<double>> each(Lanes::size(), values);
  for (std::size_t i = 0; i < each.size(); ++i)
    for (std::size_t k = column.grid.layout().size(); k < values.size(); ++k)
      each[i][k] *= 1.0 - 0.08 * double(i);
  std::vector<Lanes> packed;
  for (std::size_t k = 0; k < values.size(); ++k)
    packed.push_back(Lanes([&](auto i) { return each[i][k]; }));
  const std::vector<Direction> directions = test::all_directions(column).direction;
  const auto lanes = run<Lanes>(packed, directions);
  for (std::size_t i = 0; i < each.size(); i += 3) {
    const auto alone = run<double>(each[i], directions);
    for (std::size_t k = 0; k < alone.value.size(); ++k) {
      ASSERT_EQ(lanes.value[k][i], alone.value[k]);
      for (std::size_t d = 0; d < directions.size(); ++d)
        ASSERT_EQ(lanes.derivative[k][d][i], alone.derivative[k][d]);
    }
  }
}

TEST_P(Sensors, segments_change_no_bit) {
  std::vector<double> w;
  for (std::size_t k = 0; k < column.first_equivalents().back(); ++k) w.push_back(noise(4, k));
  EXPECT_EQ(run_ad<double>(values, w, 2e4), run_ad<double>(values, w, all_bytes));
}

// ||H(x + e d) - H(x) - e S d|| falls as e^2, sensors and all else moving together.
TEST_P(SensorsInLinearSoil, taylor_remainder_has_slope_two) {
  std::vector<double> change(values.size());
  for (std::size_t k = 0; k < change.size(); ++k) change[k] = values[k] * (k % 2 == 0 ? 0.3 : -0.2);
  const auto base = run<double>(values, change);
  const auto remainder = [&](double size) {
    std::vector<double> moved = values;
    for (std::size_t k = 0; k < moved.size(); ++k) moved[k] += size * change[k];
    const auto there = run<double>(moved);
    double sum = 0.0;
    for (std::size_t k = 0; k < base.value.size(); ++k)
      sum += std::pow(there.value[k] - base.value[k] - size * base.derivative[k][0], 2);
    return std::sqrt(sum);
  };
  double previous = remainder(3e-3);
  for (const double size : {3e-4, 3e-5, 3e-6}) {
    const double now = remainder(size);
    EXPECT_NEAR(std::log10(previous / now), 2.0, 0.05) << size;
    previous = now;
  }
}

template <class Kept>
std::vector<Setting> settings(Kept kept) {
  std::vector<Setting> all;
  for (const bool freezing : {false, true})
    for (const Top top : {Top::balance, Top::temperature, Top::flux})
      for (const bool varies : {false, true})
        if (!freezing || top == Top::balance)
          all.push_back({freezing, Scheme::sdirk2, top, varies});
  all.push_back({false, Scheme::crank_nicolson, Top::balance, true});
  all.push_back({true, Scheme::crank_nicolson, Top::balance, true});
  all.push_back({false, Scheme::backward_euler, Top::balance, true});
  std::erase_if(all, [&](const Setting& one) { return !kept(one); });
  return all;
}
INSTANTIATE_TEST_SUITE_P(Columns, Sensors,
                         testing::ValuesIn(settings([](const Setting&) { return true; })));
INSTANTIATE_TEST_SUITE_P(Columns, ConstantSensors,
                         testing::ValuesIn(settings([](const Setting& one) {
                           return !one.varies;
                         })));
INSTANTIATE_TEST_SUITE_P(Columns, SensorsInLinearSoil,
                         testing::ValuesIn(settings([](const Setting& one) {
                           return !one.freezing;
                         })));

} // namespace
} // namespace glebe
