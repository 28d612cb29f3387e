// SPDX-License-Identifier: BSD-3-Clause
// The surface energy balance: numbers worked out by hand, derivatives by complex step, lanes.
#include "glebe/physics/laws/snow.hpp"
#include "glebe/physics/laws/surface.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace glebe {
namespace {

template <class Real>
Inputs<Real> make_forcing(double shortwave = 500.0) {
  return {Real(shortwave), Real(320.0), Real(295.0), Real(0.008), Real(1e5), Real(3.0)};
}

constexpr ParameterLayout layout;

const std::vector<std::pair<Parameter, double>> surface_values{
    {Parameter::albedo, 0.2},           {Parameter::emissivity, 0.95},
    {Parameter::heat_transfer, 10.0},   {Parameter::heat_transfer_wind, 2.0},
    {Parameter::latent_transfer, 5.0},  {Parameter::bowen_ratio, 2.0},
    {Parameter::cover_resistance, 0.0}, {Parameter::snow_conductivity, 0.2},
    {Parameter::stability, 1.0},        {Parameter::roughness_length, 0.02},
    {Parameter::heat_roughness, 0.13},  {Parameter::surface_resistance, 100.0},
    {Parameter::dry_layer, 0.01},       {Parameter::vegetation_fraction, 0.3},
    {Parameter::canopy_transfer, 20.0}, {Parameter::longwave_bias, 12.0},
    {Parameter::shortwave_scale, 1.1},  {Parameter::air_temperature_bias, 0.7}};

// The values of a column, those of the surface set.
template <class Real>
std::vector<Real> make_values() {
  std::vector<Real> values(layout.size(), Real(0.0));
  for (const auto& [parameter, value] : surface_values) values[layout.position(parameter)] = value;
  return values;
}

template <class Real>
SurfaceParameters<Real> make_parameters() {
  static const std::vector<Real> values = make_values<Real>();
  return {layout, values.data()};
}

SurfaceState<double> fluxes(const SurfaceForm& form, double T_0) {
  return surface_state(form, T_0, make_forcing<double>(), make_parameters<double>());
}

// 0.95 sigma (300 K)^4 = 0.95 x 459.300327939 W m-2.
constexpr double emitted = 436.33531154205;
// Of sums of some hundred W m-2 in double.
constexpr double rounding = 1e-11;

TEST(SurfaceFluxes, absorbed_longwave) {
  const auto flux = fluxes({Longwave::absorbed, Turbulence::combined}, 300.0);
  EXPECT_NEAR(flux.longwave_up, emitted + 0.05 * 320.0, rounding);
  // (1 - 0.2) 500 + 0.95 320 - emitted
  EXPECT_NEAR(flux.net_radiation, 400.0 + 304.0 - emitted, rounding);
}

TEST(SurfaceFluxes, full_longwave) {
  const auto flux = fluxes({Longwave::full, Turbulence::combined}, 300.0);
  EXPECT_NEAR(flux.longwave_up, emitted, rounding);
  EXPECT_NEAR(flux.net_radiation, 400.0 + 320.0 - emitted, rounding);
}

// With full longwave nothing is reflected: it is T_0. Reflected longwave makes the surface look
// warmer: (452.33531154205 / (0.95 sigma))^(1/4) = 300 K (452.33531154205 / emitted)^(1/4).
TEST(SurfaceFluxes, radiometric_temperature) {
  const auto full = fluxes({Longwave::full, Turbulence::combined}, 300.0);
  EXPECT_NEAR(full.radiometric_temperature, 300.0, rounding);
  const auto absorbed = fluxes({Longwave::absorbed, Turbulence::combined}, 300.0);
  EXPECT_NEAR(absorbed.radiometric_temperature, 302.71315018453913, rounding);
}

TEST(SurfaceFluxes, combined_turbulence) {
  const auto flux = fluxes({Longwave::full, Turbulence::combined}, 300.0);
  EXPECT_NEAR(flux.sensible, 80.0, rounding); // (10 + 2 x 3) (300 - 295)
  EXPECT_EQ(flux.latent, 0.0);
  EXPECT_NEAR(flux.ground(), 720.0 - emitted - 80.0, rounding);
}

TEST(SurfaceFluxes, bowen_turbulence) {
  const auto flux = fluxes({Longwave::full, Turbulence::bowen}, 300.0);
  EXPECT_NEAR(flux.sensible, 80.0, rounding);
  EXPECT_NEAR(flux.latent, 40.0, rounding);
  EXPECT_NEAR(flux.ground(), 720.0 - emitted - 120.0, rounding);
}

TEST(SurfaceFluxes, humidity_turbulence) {
  // At 0 degC and 1000 hPa q_sat = 0.003810551669528731 (e = 611.213476 Pa), and
  // L_v / c_p = 2489.4489568402614 K: the ground takes up vapour, and heat with it.
  const auto flux = fluxes({Longwave::absorbed, Turbulence::humidity}, freezing_temperature);
  EXPECT_NEAR(flux.sensible, 16.0 * (273.15 - 295.0), rounding);
  EXPECT_NEAR(flux.latent, 5.0 * 2489.4489568402614 * (0.003810551669528731 - 0.008), rounding);
  EXPECT_DOUBLE_EQ(flux.ground(), flux.net_radiation - flux.sensible - flux.latent);
}

// With emissivity 1 nothing is reflected, and the forms are one.
TEST(SurfaceFluxes, forms_of_longwave_meet_for_a_black_surface) {
  std::vector<double> values = make_values<double>();
  values[layout.position(Parameter::emissivity)] = 1.0;
  const SurfaceParameters<double> P(layout, values.data());
  const auto F = make_forcing<double>();
  const auto absorbed = surface_state({Longwave::absorbed, Turbulence::bowen}, 285.0, F, P);
  const auto full = surface_state({Longwave::full, Turbulence::bowen}, 285.0, F, P);
  EXPECT_NEAR(absorbed.longwave_up, full.longwave_up, rounding);
  EXPECT_NEAR(absorbed.net_radiation, full.net_radiation, rounding);
}

// A balance that falls with T_0 has one solution at most: what the Newton iteration relies on.
TEST(SurfaceFluxes, ground_heat_falls_with_surface_temperature) {
  for (const Turbulence turbulence :
       {Turbulence::bowen, Turbulence::humidity, Turbulence::combined}) {
    double previous = fluxes({Longwave::absorbed, turbulence}, 220.0).ground();
    for (double T_0 = 220.5; T_0 < 350.0; T_0 += 0.5) {
      const double now = fluxes({Longwave::absorbed, turbulence}, T_0).ground();
      EXPECT_LT(now, previous) << turbulence_names[std::size_t(turbulence)] << " at " << T_0;
      previous = now;
    }
  }
}

// Numbers of a separate calculation, to their five digits.
TEST(Snow, conductivity_by_density) {
  struct Row {
    double density, jordan, sturm, fsm;
  };
  for (const auto& [density, jordan, sturm, fsm] :
       {Row{100.0, 0.06562, 0.04640, 0.02664}, Row{200.0, 0.15834, 0.06532, 0.10655},
        Row{300.0, 0.30116, 0.12597, 0.23975}, Row{400.0, 0.49408, 0.25128, 0.42622}}) {
    EXPECT_NEAR(snow_conductivity(SnowConductivity::jordan, density), jordan, 5e-6);
    EXPECT_NEAR(snow_conductivity(SnowConductivity::sturm, density), sturm, 5e-6);
    EXPECT_NEAR(snow_conductivity(SnowConductivity::fsm, density), fsm, 5e-6);
  }
}

// At 156 kg m-3 one of Sturm's branches has 0.059504, the other 0.059118 W m-1 K-1.
TEST(Snow, branches_of_sturm) {
  EXPECT_NEAR(snow_conductivity(SnowConductivity::sturm, 155.999), 0.059504, 1e-6);
  EXPECT_NEAR(snow_conductivity(SnowConductivity::sturm, 156.0), 0.059118, 1e-6);
}

TEST(Snow, resistance) {
  EXPECT_NEAR(snow_resistance(SnowConductivity::jordan, 0.2, 300.0), 0.2 / 0.30116, 1e-5);
  EXPECT_EQ(snow_resistance(SnowConductivity::fsm, 0.0, 0.0), 0.0);
  EXPECT_EQ(snow_resistance(SnowConductivity::fsm, -0.01, std::nan("")), 0.0);
}

// Snow of 6 cm and 0.2 W m-1 K-1 is snow with a resistance of 0.3 m2 K W-1, which no longer depends
// on the conductivity, whatever that is.
TEST(Snow, as_a_resistance) {
  std::vector<double> values = make_values<double>();
  values[layout.position(Parameter::cover_resistance)] = 0.02;
  const SurfaceForm by_depth{Longwave::absorbed, Turbulence::bowen, true, true};
  const SurfaceForm by_density{Longwave::absorbed, Turbulence::bowen, true, true, true};
  Inputs<double> depth = make_forcing<double>(), resistance = depth;
  depth[Input::snow_depth] = 0.06;
  resistance[Input::snow_depth] = 0.3;
  const Surface<double> snow(by_depth, layout, values.data());
  std::vector<double> unknown = values;
  unknown[layout.position(Parameter::snow_conductivity)] = std::nan("");
  const Surface<double> resisting(by_density, layout, unknown.data());
  const double T_0 = -4.0;
  EXPECT_NEAR(resisting.at(T_0, resistance).ground(), snow.at(T_0, depth).ground(), rounding);
  for (const Parameter parameter : {Parameter::albedo, Parameter::cover_resistance})
    EXPECT_NEAR(resisting.slope(parameter, T_0, resistance).ground(),
                snow.slope(parameter, T_0, depth).ground(), rounding);
  EXPECT_EQ(resisting.slope(Parameter::snow_conductivity, T_0, resistance).ground(), 0.0);
}

using Setting = std::tuple<Longwave, Turbulence>;

class SurfaceDerivatives : public testing::TestWithParam<Setting> {
protected:
  SurfaceForm form() const { return {std::get<0>(GetParam()), std::get<1>(GetParam())}; }

