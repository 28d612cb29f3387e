// SPDX-License-Identifier: BSD-3-Clause
// The adjoint against the tangent-linear model: <S v, w> = <v, S^T w> for every kind of observation
// and every value of a column, in space and time; segments against a run that is kept whole.
#include "glebe/base/random.hpp"
#include "glebe/physics/columns/linear_checkpoint.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../support/full_case.hpp"
#include "../support/surface_forms.hpp"

namespace glebe {
namespace {

using test::ColumnCase;

constexpr double all_bytes = 1e9;

double noise(std::uint64_t what, std::size_t k) { return 2.0 * random_uniform({what, k}) - 1.0; }

using Setting = std::tuple<Scheme, Bottom, Initial, SurfaceForm, bool, Top, bool>;

class Adjoint : public testing::TestWithParam<Setting> {
protected:
  Adjoint() {
    const auto [scheme, bottom, initial, surface, varies, top, measured_bottom] = GetParam();
    column = test::make_case(scheme, bottom, initial, surface, top, measured_bottom);
    values = test::truth(column);
    if (varies) test::vary(column, values);
  }

  // A change of every value, as large as it may well be uncertain.
  std::vector<double> random_change() const {
    std::vector<double> v;
    for (std::size_t k = 0; k < values.size(); ++k)
      v.push_back(noise(1, k) * (values[k] > 200.0 && values[k] < 400.0 ? 1.0 : 0.1 * values[k]));
    return v;
  }

