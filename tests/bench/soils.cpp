// SPDX-License-Identifier: BSD-3-Clause
// A pass with five directions through soils of every law, beside the linear column row by row.
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/columns/modal_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"
#include "glebe/physics/laws/freezing_soil.hpp"

#include "block_case.hpp"

namespace glebe::bench {

namespace {

using Parameters = std::vector<std::pair<Parameter, double>>;

const Parameters surface{
    {Parameter::albedo, 0.2}, {Parameter::emissivity, 0.95}, {Parameter::heat_transfer, 15.0}};

Parameters with(Parameters more) {
  more.insert(more.end(), surface.begin(), surface.end());
  return more;
}

std::vector<Direction> five(Parameter first, Parameter second) {
  return {{{first}},
          {{second}},
          {{Parameter::albedo}},
          {{Parameter::heat_transfer}},
          {{Parameter::deep_temperature}}};
}

const BlockCase linear{.parameters = with({{Parameter::thermal_conductivity, 1.1},
                                           {Parameter::heat_capacity, 2.4e6},
                                           {Parameter::deep_temperature, 293.0}})};
const BlockCase moist{
    .soil = {Properties::moist},
    .parameters = with({{Parameter::water_content, 0.3}, {Parameter::deep_temperature, 293.0}})};

// Thawed but for the uppermost nodes, which freeze every night.
BlockCase freezing(FreezingModel model) {
  return {.soil = {Properties::freezing, ConductivityModel::cote_konrad, model},
          .sun = 400.0,
          .air = 274.0,
          .parameters =
              with({{Parameter::water_content, 0.3}, {Parameter::deep_temperature, 277.0}})};
}

} // namespace

void soils(Report& report) {
  constexpr std::size_t n_step = 2400;
  const auto linear_soil = five(Parameter::thermal_conductivity, Parameter::heat_capacity);
  const auto wet_soil = five(Parameter::solid_conductivity, Parameter::water_content);
  const auto freezing_soil = five(Parameter::solid_conductivity, Parameter::porosity);
  BlockCase measured = moist;
  measured.soil.water_measured = true;
  BlockCase held = measured;
  held.hold = 6;
  std::vector<double> modes, constant, wet, changing, holding, power, window;
  for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n) {
    const double one = time_steps<LinearColumn<Lanes>>(linear, n_step, linear_soil);
    const auto ratio = [&](double seconds) { return seconds / one; };
    modes.push_back(
        ratio(time_steps<ModalColumn<ConstantSoil<Lanes>>>(linear, n_step, linear_soil)));
    constant.push_back(
        ratio(time_steps<GeneralColumn<ConstantSoil<Lanes>>>(linear, n_step, linear_soil)));
    wet.push_back(ratio(time_steps<ModalColumn<MoistSoil<Lanes>>>(moist, n_step, wet_soil)));
    changing.push_back(
        ratio(time_steps<GeneralColumn<MoistSoil<Lanes>>>(measured, n_step, freezing_soil)));
    holding.push_back(
        ratio(time_steps<GeneralColumn<MoistSoil<Lanes>>>(held, n_step, freezing_soil)));
    power.push_back(ratio(time_steps<GeneralColumn<FreezingSoil<Lanes>>>(
        freezing(FreezingModel::power), n_step, freezing_soil)));
    window.push_back(ratio(time_steps<GeneralColumn<FreezingSoil<Lanes>>>(
        freezing(FreezingModel::linear), n_step, freezing_soil)));
  }
  Figures figures{{"nodes", 51.0}, {"directions", 5.0}};
  add_spread(figures, "modes_over_linear", modes);
  add_spread(figures, "constant_over_linear", constant);
  add_spread(figures, "moist_over_linear", wet);
  add_spread(figures, "moist_measured_over_linear", changing);
  add_spread(figures, "moist_held_over_linear", holding);
  add_spread(figures, "freezing_power_over_linear", power);
  add_spread(figures, "freezing_window_over_linear", window);
  report.add("soils", figures);
}

} // namespace glebe::bench
