// SPDX-License-Identifier: BSD-3-Clause
// Columns whose exact temperature is known. The shortwave radiation is chosen, negative where it
// must be, so that the whole nonlinear surface balance takes up the exact heat flux.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "column_case.hpp"

namespace glebe::test {

inline constexpr double day = 86400.0;                                ///< [s]
inline constexpr double daily_frequency = 2 * std::numbers::pi / day; ///< [s-1]

/// The surface energy balance once more, apart from the kernel's: Q [W m-2] at T_0 [K].
inline double surface_balance(const SurfaceForm& form, double T_0, const Inputs<double>& F,
                              const SurfaceParameters<double>& P) {
  const double black = stefan_boltzmann * std::pow(T_0, 4);
  const double longwave = form.longwave == Longwave::absorbed
                              ? P[Parameter::emissivity] * (F[Input::longwave] - black)
                              : F[Input::longwave] - P[Parameter::emissivity] * black;
  const double sensible =
      (P[Parameter::heat_transfer] + P[Parameter::heat_transfer_wind] * F[Input::wind]) *
      (T_0 - F[Input::air_temperature]);
  double latent = 0.0;
  if (form.turbulence == Turbulence::bowen) latent = sensible / P[Parameter::bowen_ratio];
  if (form.turbulence == Turbulence::humidity)
    latent = P[Parameter::latent_transfer] * latent_heat_of_vaporisation / heat_capacity_of_air *
             (saturation_humidity(T_0, F[Input::pressure]).value - F[Input::humidity]);
  return (1.0 - P[Parameter::albedo]) * F[Input::shortwave] + longwave - sensible - latent;
}

/// An exact solution of the heat equation, periodic in one day.
struct ExactSolution {
  std::function<double(double, double)> temperature; ///< at depth z [m] and time t [s], [K]
  std::function<double(double)> ground_flux;         ///< at z = 0 and time t, downward [W m-2]
};

/// Weather that varies in everything but shortwave, periodic in one day.
inline Inputs<double> sunless_weather(double t) {
  const double phase = daily_frequency * t;
  return {0.0,
          320 + 25 * std::sin(phase),
          289 + 7 * std::sin(phase - 2.0),
          0.006 + 0.002 * std::cos(2 * phase),
          9.5e4 + 300 * std::cos(phase),
          3 + 2 * std::sin(2 * phase + 1.0)};
}

using GivenParameters = std::vector<std::pair<ParameterSlot, double>>;

/// Surface parameters of the exact cases, none of them neutral.
inline GivenParameters surface_of_exact_cases() {
  return {{{Parameter::albedo}, 0.23},         {{Parameter::emissivity}, 0.96},
          {{Parameter::heat_transfer}, 9.0},   {{Parameter::heat_transfer_wind}, 2.1},
          {{Parameter::latent_transfer}, 5.0}, {{Parameter::bowen_ratio}, 1.7}};
}

/// Largest error of the column [K] over all nodes and the ends of all steps of the second of two
/// days, which start from the exact profile. `given` holds the soil's and the bottom's parameters.
inline double largest_error(const ExactSolution& exact, ModelForm form, SoilGrid grid,
                            GivenParameters given, std::size_t steps_per_day) {
  form.dt = day / static_cast<double>(steps_per_day);
  form.initial = Initial::profile;
  grid.set_knots(grid.depths());
  for (const auto& parameter : surface_of_exact_cases()) given.push_back(parameter);
  for (std::size_t i = 0; i < grid.depths().size(); ++i)
    given.push_back(
        {{Parameter::initial_temperature, i}, exact.temperature(grid.depths()[i], 0.0)});
  const std::vector<double> values = parameter_values(grid.layout(), given);
  OwnedColumn<LinearColumn<double>> owned(form, grid.view(), grid.layout());
  owned.column.set_parameters(values.data());
  owned.column.start({});

  const SurfaceParameters<double> P(grid.layout(), values.data());
  const AnalyticForcing forcing{
      [&](double t) {
        Inputs<double> F = sunless_weather(t);
        const double wanted = exact.ground_flux(t);
        const double sunless = surface_balance(form.surface, exact.temperature(0.0, t), F, P);
        F[Input::shortwave] = (wanted - sunless) / (1.0 - P[Parameter::albedo]);
        return F;
      },
      form};

  struct Compare {
    const ExactSolution& exact;
    const LinearColumn<double>& column;
    std::size_t first_step;
    double largest = 0.0;

    void start(const Inputs<double>&) {}
    void stage(std::size_t step, std::size_t stage, const Inputs<double>&) {
      if (step < first_step || stage + 1 < column.scheme().n_stage) return;
      const double t = static_cast<double>(step + 1) * column.form().dt;
      for (std::size_t i = 0; i <= column.last_node(); ++i) {
        const double T = column.temperature()[i] + freezing_temperature;
        largest = std::max(largest, std::abs(T - exact.temperature(column.soil().depth[i], t)));
      }
    }
  } compare{exact, owned.column, steps_per_day};
  simulate(owned.column, {}, forcing, 2 * steps_per_day, compare);
  EXPECT_FALSE(owned.column.failed());
  return compare.largest;
}

/// The equations a failing test was about.
inline std::string in_words(const ModelForm& form) {
  return fmt::format("{}, bottom {}, longwave {}, turbulence {}",
                     scheme_names[std::size_t(form.scheme)], bottom_names[std::size_t(form.bottom)],
                     longwave_names[std::size_t(form.surface.longwave)],
                     turbulence_names[std::size_t(form.surface.turbulence)]);
}

/// Observed orders from errors at resolutions halved in turn, one fewer than the errors.
inline std::vector<double> observed_orders(const std::vector<double>& errors) {
  std::vector<double> orders;
  for (std::size_t k = 1; k < errors.size(); ++k)
    orders.push_back(std::log2(errors[k - 1] / errors[k]));
  return orders;
}

/// Expects `order` between all neighbours. The tolerance leaves room for the errors' next terms,
/// which fade as the resolution grows, and none for a lost order.
inline void expect_order(double order, const std::vector<double>& errors) {
  for (const double observed : observed_orders(errors)) EXPECT_NEAR(observed, order, 0.1);
}

/// The same where the error is a h^order (1 + b sqrt(h)): observed orders draw near by no more than
/// a factor sqrt(2) from one refinement to the next, and so two of them give their limit.
inline void expect_limiting_order(double order, const std::vector<double>& errors) {
  const std::vector<double> observed = observed_orders(errors);
  for (std::size_t k = 1; k < observed.size(); ++k) {
    const double limit = observed[k] + (observed[k] - observed[k - 1]) / (std::numbers::sqrt2 - 1);
    EXPECT_NEAR(limit, order, 0.1) << "observed " << observed[k - 1] << ", then " << observed[k];
  }
}

} // namespace glebe::test