  ColumnCase column;
  std::vector<double> values;
};

// <S v, w> = <v, S^T w>: w is S v times random weights, so that nothing cancels and the two may
// differ by rounding only.
TEST_P(Adjoint, dot_product) {
  const std::vector<double> v = random_change();
  const auto forwards = column.run<double>(values, v);
  const std::vector<std::size_t> first = column.first_equivalents();
  for (std::size_t s = 0; s < column.streams.size(); ++s) {
    std::vector<double> w(first.back(), 0.0);
    double there = 0.0;
    for (std::size_t k = first[s]; k < first[s + 1]; ++k) {
      const double Sv = forwards.derivative[k][0];
      w[k] = (1.5 + noise(2, k)) * Sv;
      there += Sv * w[k];
    }
    const std::vector<double> gradient = column.run_ad<double>(values, w, all_bytes);
    double back = 0.0;
    for (std::size_t k = 0; k < v.size(); ++k) back += gradient[k] * v[k];
    EXPECT_NEAR(back, there, 1e-13 * there)
        << "stream " << s << ", " << info(column.streams[s].op.kind).name;
  }
}

// Every value by itself, for all observations together.
TEST_P(Adjoint, gradient_agrees_with_tangents) {
  const test::AllDirections all = test::all_directions(column);
  const auto tangent = column.run<double>(values, all.direction);
  std::vector<double> w;
  for (std::size_t k = 0; k < tangent.value.size(); ++k) w.push_back(noise(3, k));
  const std::vector<double> gradient = column.run_ad<double>(values, w, all_bytes);
  std::vector<char> met(values.size(), 0);
  for (std::size_t d = 0; d < all.direction.size(); ++d) {
    double sum = 0.0;
    for (std::size_t k = 0; k < w.size(); ++k) sum += tangent.derivative[k][d] * w[k];
    // The sum cancels to a thousandth of its terms, hence not 1e-13.
    EXPECT_NEAR(gradient[all.value[d]], sum, 1e-11 * std::abs(sum))
        << info(all.direction[d].slot.parameter).name << ", knot " << all.direction[d].knot;
    met[all.value[d]] = 1;
  }
  for (std::size_t k = 0; k < values.size(); ++k)
    if (!met[k]) {
      EXPECT_EQ(gradient[k], 0.0) << "a slot whose parameter varies";
    }
}

// One step, a few that do not divide the window, or all kept at a time.
TEST_P(Adjoint, segments_change_no_bit) {
  std::vector<double> w;
  for (std::size_t k = 0; k < column.first_equivalents().back(); ++k) w.push_back(noise(4, k));
  const std::vector<double> whole = column.run_ad<double>(values, w, all_bytes);
  const LinearCheckpointLayout layout(column.form, column.grid.view(), column.streams);
  const double step = static_cast<double>(sizeof(double) * layout.size());
  for (const double steps : {0.0, 7.5, 48.0})
    EXPECT_EQ(column.run_ad<double>(values, w, steps * step), whole) << steps;
}

TEST_P(Adjoint, lanes_agree_with_double) {
  std::vector<double> w;
  for (std::size_t k = 0; k < column.first_equivalents().back(); ++k) w.push_back(noise(5, k));
  const std::vector<double> scalar = column.run_ad<double>(values, w, all_bytes);
  const std::vector<Lanes> lanes =
      column.run_ad<Lanes>(std::vector<Lanes>(values.begin(), values.end()),
                           std::vector<Lanes>(w.begin(), w.end()), all_bytes);
  constexpr double rounding = 1e-10; // of sums that nearly cancel
  for (std::size_t k = 0; k < values.size(); ++k)
    for (std::size_t i = 0; i < Lanes::size(); ++i)
      EXPECT_NEAR(lanes[k][i], scalar[k], rounding * std::abs(scalar[k])) << k;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Adjoint,
    testing::Combine(testing::Values(Scheme::backward_euler, Scheme::crank_nicolson,
                                     Scheme::sdirk2),
                     testing::Values(Bottom::temperature, Bottom::flux),
                     testing::Values(Initial::uniform, Initial::profile, Initial::spinup),
                     testing::Values(SurfaceForm{Longwave::absorbed, Turbulence::humidity},
                                     SurfaceForm{Longwave::full, Turbulence::bowen},
                                     SurfaceForm{Longwave::absorbed, Turbulence::combined}),
                     testing::Bool(), testing::Values(Top::balance), testing::Values(false)));

const SurfaceForm any_surface{Longwave::absorbed, Turbulence::humidity};

INSTANTIATE_TEST_SUITE_P(
    MeasuredEnds, Adjoint,
    testing::Combine(testing::Values(Scheme::backward_euler, Scheme::crank_nicolson,
                                     Scheme::sdirk2),
                     testing::Values(Bottom::temperature, Bottom::flux),
                     testing::Values(Initial::uniform, Initial::profile, Initial::spinup),
                     testing::Values(any_surface), testing::Bool(),
                     testing::Values(Top::balance, Top::temperature), testing::Bool()));

INSTANTIATE_TEST_SUITE_P(FluxAtTop, Adjoint,
                         testing::Combine(testing::Values(Scheme::backward_euler,
                                                          Scheme::crank_nicolson, Scheme::sdirk2),
                                          testing::Values(Bottom::temperature),
                                          testing::Values(Initial::uniform, Initial::profile,
                                                          Initial::spinup),
                                          testing::Values(any_surface), testing::Bool(),
                                          testing::Values(Top::flux), testing::Bool()));

INSTANTIATE_TEST_SUITE_P(
    Covered, Adjoint,
    testing::Combine(
        testing::Values(Scheme::backward_euler, Scheme::crank_nicolson, Scheme::sdirk2),
        testing::Values(Bottom::temperature, Bottom::flux),
        testing::Values(Initial::profile, Initial::spinup),
        testing::Values(SurfaceForm{Longwave::absorbed, Turbulence::humidity, true},
                        SurfaceForm{Longwave::full, Turbulence::bowen, true, true},
                        SurfaceForm{Longwave::full, Turbulence::bowen, true, true, true}),
        testing::Bool(), testing::Values(Top::balance), testing::Values(false)));

INSTANTIATE_TEST_SUITE_P(FullSurface, Adjoint,
                         testing::Combine(testing::Values(Scheme::backward_euler,
                                                          Scheme::crank_nicolson, Scheme::sdirk2),
                                          testing::Values(Bottom::temperature),
                                          testing::Values(Initial::spinup),
                                          testing::ValuesIn(test::full_forms()), testing::Bool(),
                                          testing::Values(Top::balance), testing::Values(false)));

// Schemes and what radiates have nothing in common: one of them will do.
INSTANTIATE_TEST_SUITE_P(
    Radiation, Adjoint,
    testing::Combine(testing::Values(Scheme::sdirk2), testing::Values(Bottom::temperature),
                     testing::Values(Initial::profile), testing::ValuesIn(test::radiation_forms()),
                     testing::Bool(), testing::Values(Top::balance), testing::Values(false)));

INSTANTIATE_TEST_SUITE_P(
    Weather, Adjoint,
    testing::Combine(testing::Values(Scheme::sdirk2), testing::Values(Bottom::temperature),
                     testing::Values(Initial::profile), testing::ValuesIn(test::weather_forms()),
                     testing::Values(true), testing::Values(Top::balance), testing::Values(false)));

// Between two given fluxes there is no steady state to spin up.
INSTANTIATE_TEST_SUITE_P(FluxAtBothEnds, Adjoint,
                         testing::Combine(testing::Values(Scheme::backward_euler,
                                                          Scheme::crank_nicolson, Scheme::sdirk2),
                                          testing::Values(Bottom::flux),
                                          testing::Values(Initial::uniform, Initial::profile),
                                          testing::Values(any_surface), testing::Bool(),
                                          testing::Values(Top::flux), testing::Bool()));

} // namespace
} // namespace glebe
