// SPDX-License-Identifier: BSD-3-Clause
// Stability, roughness, leaves and resistances: published numbers, limits that are known,
// derivatives by complex step, and that the energy balance has one solution.
#include "glebe/physics/laws/surface.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "../support/surface_forms.hpp"

namespace glebe {
namespace {

using test::full_form;

constexpr ParameterLayout layout;

using Values = std::vector<std::pair<Parameter, double>>;

template <class Real = double>
std::vector<Real> values_with(const Values& more = {}) {
  const Values usual{{Parameter::albedo, 0.2},
                     {Parameter::emissivity, 0.95},
                     {Parameter::heat_transfer, 8.0},
                     {Parameter::heat_transfer_wind, 2.0},
                     {Parameter::latent_transfer, 5.0},
                     {Parameter::bowen_ratio, 2.0},
                     {Parameter::stability, 1.0},
                     {Parameter::roughness_length, 0.02},
                     {Parameter::heat_roughness, 0.13},
                     {Parameter::surface_resistance, 200.0},
                     {Parameter::dry_layer, 0.015},
                     {Parameter::vegetation_fraction, 0.4},
                     {Parameter::canopy_transfer, 25.0},
                     {Parameter::cover_resistance, 0.03},
                     {Parameter::snow_conductivity, 0.2},
                     {Parameter::longwave_bias, 12.0},
                     {Parameter::shortwave_scale, 1.1},
                     {Parameter::air_temperature_bias, 0.7}};
  std::vector<Real> values(layout.size(), Real(0.0));
  for (const Values& all : {usual, more})
    for (const auto& [parameter, value] : all) values[layout.position(parameter)] = value;
  return values;
}

struct Air {
  double T = 295.0, wind = 3.0, sun = 500.0, pressure = 1e5, moisture = 0.15, snow = 0.0,
         relative_humidity = 0.7;
};
template <class Real = double>
Inputs<Real> inputs(const Air& air) {
  const double q = air.relative_humidity * saturation_humidity(air.T, air.pressure).value;
  Inputs<Real> F{
      {Real(air.sun), Real(320.0), Real(air.T), Real(q), Real(air.pressure), Real(air.wind)}};
  F[Input::snow_depth] = air.snow;
  F[Input::surface_moisture] = air.moisture;
  F[Input::net_radiation] = 0.7 * air.sun - 60.0;
  return F;
}

// The state at T_0 [K].
SurfaceState<double> state_at(const SurfaceForm& form, double T_0, const Air& air,
                              const Values& more = {}) {
  const std::vector<double> values = values_with(more);
  return Surface<double>(form, layout, values.data()).at(T_0 - freezing_temperature, inputs(air));
}

SurfaceForm over_2_m(Exchange exchange) {
  SurfaceForm form = full_form(Longwave::absorbed, Turbulence::combined, exchange);
  form.wind_height = form.air_height = 2.0;
  return form;
}

// r = kappa (T_a - T_s), kappa = g z / (T_a (U^2 + 0.01)); f = 1 / (1 + 15 r sqrt(1 + 5 r)).
TEST(Stability, damps_the_exchange_of_a_cold_surface_only) {
  const SurfaceForm form = over_2_m(Exchange::stability);
  const Air air{.T = 288.0, .wind = 2.0};
  const double K = 8.0 + 2.0 * 2.0;
  EXPECT_DOUBLE_EQ(state_at(form, 300.0, air).sensible, K * 12.0);
  const double r = 9.80665 * 2.0 / (288.0 * 4.01) * 6.0;
  const double f = 1.0 / (1.0 + 15.0 * r * std::sqrt(1.0 + 5.0 * r));
  EXPECT_NEAR(state_at(form, 282.0, air).sensible, -K * f * 6.0, 1e-12);
}

TEST(Stability, of_factor_zero_is_none) {
  const SurfaceForm plain =
      full_form(Longwave::absorbed, Turbulence::humidity, Exchange::coefficients);
  const SurfaceForm stable =
      full_form(Longwave::absorbed, Turbulence::humidity, Exchange::stability);
  for (const double T_0 : {270.0, 290.0, 310.0}) {
    const auto a = state_at(plain, T_0, {});
    const auto b = state_at(stable, T_0, {}, {{Parameter::stability, 0.0}});
    EXPECT_EQ(a.sensible, b.sensible);
    EXPECT_EQ(a.latent, b.latent);
    EXPECT_EQ(a.ground(), b.ground());
  }
}

// FSM's form (Essery 2015) of Louis, z0m = 0.01 m, z0h = z0m / 10, z = 2 m, rho = 1.2 kg m-3. It
// has no gust and another constant of gravity, which change the wind's square by 1 % at 1 m s-1.
TEST(Louis, textbook_numbers) {
  SurfaceForm form = over_2_m(Exchange::louis);
  form.heat_roughness = HeatRoughness::constant;
  struct Case {
    double wind, T_a, T_s, H, tolerance;
  };
  for (const Case& one :
       {Case{3.0, 298.15, 308.15, 203.5069, 2e-3}, Case{1.0, 298.15, 313.15, 223.6783, 1e-2},
        Case{3.0, 288.15, 283.15, -44.3833, 4e-3}, Case{1.0, 288.15, 286.15, -2.6257, 3e-2}}) {
    const Air air{.T = one.T_a, .wind = one.wind, .pressure = 1.2 * 287.04 * one.T_a};
    const double H =
        state_at(form, one.T_s, air,
                 {{Parameter::roughness_length, 0.01}, {Parameter::heat_roughness, std::log(10.0)}})
            .sensible;
    EXPECT_NEAR(H, one.H, one.tolerance * std::abs(one.H)) << one.wind << " m/s, " << one.T_s;
  }
}

// With z0h from the textbook's, the other unstable function is within a few per cent of
// Monin and Obukhov's: 182.8951 W m-2 at 3 m s-1 and 10 K.
TEST(Louis, unstable_air_is_near_to_that_of_monin_and_obukhov) {
  const SurfaceForm form = over_2_m(Exchange::louis);
  const Air air{.T = 298.15, .wind = 3.0, .pressure = 1.2 * 287.04 * 298.15};
  const double U_e = std::sqrt(9.01);
  const double Re = 0.4 * U_e * 0.01 / (1.5e-5 * std::log(2.0 / 0.01));
  const double a = std::log(10.0) / std::pow(Re, 0.45); // ln(z0m / z0h) = ln 10
  const double H = state_at(form, 308.15, air,
                            {{Parameter::roughness_length, 0.01}, {Parameter::heat_roughness, a}})
                       .sensible;
  EXPECT_NEAR(H, 182.8951, 0.04 * 182.8951);
}

// In a calm K f goes to rho c_p sqrt(g z dT / (T Z)) / 5: heat rises by itself.
TEST(Louis, has_free_convection_in_a_calm) {
  const SurfaceForm form = over_2_m(Exchange::louis);
  const double T_a = 300.0, T_s = 320.0;
  const Air calm{.T = T_a, .wind = 0.0};
  const double H = state_at(form, T_s, calm).sensible;
  const double Re = 0.4 * 0.1 * 0.02 / (1.5e-5 * std::log(100.0));
  const double Z = 1.0 + 2.0 / 0.02 * std::exp(0.13 * std::pow(Re, 0.45));
  const double rho_c_p = 1004.64 * 1e5 / (287.04 * T_a);
  const double limit = rho_c_p * std::sqrt(9.80665 * 2.0 * 20.0 / (310.0 * Z)) / 5.0 * 20.0;
  EXPECT_NEAR(H, limit, 0.1 * limit); // U_e is 0.1 m s-1, not 0
}

// Sellers et al. (1992) and Swenson and Lawrence (2014) at porosity 0.43 and 20 degC.
TEST(SoilResistance, published_numbers) {
  const std::vector<double> values = values_with();
  const SurfaceParameters<double> P(layout, values.data());
  SurfaceForm form;
  const double theta[] = {0.05, 0.10, 0.20, 0.30, 0.40};
  const double sellers[] = {2341.91, 1432.88, 536.40, 200.80, 75.17};
  const double dry_layer[] = {4600.25, 3821.30, 2263.39, 705.48, 35.58};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto F = inputs({.T = 293.15, .moisture = theta[i]});
    form.evaporation = Evaporation::sellers;
    EXPECT_NEAR(soil_resistance(form, F, P).value, sellers[i], 0.005);
    form.evaporation = Evaporation::dry_layer;
    EXPECT_NEAR(soil_resistance(form, F, P).value, dry_layer[i], 0.005);
  }
}

// LE = rho L_v (q_sat - q_a) / (r_a + r_s), r_a = rho c_p / K.
TEST(SoilResistance, is_in_series_with_that_of_the_air) {
  const SurfaceForm form = full_form(Longwave::absorbed, Turbulence::humidity,
                                     Exchange::coefficients, Evaporation::resistance);
  const double rho = 1e5 / (287.04 * 295.0), r_a = rho * 1004.64 / (8.0 + 2.0 * 3.0);
  const double drier =
      saturation_humidity(300.0, 1e5).value - 0.7 * saturation_humidity(295.0, 1e5).value;
  EXPECT_NEAR(state_at(form, 300.0, {}).latent, rho * 2.501e6 * drier / (r_a + 200.0), 1e-10);
}

SurfaceForm with_leaves(Longwave longwave) {
  return full_form(longwave, Turbulence::combined, Exchange::coefficients, Evaporation::coefficient,
                   true);
}

TEST(Canopy, of_fraction_zero_is_none) {
  SurfaceForm bare = with_leaves(Longwave::absorbed);
  bare.canopy = false;
  for (const double T_0 : {270.0, 300.0, 330.0}) {
    const auto a = state_at(bare, T_0, {});
    const auto b =
        state_at(with_leaves(Longwave::absorbed), T_0, {}, {{Parameter::vegetation_fraction, 0.0}});
    EXPECT_EQ(a.longwave_up, b.longwave_up);
    EXPECT_EQ(a.net_radiation, b.net_radiation);
    EXPECT_EQ(a.sensible, b.sensible);
    EXPECT_EQ(a.radiometric_temperature, b.radiometric_temperature);
  }
}

// The balance of the leaf, whatever its weather.
TEST(Canopy, leaf_is_in_equilibrium) {
  const std::vector<double> values = values_with();
  const SurfaceParameters<double> P(layout, values.data());
  for (const Longwave longwave : {Longwave::absorbed, Longwave::full})
    for (const double T_s : {250.0, 290.0, 340.0})
      for (const double sun : {0.0, 1000.0})
        for (const double wind : {0.0, 12.0}) {
          const SurfaceForm form = with_leaves(longwave);
          const auto F = inputs({.wind = wind, .sun = sun});
          const double T_v = Canopy<double>(form, T_s, F, P, 295.0).temperature();
          const double es = 0.95 * stefan_boltzmann;
          const double in = 0.8 * sun + (longwave == Longwave::absorbed ? 0.95 : 1.0) * 320.0;
          EXPECT_NEAR(in + es * (std::pow(T_s, 4) - 2.0 * std::pow(T_v, 4)),
                      25.0 * std::sqrt(wind + 0.1) * (T_v - 295.0), 1e-9);
        }
}

// With nothing but leaves the soil exchanges longwave radiation with them, and heat with the air.
TEST(Canopy, whole_cover_shades_the_soil) {
  const auto state =
      state_at(with_leaves(Longwave::absorbed), 300.0, {}, {{Parameter::vegetation_fraction, 1.0}});
  const std::vector<double> values = values_with();
  const SurfaceParameters<double> P(layout, values.data());
  const auto F = inputs({});
  const double T_v =
      Canopy<double>(with_leaves(Longwave::absorbed), 300.0, F, P, 295.0).temperature();
  const double es = 0.95 * stefan_boltzmann;
  EXPECT_NEAR(state.ground(), es * (std::pow(T_v, 4) - std::pow(300.0, 4)) - 14.0 * 5.0, 1e-9);
}

// What is added to the longwave radiation is seen as that radiation would be.
TEST(LongwaveBias, is_longwave_radiation) {
  const std::vector<double> values = values_with();
  for (const SurfaceForm& form : test::radiation_forms()) {
    if (!form.longwave_bias) continue;
    SurfaceForm without = form;
    without.longwave_bias = false;
    const auto F = inputs({.snow = 0.2});
    auto more = F;
    more[Input::longwave] += 12.0;
    for (const double T_0 : {-3.0, 15.0}) {
      const auto a = Surface<double>(form, layout, values.data()).at(T_0, F);
      const auto b = Surface<double>(without, layout, values.data()).at(T_0, more);
      for (std::size_t k = 0; k < observation_kind_count; ++k)
        EXPECT_EQ(observed(ObservationKind(k), a), observed(ObservationKind(k), b)) << k;
    }
  }
}

// A corrected weather is seen as that weather would be, the same humidity in it.
TEST(CorrectedWeather, is_that_weather) {
  const std::vector<double> values = values_with();
  for (const SurfaceForm& form : test::weather_forms()) {
    SurfaceForm without = form;
    without.shortwave_scale = without.air_temperature_bias = false;
    const auto F = inputs({.snow = 0.2});
    auto corrected = F;
    if (form.shortwave_scale) corrected[Input::shortwave] *= 1.1;
    if (form.air_temperature_bias) corrected[Input::air_temperature] += 0.7;
    // Newton's iterations for skin and leaf stop within 1e-11 K.
    for (const double T_0 : {-3.0, 15.0}) {
      const auto a = Surface<double>(form, layout, values.data()).at(T_0, F);
      const auto b = Surface<double>(without, layout, values.data()).at(T_0, corrected);
      for (std::size_t k = 0; k < observation_kind_count; ++k)
        EXPECT_NEAR(observed(ObservationKind(k), a), observed(ObservationKind(k), b), 1e-10) << k;
    }
  }
}

// Q = R_n - H - LE, R_n = 290 W m-2, and no slope by radiation; albedo and emissivity do not
// matter.
TEST(NetRadiation, is_taken_as_given) {
  SurfaceForm form = full_form(Longwave::absorbed, Turbulence::bowen, Exchange::coefficients);
  form.net_radiation = true;
  const double nan = std::nan("");
  const std::vector<double> values =
      values_with({{Parameter::albedo, nan}, {Parameter::emissivity, nan}});
  const Surface<double> surface(form, layout, values.data());
  const auto F = inputs({});
  const auto state = surface.at(300.0 - freezing_temperature, F);
  EXPECT_EQ(state.net_radiation, 290.0);
  EXPECT_NEAR(state.ground(), 290.0 - 14.0 * 5.0 * 1.5, 1e-11);
  EXPECT_EQ(surface.ground_slope(300.0 - freezing_temperature, F), -14.0 * 1.5);
}

class FullSurfaceForms : public testing::TestWithParam<SurfaceForm> {};

const Air weathers[] = {{},
                        {.T = 275.0, .wind = 0.0, .sun = 0.0},
                        {.T = 300.0, .wind = 9.0, .relative_humidity = 1.0},
                        {.T = 268.0, .wind = 1.0, .sun = 300.0, .moisture = 0.4, .snow = 0.2}};

// What Newton's iteration of the column relies on. Where net radiation is given, no emission makes
// up for the fluxes that fall in stable air: there the first row has to, which takes up tens of W
// m-2 per K.
TEST_P(FullSurfaceForms, balance_falls_with_temperature) {
  const bool may_rise = GetParam().net_radiation && GetParam().exchange != Exchange::coefficients;
  const double rise = may_rise ? 0.5 * 5.0 : 0.0;
  for (const Air& air : weathers) {
    double previous = state_at(GetParam(), 220.0, air).ground();
    for (double T_0 = 220.5; T_0 < 350.0; T_0 += 0.5) {
      const double now = state_at(GetParam(), T_0, air).ground();
      EXPECT_LT(now, previous + rise) << "at " << T_0 << " K, air at " << air.T;
      previous = now;
    }
  }
}

constexpr double step = 1e-30;

void expect_slope(const SurfaceState<double>& slope, const SurfaceState<Complex>& state,
                  const std::string& what) {
  for (std::size_t k = 0; k < observation_kind_count; ++k) {
    const auto kind = static_cast<ObservationKind>(k);
    const double exact = observed(kind, state).imag() / step;
    EXPECT_NEAR(observed(kind, slope), exact, 1e-12 + 1e-11 * std::abs(exact))
        << info(kind).name << " by " << what;
  }
}

TEST_P(FullSurfaceForms, derivatives_agree_with_the_complex_step) {
  const std::vector<double> values = values_with();
  const Surface<double> surface(GetParam(), layout, values.data());
  for (const Air& air : weathers)
    for (const double T_0 : {-35.0, -8.0, 4.0, 27.0, 60.0}) {
      const auto F = inputs(air);
      const auto complex_F = inputs<Complex>(air);
      const std::vector<Complex> same = values_with<Complex>();
      expect_slope(
          surface.slope(T_0, F),
          Surface<Complex>(GetParam(), layout, same.data()).at(Complex(T_0, step), complex_F),
          "T_0");
      for (std::size_t p = 0; p < parameter_count; ++p) {
        if (info(Parameter(p)).place != Place::surface) continue;
        std::vector<Complex> perturbed = same;
        perturbed[layout.position(Parameter(p))] += Complex(0.0, step);
        expect_slope(
            surface.slope(Parameter(p), T_0, F),
            Surface<Complex>(GetParam(), layout, perturbed.data()).at(Complex(T_0), complex_F),
            info(Parameter(p)).name);
      }
    }
}

// A first node of little heat is at the mercy of the surface: from any start to the solution.
TEST_P(FullSurfaceForms, increment_balances_the_first_row) {
  const std::vector<double> values = values_with();
  const Surface<double> surface(GetParam(), layout, values.data());
  for (const Air& air : weathers)
    for (const double a : {2e3, 2e4, 2e5})
      for (const double T : {-40.0, 5.0, 60.0}) {
        const double gamma_dt = 0.2929 * 1800.0, b = 0.1 * a;
        const auto root = surface.increment(T, {a, b, gamma_dt}, inputs(air), 1e-10, 40);
        ASSERT_TRUE(root.found) << T << " degC, a = " << a;
        const double Q = surface.at(T + root.x, inputs(air)).ground();
        EXPECT_NEAR(a * root.x, b + gamma_dt * Q, 1e-7 * a);
      }
}

INSTANTIATE_TEST_SUITE_P(AllForms, FullSurfaceForms, testing::ValuesIn(test::full_forms()));
INSTANTIATE_TEST_SUITE_P(Radiation, FullSurfaceForms, testing::ValuesIn(test::radiation_forms()));
INSTANTIATE_TEST_SUITE_P(Weather, FullSurfaceForms, testing::ValuesIn(test::weather_forms()));

// The table of laws is that of the wind: what was computed for another wind is not used again.
TEST(Roughness, follows_the_wind) {
  const SurfaceForm form = over_2_m(Exchange::louis);
  const std::vector<double> values = values_with();
  const Surface<double> surface(form, layout, values.data());
  for (const double wind : {1.0, 6.0, 1.0, 0.0}) {
    const auto fresh = state_at(form, 300.0, {.wind = wind});
    EXPECT_EQ(surface.at(300.0 - freezing_temperature, inputs({.wind = wind})).sensible,
              fresh.sensible);
  }
}

} // namespace
} // namespace glebe