  static constexpr double step = 1e-30;

  // A complex step has no truncation error; what is left is rounding.
  static void expect_slope(const SurfaceState<double>& slope, const SurfaceState<Complex>& flux,
                           const std::string& what) {
    const auto expect = [&](double given, const Complex& exact, const char* term) {
      const double expected = exact.imag() / step;
      EXPECT_NEAR(given, expected, 1e-13 + 1e-12 * std::abs(expected)) << what << ", " << term;
    };
    expect(slope.net_radiation, flux.net_radiation, "net_radiation");
    expect(slope.longwave_up, flux.longwave_up, "longwave_up");
    expect(slope.sensible, flux.sensible, "sensible");
    expect(slope.latent, flux.latent, "latent");
    expect(slope.radiometric_temperature, flux.radiometric_temperature, "radiometric_temperature");
    expect(slope.ground(), flux.ground(), "ground");
  }
};

const std::vector<double> surface_temperatures{240.0, 265.0, 273.2, 300.0, 335.0}; ///< [K]

TEST_P(SurfaceDerivatives, with_respect_to_temperature) {
  for (const double T_0 : surface_temperatures)
    expect_slope(surface_state_dT(form(), T_0, make_forcing<double>(), make_parameters<double>()),
                 surface_state(form(), Complex(T_0, step), make_forcing<Complex>(),
                               make_parameters<Complex>()),
                 "T_0");
}

TEST_P(SurfaceDerivatives, with_respect_to_every_parameter) {
  const auto n_surface = std::ranges::count(parameter_table, Place::surface, &ParameterInfo::place);
  ASSERT_EQ(surface_values.size(), std::size_t(n_surface));
  for (const double T_0 : surface_temperatures)
    for (const auto& [parameter, value] : surface_values) {
      std::vector<Complex> perturbed = make_values<Complex>();
      perturbed[layout.position(parameter)] += Complex(0.0, step);
      expect_slope(surface_state_dp(form(), parameter, T_0, make_forcing<double>(),
                                    make_parameters<double>()),
                   surface_state(form(), Complex(T_0), make_forcing<Complex>(),
                                 SurfaceParameters<Complex>(layout, perturbed.data())),
                   info(parameter).name);
    }
}

TEST_P(SurfaceDerivatives, are_zero_for_parameters_of_the_soil) {
  for (std::size_t p = 0; p < parameter_count; ++p) {
    const auto parameter = static_cast<Parameter>(p);
    if (info(parameter).place == Place::surface) continue;
    const auto slope = surface_state_dp(form(), parameter, 290.0, make_forcing<double>(),
                                        make_parameters<double>());
    EXPECT_EQ(slope.net_radiation, 0.0) << info(parameter).name;
    EXPECT_EQ(slope.longwave_up, 0.0) << info(parameter).name;
    EXPECT_EQ(slope.sensible, 0.0) << info(parameter).name;
    EXPECT_EQ(slope.latent, 0.0) << info(parameter).name;
    EXPECT_EQ(slope.radiometric_temperature, 0.0) << info(parameter).name;
  }
}

// Every lane has a sky and a temperature of its own, some of them frozen.
TEST_P(SurfaceDerivatives, lanes_agree_with_double) {
  const auto temperature = [](std::size_t i) { return 262.0 + 7.0 * static_cast<double>(i); };
  const auto sun = [](std::size_t i) { return 90.0 * static_cast<double>(i); };
  auto F = make_forcing<Lanes>();
  F[Input::shortwave] = Lanes([&](auto i) { return sun(i); });
  const Lanes T_0([&](auto i) { return temperature(i); });
  const auto P = make_parameters<Lanes>();
  // Fused multiplication may round the last digits differently.
  const auto expect_lanes = [&](const SurfaceState<Lanes>& lanes, auto&& scalar) {
    for (std::size_t i = 0; i < Lanes::size(); ++i) {
      const SurfaceState<double> expected = scalar(temperature(i), make_forcing<double>(sun(i)));
      EXPECT_NEAR(lanes.net_radiation[i], expected.net_radiation, rounding);
      EXPECT_NEAR(lanes.longwave_up[i], expected.longwave_up, rounding);
      EXPECT_NEAR(lanes.sensible[i], expected.sensible, rounding);
      EXPECT_NEAR(lanes.latent[i], expected.latent, rounding);
      EXPECT_NEAR(lanes.radiometric_temperature[i], expected.radiometric_temperature, rounding);
      EXPECT_NEAR(lanes.ground()[i], expected.ground(), rounding);
    }
  };
  const auto scalar_P = make_parameters<double>();
  expect_lanes(surface_state(form(), T_0, F, P), [&](double T, const auto& scalar_F) {
    return surface_state(form(), T, scalar_F, scalar_P);
  });
  expect_lanes(surface_state_dT(form(), T_0, F, P), [&](double T, const auto& scalar_F) {
    return surface_state_dT(form(), T, scalar_F, scalar_P);
  });
  for (std::size_t p = 0; p < parameter_count; ++p) {
    const auto parameter = static_cast<Parameter>(p);
    expect_lanes(surface_state_dp(form(), parameter, T_0, F, P),
                 [&](double T, const auto& scalar_F) {
                   return surface_state_dp(form(), parameter, T, scalar_F, scalar_P);
                 });
  }
}

INSTANTIATE_TEST_SUITE_P(AllForms, SurfaceDerivatives,
                         testing::Combine(testing::Values(Longwave::absorbed, Longwave::full),
                                          testing::Values(Turbulence::bowen, Turbulence::humidity,
                                                          Turbulence::combined)));

} // namespace
} // namespace glebe
