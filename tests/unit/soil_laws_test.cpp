// SPDX-License-Identifier: BSD-3-Clause
// The laws of moist and freezing soil against published and independently computed numbers, the
// bounds that no mixture can pass, and their own derivatives.
#include "glebe/physics/laws/freezing_soil.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace glebe {
namespace {

const ParameterLayout layout{1, 0};

// Parameters of one horizon; what is not given has its default.
template <class Real>
std::vector<Real> parameters(const SoilForm& form,
                             const std::vector<std::pair<Parameter, Real>>& given) {
  std::vector<Real> values;
  for (std::size_t p = 0; p < parameter_count; ++p)
    values.push_back(default_value(Parameter(p), form, {}));
  for (const auto& [parameter, value] : given) values[static_cast<std::size_t>(parameter)] = value;
  values.resize(layout.size());
  return values;
}

// Quartz and other minerals in equal parts, porosity 0.43: solids 7.7^0.5 2^0.5, dry by Johansen.
constexpr double porosity = 0.43, solid = 3.924283, dry = 0.219276;

double moist(ConductivityModel model, double shape, double S) {
  const SoilForm form{Properties::moist, model};
  const auto values = parameters<double>(form, {{Parameter::porosity, porosity},
                                                {Parameter::solid_conductivity, solid},
                                                {Parameter::dry_conductivity, dry},
                                                {Parameter::kersten_shape, shape}});
  MoistSoil<double> law(form, layout, values.data());
  law.set();
  return law.conductivity(law.conduction(0, S * porosity), 10.0).value;
}

// Computed apart from the program, by the formulas of the authors; five digits.
TEST(MoistSoil, has_the_conductivities_of_the_schemes) {
  struct Row {
    double S, johansen_fine, johansen_coarse, cote_konrad, balland_arp, lu_coarse, lu_fine;
  };
  for (const Row& row : {Row{0.05, 0.21928, 0.35253, 0.45425, 0.32064, 0.43198, 0.22233},
                         Row{0.10, 0.21928, 0.66705, 0.64148, 0.51382, 0.62995, 0.30736},
                         Row{0.20, 0.66859, 0.98157, 0.92109, 0.85136, 0.90255, 0.66132},
                         Row{0.30, 0.93142, 1.16556, 1.11990, 1.04891, 1.09015, 0.96239},
                         Row{0.50, 1.26255, 1.39735, 1.38382, 1.30194, 1.34661, 1.33286},
                         Row{0.70, 1.48066, 1.55002, 1.55108, 1.49076, 1.52281, 1.53772},
                         Row{0.90, 1.64357, 1.66406, 1.66657, 1.64407, 1.65598, 1.66500},
                         Row{1.00, 1.71187, 1.71187, 1.71187, 1.71187, 1.71187, 1.71187}}) {
    EXPECT_NEAR(moist(ConductivityModel::johansen, 1.0, row.S), row.johansen_fine, 6e-6) << row.S;
    EXPECT_NEAR(moist(ConductivityModel::johansen, 0.7, row.S), row.johansen_coarse, 6e-6) << row.S;
    EXPECT_NEAR(moist(ConductivityModel::cote_konrad, 3.55, row.S), row.cote_konrad, 6e-6) << row.S;
    EXPECT_NEAR(moist(ConductivityModel::balland_arp, 0.44, row.S), row.balland_arp, 6e-6) << row.S;
    EXPECT_NEAR(moist(ConductivityModel::lu, 0.96, row.S), row.lu_coarse, 6e-6) << row.S;
    EXPECT_NEAR(moist(ConductivityModel::lu, 0.27, row.S), row.lu_fine, 6e-6) << row.S;
  }
}

// Frozen soil by Ke = S, far below freezing.
TEST(FreezingSoil, has_the_conductivity_of_frozen_soil) {
  const SoilForm form{Properties::freezing, ConductivityModel::johansen, FreezingModel::linear};
  const auto values = parameters<double>(form, {{Parameter::porosity, porosity},
                                                {Parameter::solid_conductivity, solid},
                                                {Parameter::dry_conductivity, dry}});
  FreezingSoil<double> law(form, layout, values.data());
  law.set();
  for (const auto& [S, expected] : {std::pair{0.05, 0.36130}, std::pair{0.20, 0.78737},
                                    std::pair{0.50, 1.63951}, std::pair{1.00, 3.05974}})
    EXPECT_NEAR(law.conductivity(law.conduction(0, S * porosity), -20.0).value, expected, 6e-6)
        << S;
}

// Layers across the flux conduct least and layers along it most (Wiener 1912), whatever lies
// between them; dry soil holds air in its pores.
TEST(SoilConductivity, lies_between_the_bounds_of_Wiener) {
  constexpr double air = 0.024;
  const std::pair<ConductivityModel, std::vector<double>> schemes[] = {
      {ConductivityModel::cote_konrad, {0.6, 1.9, 3.55, 4.6}},
      {ConductivityModel::johansen, {0.7, 1.0}},
      {ConductivityModel::lu, {0.27, 0.96}},
      {ConductivityModel::balland_arp, {0.38, 0.44, 0.5}}};
  for (const auto& [model, shapes] : schemes)
    for (const double shape : shapes)
      for (const FrozenConductivity frozen :
           {FrozenConductivity::geometric, FrozenConductivity::kersten})
        for (double n = 0.3; n < 0.61; n += 0.1)
          for (double lambda_s = 2.0; lambda_s < 7.0; lambda_s += 1.5)
            for (double S = 0.01; S <= 1.0001; S += 0.033)
              for (const double T : {5.0, -0.1, -0.4, -30.0}) {
                const SoilForm form{Properties::freezing, model, FreezingModel::linear, frozen};
                const auto values =
                    parameters<double>(form, {{Parameter::porosity, n},
                                              {Parameter::solid_conductivity, lambda_s},
                                              {Parameter::dry_conductivity, 0.21},
                                              {Parameter::kersten_shape, shape}});
                FreezingSoil<double> law(form, layout, values.data());
                law.set();
                const double w = std::min(S, 1.0) * n;
                const double liquid = w * std::clamp(1.0 + T / 0.5, 0.0, 1.0), ice = w - liquid;
                const double parallel = (1 - n) * lambda_s + liquid * conductivity_of_water +
                                        ice * conductivity_of_ice + (n - w) * air;
                const double series = 1.0 / ((1 - n) / lambda_s + liquid / conductivity_of_water +
                                             ice / conductivity_of_ice + (n - w) / air);
                const double lambda = law.conductivity(law.conduction(0, w), T).value;
                EXPECT_GE(lambda, series);
                EXPECT_LE(lambda, parallel);
              }
}

TEST(MoistSoil, holds_the_heat_of_its_parts) {
  const SoilForm form{Properties::moist};
  const auto values =
      parameters<double>(form, {{Parameter::porosity, 0.4}, {Parameter::solid_heat_capacity, 2e6}});
  MoistSoil<double> law(form, layout, values.data());
  law.set();
  EXPECT_DOUBLE_EQ(law.heat(0, 0.25).capacity, 0.6 * 2e6 + 0.25 * 4.188e6);
}

// From thawed to frozen the soil gives off the latent heat of the water that froze.
TEST(FreezingSoil, gives_off_the_latent_heat_of_its_water) {
  const SoilForm form{Properties::freezing, ConductivityModel::cote_konrad, FreezingModel::linear};
  const auto values = parameters<double>(
      form, {{Parameter::freezing_window, 1e-6}, {Parameter::unfrozen_water, 0.05}});
  FreezingSoil<double> law(form, layout, values.data());
  law.set();
  const auto heat = law.heat(0, 0.3);
  EXPECT_NEAR(law.enthalpy(heat, 0.0).value - law.enthalpy(heat, -1e-6).value, 0.25 * 3.337e8,
              10.0);
  EXPECT_DOUBLE_EQ(law.enthalpy(heat, 5.0).dT, 0.55 * 2.1e6 + 0.3 * 4.188e6);
  EXPECT_DOUBLE_EQ(law.enthalpy(heat, -5.0).dT, 0.55 * 2.1e6 + 0.25 * 1.94e6 + 0.05 * 4.188e6);
}

// Liquid water is all of it above the temperature at which it begins to freeze, and no jump there.
TEST(FreezingSoil, freezes_without_a_jump) {
  for (const FreezingModel model :
       {FreezingModel::power, FreezingModel::van_genuchten, FreezingModel::linear}) {
    const SoilForm form{Properties::freezing, ConductivityModel::cote_konrad, model};
    const auto values = parameters<double>(form, {});
    FreezingSoil<double> law(form, layout, values.data());
    law.set();
    const auto heat = law.heat(0, 0.3);
    const double at = heat.curve.freezes;
    EXPECT_LE(at, 0.0);
    EXPECT_NEAR(law.enthalpy(heat, at - 1e-9).value, law.enthalpy(heat, at + 1e-9).value, 20.0);
    double before = law.enthalpy(heat, -60.0).value;
    for (double T = -59.9; T < 3.0; T += 0.01) {
      const double now = law.enthalpy(heat, T).value;
      EXPECT_GT(now, before) << T;
      before = now;
    }
  }
}

// Every derivative against a complex step, on both sides of every kink.
TEST(FreezingSoil, has_its_derivatives) {
  constexpr double step = 1e-30;
  for (const ConductivityModel model : {ConductivityModel::cote_konrad, ConductivityModel::johansen,
                                        ConductivityModel::lu, ConductivityModel::balland_arp})
    for (const FreezingModel freezing :
         {FreezingModel::power, FreezingModel::van_genuchten, FreezingModel::linear})
      for (const FrozenConductivity frozen :
           {FrozenConductivity::geometric, FrozenConductivity::kersten})
        for (const double T : {3.0, -0.005, -0.2, -7.0})
          for (const double w : {0.08, 0.33}) {
            const SoilForm form{Properties::freezing, model, freezing, frozen};
            const auto real = parameters<double>(form, {{Parameter::water_content, w}});
            FreezingSoil<double> law(form, layout, real.data());
            law.set();
            const auto with = [&](std::size_t p, const Complex& dT, auto what) {
              std::vector<Complex> values(real.begin(), real.end());
              if (p < values.size()) values[p] += Complex(0.0, step);
              FreezingSoil<Complex> perturbed(form, layout, values.data());
              perturbed.set();
              const Complex& wet = values[static_cast<std::size_t>(Parameter::water_content)];
              return what(perturbed, wet, Complex(T) + dT).imag() / step;
            };
            const auto lambda = [](const auto& one, const Complex& wet, const Complex& at) {
              return one.conductivity(one.conduction(0, wet), at).value;
            };
            const auto H = [](const auto& one, const Complex& wet, const Complex& at) {
              return one.enthalpy(one.heat(0, wet), at).value;
            };
            const auto close = [&](double ours, double exact, const char* what) {
              EXPECT_NEAR(ours, exact, 1e-11 * std::abs(exact) + 1e-13)
                  << what << " at " << T << ", w " << w << ", models " << int(model)
                  << int(freezing) << int(frozen);
            };
            const std::size_t none = real.size();
            close(law.conductivity(law.conduction(0, w), T).dT,
                  with(none, Complex(0.0, step), lambda), "lambda by T");
            close(law.enthalpy(law.heat(0, w), T).dT, with(none, Complex(0.0, step), H), "H by T");
            for (std::size_t p = 2; p < static_cast<std::size_t>(Parameter::water_flux); ++p) {
              const auto parameter = static_cast<Parameter>(p);
              const auto here = law.conduction(0, w);
              close(law.conductivity_dp(here, law.conduction_dp(parameter, 0, here), T),
                    with(p, 0.0, lambda), info(parameter).name);
              if (law.acts_on_enthalpy(parameter)) {
                // Of the latent heat of all water, what is left rounds.
                EXPECT_NEAR(law.enthalpy_dp(law.heat(0, w), law.heat_dp(parameter, 0, w), T),
                            with(p, 0.0, H), 1e-11 * std::abs(with(p, 0.0, H)) + 1e-6)
                    << info(parameter).name << " at " << T;
              } else {
                EXPECT_EQ(with(p, 0.0, H), 0.0) << info(parameter).name;
              }
            }
          }
}

} // namespace
} // namespace glebe
