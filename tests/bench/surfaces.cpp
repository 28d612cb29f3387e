// SPDX-License-Identifier: BSD-3-Clause
// A pass with five directions under surfaces of every form, beside constant coefficients.
#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/columns/modal_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"

#include <array>

#include "block_case.hpp"

namespace glebe::bench {

namespace {

using Parameters = std::vector<std::pair<Parameter, double>>;

const Parameters common{{Parameter::thermal_conductivity, 1.1},
                        {Parameter::heat_capacity, 2.4e6},
                        {Parameter::albedo, 0.2},
                        {Parameter::emissivity, 0.95},
                        {Parameter::heat_transfer, 10.0},
                        {Parameter::heat_transfer_wind, 2.0},
                        {Parameter::roughness_length, 0.02},
                        {Parameter::vegetation_fraction, 0.4},
                        {Parameter::canopy_transfer, 25.0},
                        {Parameter::cover_resistance, 0.05},
                        {Parameter::deep_temperature, 293.0}};

using Rows = LinearColumn<Lanes>;
using Modes = ModalColumn<ConstantSoil<Lanes>>;

template <Column C>
double pass(const SurfaceForm& form, std::size_t n_node) {
  constexpr std::size_t n_step = 2400;
  const bool louis = form.exchange == Exchange::louis;
  const std::array<Direction, 5> five{
      {{{Parameter::thermal_conductivity}},
       {{Parameter::heat_capacity}},
       {{Parameter::albedo}},
       {{louis ? Parameter::roughness_length : Parameter::heat_transfer}},
       {{Parameter::deep_temperature}}}};
  return time_steps<C>({.surface = form, .n_node = n_node, .windy = true, .parameters = common},
                       n_step, five);
}

struct Case {
  const char* name;
  SurfaceForm form;
  std::vector<double> ratios = {}, to_rows = {};
};

std::vector<Case> cases() {
  constexpr SurfaceForm high{.wind_height = 4.0, .air_height = 4.0};
  const auto with = [&](auto change) {
    SurfaceForm form = high;
    change(form);
    return form;
  };
  return {{"stability", with([](SurfaceForm& form) { form.exchange = Exchange::stability; })},
          {"louis", with([](SurfaceForm& form) { form.exchange = Exchange::louis; })},
          {"canopy", with([](SurfaceForm& form) { form.canopy = true; })},
          {"cover", with([](SurfaceForm& form) { form.covered = true; })},
          {"stability_canopy_cover", with([](SurfaceForm& form) {
             form.exchange = Exchange::stability;
             form.canopy = form.covered = true;
           })}};
}

} // namespace

// Beside the same column with constant coefficients, in modes as it is, and row by row.
void surfaces(Report& report) {
  for (const std::size_t n_node : {51, 101}) {
    std::vector<Case> all = cases();
    all.insert(all.begin(), {"coefficients", {}});
    for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n) {
      const double plain = pass<Modes>({}, n_node), rows = pass<Rows>({}, n_node);
      for (Case& one : all) {
        const double seconds = pass<Modes>(one.form, n_node);
        one.ratios.push_back(seconds / plain);
        one.to_rows.push_back(seconds / rows);
      }
    }
    Figures figures{{"nodes", double(n_node)}, {"directions", 5.0}};
    for (const Case& one : all) {
      add_spread(figures, std::string(one.name) + "_over_coefficients", one.ratios);
      add_spread(figures, std::string(one.name) + "_over_rows", one.to_rows);
    }
    report.add("surfaces", figures);
  }
}

} // namespace glebe::bench
