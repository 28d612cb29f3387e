// SPDX-License-Identifier: BSD-3-Clause
// Heat carried by a flow of water through the soil: the daily wave of a half-space (Stallman 1965),
// and flows so strong that central differences would oscillate.
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"

#include <gtest/gtest.h>

#include <complex>

#include "../support/exact_case.hpp"

namespace glebe {
namespace {

constexpr double conductivity = 1.2, capacity = 2.4e6;

// Amplitude and lag [h] at 0.1 m of the wave exp(i w t - m z), whose amplitude at z = 0 is one:
// C T_t = lambda T_zz - C_w q T_z, with C_w = 4.18e6 as in the numbers below.
struct Wave {
  double flux, ratio, lag;
};
// Computed apart from the program.
constexpr Wave waves[] = {{0.0, 0.42623167, 3.257350},
                          {1e-7, 0.43368166, 3.257010},
                          {1e-6, 0.50280933, 3.223561},
                          {-1e-6, 0.35491478, 3.223561},
                          {5e-6, 0.79907732, 2.536480}};
constexpr double their_capacity_of_water = 4.18e6;

// The wave of a column driven by its top temperature, at 0.1 m, by its sine and cosine parts over
// one of the last days.
Wave simulated(double flux, std::size_t n_element, std::size_t steps_per_day) {
  ModelForm form;
  form.dt = test::day / double(steps_per_day);
  form.top = Top::temperature;
  form.soil.water_flows = true;
  SoilGrid grid(stretched_nodes(3.0, n_element + 1, 1.0));
  const std::vector<double> values = test::parameter_values(
      grid.layout(),
      {{{Parameter::thermal_conductivity}, conductivity},
       {{Parameter::heat_capacity}, capacity},
       {{Parameter::water_flux}, flux * their_capacity_of_water / heat_capacity_of_water},
       {{Parameter::deep_temperature}, 290.0}});
  test::OwnedColumn<GeneralColumn<ConstantSoil<double>>> owned(form, grid.view(), grid.layout());
  auto& column = owned.column;
  const test::AnalyticForcing forcing{[](double t) {
                                        Inputs<double> F{};
                                        F[Input::top_temperature] =
                                            290.0 + std::cos(test::daily_frequency * t);
                                        return F;
                                      },
                                      form};
  column.set_parameters(values.data());
  column.start(forcing.at(0));
  const auto [i, w] = interpolate(grid.depths(), 0.1);
  constexpr std::size_t days = 12;
  std::complex<double> sum = 0.0;
  for (std::size_t step = 0, point = 1; step < days * steps_per_day; ++step) {
    for (std::size_t stage = 0; stage < 2; ++stage, ++point)
      column.advance(stage, forcing.at(point));
    if (step < (days - 1) * steps_per_day) continue;
    const double* T = column.temperature();
    const double at = (1 - w) * T[i] + w * T[i + 1] + freezing_temperature - 290.0;
    sum += at * std::polar(1.0, -test::daily_frequency * form.dt * double(step + 1));
  }
  sum *= 2.0 / double(steps_per_day);
  return {flux, std::abs(sum), -std::arg(sum) / test::daily_frequency / 3600.0};
}

TEST(WaterFlow, carries_the_daily_wave) {
  for (const Wave& exact : waves) {
    SCOPED_TRACE(exact.flux);
    const auto complex = [](const Wave& wave) {
      return std::polar(wave.ratio, -wave.lag * 3600.0 * test::daily_frequency);
    };
    std::vector<double> errors;
    for (const std::size_t refined : {1, 2, 4})
      errors.push_back(
          std::abs(complex(simulated(exact.flux, 150 * refined, 96 * refined)) - complex(exact)));
    EXPECT_LT(errors.back(), 2e-4);
    EXPECT_NEAR(std::log2(errors[0] / errors[1]), 2.0, 0.1);
    EXPECT_NEAR(std::log2(errors[1] / errors[2]), 2.0, 0.1);
  }
}

// 1e-3 m/s over elements of 5 cm, lambda 0.1: a cell Peclet number of 2000. A front that is pushed
// through the column stays between the temperatures on either side of it.
TEST(WaterFlow, does_not_oscillate_however_strong) {
  for (const double flux : {1e-3, -1e-3}) {
    ModelForm form;
    form.scheme = Scheme::backward_euler;
    form.dt = 60.0;
    form.top = Top::temperature;
    form.soil.water_flows = true;
    SoilGrid grid(stretched_nodes(1.0, 21, 1.0));
    const std::vector<double> values =
        test::parameter_values(grid.layout(), {{{Parameter::thermal_conductivity}, 0.1},
                                               {{Parameter::heat_capacity}, capacity},
                                               {{Parameter::water_flux}, flux},
                                               {{Parameter::deep_temperature}, 280.0}});
    test::OwnedColumn<GeneralColumn<ConstantSoil<double>>> owned(form, grid.view(), grid.layout());
    Inputs<double> F{};
    F[Input::top_temperature] = 300.0;
    owned.column.set_parameters(values.data());
    owned.column.start(F);
    for (int step = 0; step < 200; ++step) {
      owned.column.advance(0, F);
      for (std::size_t i = 1; i < 21; ++i) {
        const double* T = owned.column.temperature();
        EXPECT_LE(T[i], T[i - 1] + 1e-12);
        EXPECT_GE(T[i], 280.0 - freezing_temperature - 1e-9);
      }
    }
  }
}

} // namespace
} // namespace glebe
