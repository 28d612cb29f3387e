// SPDX-License-Identifier: BSD-3-Clause
// Conservation of energy by the discrete model: what the nodes store is what went in at the surface
// less what left at the bottom, each taken with the scheme's own weights of the stages.
#include <gtest/gtest.h>

#include "../support/exact_case.hpp"

namespace glebe {
namespace {

constexpr double bottom_depth = 0.7;

// Everything jumps, and at different times: sun and wind on and off, air between -15 and +40 degC.
Inputs<double> violent_weather(double t) {
  const auto flips = [t](double hours) {
    return static_cast<long>(std::floor(t / (3600.0 * hours))) % 2 == 1;
  };
  return {flips(1.7) ? 1200.0 : 0.0,  flips(2.3) ? 450.0 : 150.0, flips(5.3) ? 313.0 : 258.0,
          flips(4.1) ? 0.012 : 0.001, flips(7.9) ? 1.02e5 : 7e4,  flips(0.9) ? 25.0 : 0.0};
}

struct Element {
  double capacity;    ///< C dz [J m-2 K-1]
  double conductance; ///< lambda / dz [W m-2 K-1]
};

// Keeps the account of one run, from the parameters and not from the model's own coefficients.
class Account {
public:
  Account(const LinearColumn<double>& model, const std::vector<double>& values)
      : model_(model), values_(values) {
    const Soil& soil = model.soil();
    for (std::size_t h = 0; h < soil.n_horizon(); ++h)
      for (std::size_t i = soil.horizon_top[h]; i < soil.horizon_top[h + 1]; ++i) {
        const double dz = soil.thickness[i];
        elements_.push_back({value(Parameter::heat_capacity, h) * dz,
                             value(Parameter::thermal_conductivity, h) / dz});
      }
    fixed_bottom_ = model.form().bottom == Bottom::temperature;
  }

  void start(const Inputs<double>&) { at_start_ = temperatures(); }

  void stage(std::size_t, std::size_t stage, const Inputs<double>& F) {
    const double seconds = model_.form().dt * model_.scheme().weight[stage];
    const double* T = model_.temperature();
    const std::size_t N = model_.last_node();
    const auto P = SurfaceParameters<double>(model_.layout(), values_.data());
    const double in =
        test::surface_balance(model_.form().surface, T[0] + freezing_temperature, F, P);
    const double out = fixed_bottom_ ? elements_.back().conductance * (T[N - 1] - T[N])
                                     : -value(Parameter::geothermal_flux);
    received_ += seconds * (in - out);
    exchanged_ += seconds * (std::abs(in) + std::abs(out));
  }

  /// Heat gained since the start by the nodes that are free to change [J m-2].
  double stored() const {
    std::vector<double> change = temperatures();
    for (std::size_t i = 0; i < change.size(); ++i) change[i] -= at_start_[i];
    if (fixed_bottom_) {
      EXPECT_EQ(change.back(), 0.0);
    }
    double heat = 0.0;
    for (std::size_t i = 0; i < elements_.size(); ++i)
      heat += 0.5 * elements_[i].capacity * (change[i] + change[i + 1]);
    return heat;
  }
  double received() const { return received_; }   ///< [J m-2]
  double exchanged() const { return exchanged_; } ///< without regard to direction [J m-2]

private:
  double value(Parameter parameter, std::size_t index = 0) const {
    return values_[model_.layout().position(parameter, index)];
  }
  std::vector<double> temperatures() const {
    return {model_.temperature(), model_.temperature() + model_.last_node() + 1};
  }

  const LinearColumn<double>& model_;
  const std::vector<double>& values_;
  std::vector<Element> elements_;
  std::vector<double> at_start_;
  bool fixed_bottom_ = false;
  double received_ = 0.0, exchanged_ = 0.0;
};

using Setting = std::tuple<Scheme, Bottom, SurfaceForm>;

class Energy : public testing::TestWithParam<Setting> {};

TEST_P(Energy, is_conserved) {
  const auto [scheme, bottom, surface] = GetParam();
  const ModelForm form{scheme, bottom, Initial::uniform, surface, 1800.0};
  SCOPED_TRACE(test::in_words(form));
  SoilGrid grid(stretched_nodes(bottom_depth, 31, 1.1));
  grid.set_horizons({grid.depths()[12], bottom_depth}, {"upper", "lower"});
  test::GivenParameters given = test::surface_of_exact_cases();
  for (const auto& parameter : test::GivenParameters{{{Parameter::thermal_conductivity, 0}, 0.3},
                                                     {{Parameter::thermal_conductivity, 1}, 1.9},
                                                     {{Parameter::heat_capacity, 0}, 1.1e6},
                                                     {{Parameter::heat_capacity, 1}, 2.9e6},
                                                     {{Parameter::deep_temperature}, 281.0},
                                                     {{Parameter::geothermal_flux}, 20.0}})
    given.push_back(parameter);
  const std::vector<double> values = test::parameter_values(grid.layout(), given);

  test::OwnedColumn<LinearColumn<double>> owned(form, grid.view(), grid.layout());
  owned.column.set_parameters(values.data());
  owned.column.start({});
  Account account(owned.column, values);
  simulate(owned.column, {}, test::AnalyticForcing{violent_weather, form}, 480, account);

  ASSERT_FALSE(owned.column.failed());
  // The weather did reach the soil, or else the balance would be of nothing.
  EXPECT_GT(std::abs(account.stored()), 1e5);
  // Newton's iteration ends far below its tolerance of 1e-10 K, and sums of 1e3 terms round to
  // 1e-13; a wrong weight or a node left out shows in the first digits.
  EXPECT_NEAR(account.stored(), account.received(), 1e-10 * account.exchanged());
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Energy,
    testing::Combine(testing::Values(Scheme::backward_euler, Scheme::crank_nicolson,
                                     Scheme::sdirk2),
                     testing::Values(Bottom::temperature, Bottom::flux),
                     testing::Values(SurfaceForm{Longwave::full, Turbulence::bowen},
                                     SurfaceForm{Longwave::absorbed, Turbulence::humidity},
                                     SurfaceForm{Longwave::full, Turbulence::humidity},
                                     SurfaceForm{Longwave::absorbed, Turbulence::combined})));

} // namespace
} // namespace glebe
