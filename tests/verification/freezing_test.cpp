// SPDX-License-Identifier: BSD-3-Clause
// Freezing against exact solutions: the sharp front of Neumann (Carslaw and Jaeger 1959, 11.2), the
// three zones of Lunardini (1985); and heat that is neither lost nor made on the way.
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/laws/freezing_soil.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../support/exact_case.hpp"
#include "../support/soil_case.hpp"
#include "../support/stefan_soil.hpp"

namespace glebe {
namespace {

using test::StefanConstants;
using test::StefanSoil;

// Soil of uniform temperature whose surface falls to another and stays there.
class Step {
public:
  Step(const StefanConstants& soil, double initial, double surface, double depth,
       std::size_t n_element, double dt)
      : grid_(stretched_nodes(depth, n_element + 1,
                              std::pow(20.0, 1.0 / static_cast<double>(n_element)))),
        form_(form(dt)), owned_(form_, grid_.view(), grid_.layout()),
        values_(test::parameter_values(
            grid_.layout(), {{{Parameter::deep_temperature}, initial + freezing_temperature}})) {
    StefanSoil<double>::constants = soil;
    F_[Input::top_temperature] = surface + freezing_temperature;
    owned_.column.set_parameters(values_.data());
    owned_.column.start(F_);
  }

  void run_to(double time) {
    for (; time_ < time - 1.0; time_ += form_.dt)
      for (std::size_t stage = 0; stage < 2; ++stage) owned_.column.advance(stage, F_);
  }
  double temperature(double z) const { ///< [degC]
    const auto [i, w] = interpolate(grid_.depths(), z);
    const double* T = owned_.column.temperature();
    return (1.0 - w) * T[i] + w * T[i + 1];
  }
  /// The frozen water as a depth of soil [m].
  double frozen() const {
    const Soil& soil = owned_.soil;
    double sum = 0.0;
    for (std::size_t i = 0; i < soil.n_node(); ++i) {
      const double here = 0.5 * ((i > 0 ? soil.thickness[i - 1] : 0.0) +
                                 (i + 1 < soil.n_node() ? soil.thickness[i] : 0.0));
      const double part = -owned_.column.temperature()[i] / StefanSoil<double>::constants.window;
      sum += here * std::clamp(part, 0.0, 1.0);
    }
    return sum;
  }
  /// The depth at which the temperature is T [degC] [m].
  double depth_of(double T) const {
    const auto& z = grid_.depths();
    const double* at = owned_.column.temperature();
    std::size_t i = 0;
    while (at[i + 1] < T) ++i;
    return z[i] + (z[i + 1] - z[i]) * (T - at[i]) / (at[i + 1] - at[i]);
  }
  bool failed() const { return owned_.column.failed(); }

private:
  static ModelForm form(double dt) {
    ModelForm form;
    form.dt = dt;
    form.top = Top::temperature;
    form.soil.properties = Properties::freezing;
    return form;
  }
  SoilGrid grid_;
  ModelForm form_;
  test::OwnedColumn<GeneralColumn<StefanSoil<double>>> owned_;
  std::vector<double> values_;
  Inputs<double> F_{};
  double time_ = 0.0;
};

// A sharp front, as a window that narrows with the elements; inside, the mean of the zones.
StefanConstants sharp(double frozen, double thawed, double C_frozen, double C_thawed, double latent,
                      double window) {
  const double middle = 0.5 * (frozen + thawed);
  return {frozen,   middle, thawed, C_frozen, 0.5 * (C_frozen + C_thawed),
          C_thawed, latent, window, 0.5};
}

struct Neumann {
  const char* name;
  double frozen, thawed, C_frozen, C_thawed, latent, initial, surface;
  struct At {
    double days, front, T_10cm, T_50cm, T_2m;
  } at[4];
};

// Roots and error functions computed apart from the program.
const Neumann neumann[] = {{"two phases",
                            2.2,
                            1.6,
                            1.9e6,
                            2.6e6,
                            1.10121e8,
                            2.0,
                            -10.0,
                            {{1, 0.172502, -4.108039, 1.580424, 2.000000},
                             {10, 0.545498, -8.122829, -0.798335, 1.824256},
                             {30, 0.944830, -8.915613, -4.613974, 1.119264},
                             {90, 1.636494, -9.373813, -6.876006, 0.264242}}},
                           {"two phases, wetter",
                            2.5,
                            1.8,
                            2.0e6,
                            2.9e6,
                            1.3348e8,
                            4.0,
                            -6.0,
                            {{1, 0.123549, -1.124023, 3.281407, 4.000000},
                             {10, 0.390697, -4.447372, 0.434818, 3.697094},
                             {30, 0.676707, -5.103129, -1.543167, 2.499312},
                             {90, 1.172091, -5.482102, -3.415830, 1.055160}}},
                           {"one phase",
                            2.2,
                            1.6,
                            1.9e6,
                            2.6e6,
                            1.10121e8,
                            1e-12,
                            -10.0,
                            {{1, 0.180784, -4.364545, 0.0, 0.0},
                             {10, 0.571690, -8.204552, -1.198927, 0.0},
                             {30, 0.990196, -8.962822, -4.848453, 0.0},
                             {90, 1.715070, -9.401074, -7.012008, 0.0}}}};

// Largest errors of the front [m] and of temperatures [K] with `n_element` elements.
std::pair<double, double> errors(const Neumann& exact, std::size_t n_element) {
  const auto n = static_cast<double>(n_element);
  Step step(
      sharp(exact.frozen, exact.thawed, exact.C_frozen, exact.C_thawed, exact.latent, 0.5 / n),
      exact.initial, exact.surface, 12.0, n_element, 3600.0 * 100.0 / n);
  double front = 0.0, temperature = 0.0;
  for (const auto& at : exact.at) {
    step.run_to(at.days * test::day);
    front = std::max(front, std::abs(step.frozen() - at.front));
    // Where the front is near, an element holds its latent heat: errors there are the front's.
    for (const auto& [z, T] :
         {std::pair{0.1, at.T_10cm}, std::pair{0.5, at.T_50cm}, std::pair{2.0, at.T_2m}})
      if (std::abs(z - at.front) > 0.15)
        temperature = std::max(temperature, std::abs(step.temperature(z) - T));
  }
  EXPECT_FALSE(step.failed());
  return {front, temperature};
}

// The front passes from node to node: its error falls with the thickness of the elements, not
// evenly. Over a factor of eight in thickness the mean order is at least 0.9.
TEST(Freezing, front_of_Neumann_converges) {
  for (const Neumann& exact : neumann) {
    SCOPED_TRACE(exact.name);
    const auto [coarse_front, coarse_T] = errors(exact, 100);
    const auto [fine_front, fine_T] = errors(exact, 800);
    const double order = std::log(coarse_front / fine_front) / std::log(8.0);
    EXPECT_GT(order, 0.9) << coarse_front << " m, " << fine_front << " m";
    EXPECT_LT(fine_front, 2e-4);
    EXPECT_LT(fine_T, 0.01);
    EXPECT_LT(fine_T, coarse_T);
  }
}

// Jumikis (1966): 3.6 cm per square root of an hour; the exact root gives 3.5945 cm, 136.40 cm in
// 60 days.
TEST(Freezing, front_of_Jumikis) {
  const double latent = 0.3337e6 * 0.187 * 1770;
  Step step(sharp(2.324, 1.860, 1.966e6, 2.862e6, latent, 0.001), 2.0, -10.0, 12.0, 500, 3600.0);
  step.run_to(60 * test::day);
  EXPECT_NEAR(step.frozen(), 1.3640, 5e-4);
}

struct Zones {
  double frozen_1d, thawed_1d, thawed_3d; // depths of both fronts [m]
};

Zones zones(double window, double ramp) {
  constexpr double capacity = 690030.0, latent = 1680 * 334560.0 * (0.2 - 0.0782);
  const StefanConstants soil{3.462696, 2.939946, 2.417196, capacity, capacity,
                             capacity, latent,   window,   ramp};
  Step step(soil, 4.0, -6.0, 12.0, 800, 300.0);
  step.run_to(test::day);
  Zones zones{step.depth_of(-window), step.depth_of(0.0), 0.0};
  step.run_to(3 * test::day);
  zones.thawed_3d = step.depth_of(0.0);
  EXPECT_FALSE(step.failed());
  return zones;
}

// Three zones with their own conductivities; published as psi and gamma by McKenzie et al. (2007).
// Our conductivity has no jumps but ramps; the exact solution is their limit, linear in the width.
// Elements are 2.4 mm thick and more: fronts are known to a sixth of one.
TEST(Freezing, zones_of_Lunardini) {
  for (const auto& [window, exact] : {std::pair{4.0, Zones{0.081290, 0.333797, 0.578154}},
                                      std::pair{1.0, Zones{0.180928, 0.249712, 0.432513}}}) {
    const Zones wide = zones(window, 0.02), narrow = zones(window, 0.01);
    const auto expect_limit = [&](double Zones::*depth) {
      EXPECT_NEAR(2 * narrow.*depth - wide.*depth, exact.*depth, 4e-4);
    };
    expect_limit(&Zones::frozen_1d);
    expect_limit(&Zones::thawed_1d);
    expect_limit(&Zones::thawed_3d);
  }
}

using Column = GeneralColumn<FreezingSoil<double>>;

// What the nodes hold is what went in at the top less what left at the bottom, in every step, while
// soil freezes and thaws.
TEST(Freezing, keeps_energy_in_every_step) {
  for (const FreezingModel model :
       {FreezingModel::power, FreezingModel::van_genuchten, FreezingModel::linear})
    for (const Scheme scheme : {Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2}) {
      const test::ColumnCase one =
          test::make_soil_case({.properties = Properties::freezing, .freezing = model}, scheme,
                               Bottom::flux, Initial::profile);
      const std::vector<double> values = test::soil_truth(one);
      test::OwnedColumn<Column> owned(one.form, one.grid.view(), one.schedule());
      const InputSeries<double> inputs{{{one.records.data(), one.inputs, one.points}}};
      Column& column = owned.column;
      column.set_parameters(values.data());
      column.start(inputs.at(0));

      const std::size_t n = owned.soil.n_node();
      std::vector<double> before(n), after(n), c(n);
      column.laws().enthalpy(column.temperature(), before.data(), c.data());
      const double q_b = column.ends().bottom_flux({});
      for (std::size_t step = 0, point = 1; step < one.n_step; ++step) {
        double received = 0.0, exchanged = 0.0;
        for (std::size_t stage = 0; stage < column.scheme().n_stage; ++stage, ++point) {
          const Inputs<double> F = inputs.at(point);
          column.advance(stage, F);
          const double in = column.top_flux(column.temperature()[0], F);
          received += one.form.dt * column.scheme().weight[stage] * (in - q_b);
          exchanged += one.form.dt * column.scheme().weight[stage] * (std::abs(in) + std::abs(q_b));
        }
        column.laws().enthalpy(column.temperature(), after.data(), c.data());
        double stored = 0.0;
        for (std::size_t i = 0; i < n; ++i) stored += after[i] - before[i];
        ASSERT_NEAR(stored, received, 1e-10 * (exchanged + 1e6)) << "step " << step;
        before = after;
      }
      EXPECT_FALSE(column.failed());
    }
}

// Frozen, about to freeze or thawed, the same everywhere: nothing moves in a year.
TEST(Freezing, stays_in_equilibrium_for_a_year) {
  for (const double T : {-5.0, -0.3, 0.0, 4.0}) {
    ModelForm form;
    form.top = Top::temperature;
    form.soil.properties = Properties::freezing;
    SoilGrid grid(stretched_nodes(3.0, 41, 1.05));
    auto values = test::parameter_values(grid.layout(),
                                         {{{Parameter::deep_temperature}, T + freezing_temperature},
                                          {{Parameter::water_content}, 0.3},
                                          {{Parameter::kersten_shape}, 1.9}});
    test::OwnedColumn<Column> owned(form, grid.view(), grid.layout());
    Inputs<double> F{};
    F[Input::top_temperature] = T + freezing_temperature;
    owned.column.set_parameters(values.data());
    owned.column.start(F);
    for (int hour = 0; hour < 8760; ++hour)
      for (std::size_t stage = 0; stage < 2; ++stage) owned.column.advance(stage, F);
    for (std::size_t i = 0; i < grid.depths().size(); ++i)
      ASSERT_NEAR(owned.column.temperature()[i], owned.column.temperature()[0], 1e-10);
  }
}

} // namespace
} // namespace glebe
