// SPDX-License-Identifier: BSD-3-Clause
// Convergence to the exact daily wave in a half-space, T = T_m + A exp(-z/d) cos(wt - z/d + phase)
// with d = sqrt(2 lambda / (w C)); Carslaw and Jaeger (1959), Conduction of Heat in Solids, 2.6.
#include <gtest/gtest.h>

#include "../support/exact_case.hpp"

namespace glebe {
namespace {

using test::daily_frequency;
using test::ExactSolution;
using test::expect_order;

constexpr double conductivity = 0.8, capacity = 2.2e6;
constexpr double mean = 290.0, amplitude = 15.0, phase = -1.1;
const double damping_depth = std::sqrt(2 * conductivity / (daily_frequency * capacity));

// At 20 damping depths the wave is 3e-8 K, less than any error that is measured here.
const double depth = 20 * damping_depth;

ExactSolution daily_wave() {
  const double d = damping_depth;
  return {[=](double z, double t) {
            return mean +
                   amplitude * std::exp(-z / d) * std::cos(daily_frequency * t - z / d + phase);
          },
          [=](double t) {
            return std::numbers::sqrt2 * amplitude * conductivity / d *
                   std::cos(daily_frequency * t + phase + std::numbers::pi / 4);
          }};
}

// The error with `n_element` elements. `growth` is the last thickness over the first one: the nodes
// of a finer grid include those of a coarser one with the same growth.
double error(const ModelForm& form, std::size_t n_element, double growth, std::size_t steps) {
  const double stretch = std::pow(growth, 1.0 / static_cast<double>(n_element));
  return test::largest_error(daily_wave(), form,
                             SoilGrid(stretched_nodes(depth, n_element + 1, stretch)),
                             {{{Parameter::thermal_conductivity}, conductivity},
                              {{Parameter::heat_capacity}, capacity},
                              {{Parameter::deep_temperature}, mean}},
                             steps);
}

using Setting = std::tuple<Scheme, Bottom, Longwave, Turbulence>;

class HalfSpace : public testing::TestWithParam<Setting> {
protected:
  ModelForm form() const {
    const auto [scheme, bottom, longwave, turbulence] = GetParam();
    return {scheme, bottom, Initial::profile, {longwave, turbulence}, 0.0};
  }
};

// Steps and elements are halved together. The elements are so thin that the error in time leads:
// a first-order scheme would not pass as one of second order.
TEST_P(HalfSpace, converges_in_time) {
  SCOPED_TRACE(test::in_words(form()));
  std::vector<double> errors;
  for (const std::size_t refined : {1, 2, 4, 8})
    errors.push_back(error(form(), 120 * refined, 20.0, 48 * refined));
  expect_order(form().scheme == Scheme::backward_euler ? 1.0 : 2.0, errors);
}

INSTANTIATE_TEST_SUITE_P(Forms, HalfSpace,
                         testing::Combine(testing::Values(Scheme::backward_euler,
                                                          Scheme::crank_nicolson, Scheme::sdirk2),
                                          testing::Values(Bottom::temperature, Bottom::flux),
                                          testing::Values(Longwave::absorbed, Longwave::full),
                                          testing::Values(Turbulence::bowen, Turbulence::humidity,
                                                          Turbulence::combined)));

// With steps of 43 s the error in time is about a hundredth of the smallest error in depth.
TEST(HalfSpaceInDepth, converges_with_order_two) {
  for (const double growth : {1.0, 10.0})
    for (const Scheme scheme : {Scheme::crank_nicolson, Scheme::sdirk2}) {
      const ModelForm form{
          scheme, Bottom::flux, Initial::profile, {Longwave::absorbed, Turbulence::humidity}, 0.0};
      std::vector<double> errors;
      for (const std::size_t refined : {1, 2, 4, 8})
        errors.push_back(error(form, 60 * refined, growth, 2000));
      SCOPED_TRACE(test::in_words(form));
      expect_order(2.0, errors);
    }
}

} // namespace
} // namespace glebe
