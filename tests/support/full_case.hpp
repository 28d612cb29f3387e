// SPDX-License-Identifier: BSD-3-Clause
// A column in which everything happens: all parameters, kinds of observation and forcings, and
// parameters that vary in time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "column_case.hpp"

namespace glebe::test {

/// Two days at half-hourly steps over two horizons, under a sky that varies in everything, with
/// every kind of observation.
inline ColumnCase make_case(Scheme scheme, Bottom bottom, Initial initial, SurfaceForm surface,
                            Top top = Top::balance, bool measured_bottom = false) {
  ColumnCase column;
  column.form = {scheme, bottom, initial, surface, 1800.0, top, measured_bottom};
  column.grid = SoilGrid(stretched_nodes(0.8, 18, 1.12));
  column.grid.set_horizons({column.grid.depths()[7], 0.8}, {"upper", "lower"});
  if (initial == Initial::profile) column.grid.set_knots({0.02, 0.1, 0.35});
  column.n_step = 96;
  column.spin_up = {0.05, 60};

  for (std::size_t i = 0; i < input_count; ++i)
    if (!input_table[i].has_depth) column.inputs.push_back(Input(i));
  for (int i = 0; i <= 50; ++i) { // hourly records, interpolated
    const double phase = 2 * std::numbers::pi * i / 24.0;
    for (const double value :
         {std::max(0.0, 700 * std::sin(phase - 1.5)), 320 + 25 * std::sin(phase),
          288 + 9 * std::sin(phase - 2.0), 0.006 + 0.002 * std::cos(1.7 * phase),
          9.5e4 + 300 * std::cos(phase), 2.5 + 2 * std::sin(0.8 * phase),
          std::max(0.0, 0.1 * std::sin(0.4 * phase)), 250.0, 0.15 + 0.05 * std::sin(0.3 * phase),
          250 * std::sin(phase - 1.6) + 80, 287 + 8 * std::sin(phase - 2.2),
          90 * std::sin(phase - 1.7), 288 + std::sin(0.5 * phase), 5 * std::sin(0.5 * phase - 0.3)})
      column.records.push_back(static_cast<float>(value));
  }
  const SchemeTable stages = table(scheme);
  column.points.push_back({0, 0.0F});
  for (std::size_t step = 0; step < column.n_step; ++step)
    for (std::size_t stage = 0; stage < stages.n_stage; ++stage) {
      const double hours = 0.5 * (static_cast<double>(step) + stages.abscissa[stage]);
      const double record = std::floor(hours);
      column.points.push_back(
          {static_cast<std::int32_t>(record), static_cast<float>(hours - record)});
    }

  // Every kind, once at instants that fall between steps and once as two-hour means.
  for (std::size_t k = 0; k < observation_kind_count; ++k) {
    const auto kind = static_cast<ObservationKind>(k);
    if (top != Top::balance && !info(kind).has_depth) continue;
    for (const double depth :
         info(kind).has_depth ? std::vector{0.0, 0.05, 0.31} : std::vector{0.0}) {
      StreamSchedule instants{
          ObservationOperator::make(kind, depth, column.grid.view(), top), {}, 0};
      instants.sensor.depth = depth;
      StreamSchedule means = instants;
      instants.pieces.push_back({0, 0, 1.0, 0.0, 0.0, true});
      for (int i = 1; i < 12; ++i) instants.pieces.push_back({8 * i, i, 0.3, 0.7, 0.0, true});
      for (int i = 0; i < 24; ++i)
        for (int part = 0; part < 4; ++part)
          means.pieces.push_back({4 * i + part, i, 0.0, 0.0, 0.25, part == 3});
      instants.n_observation = 12;
      means.n_observation = 24;
      column.streams.push_back(instants);
      column.streams.push_back(means);
    }
  }
  return column;
}

/// Its parameters, constant in time [slot], of as many horizons as it has.
inline std::vector<double> truth(const ColumnCase& column) {
  std::vector<std::pair<ParameterSlot, double>> given{{{Parameter::thermal_conductivity, 0}, 0.6},
                                                      {{Parameter::thermal_conductivity, 1}, 1.3},
                                                      {{Parameter::heat_capacity, 0}, 1.6e6},
                                                      {{Parameter::heat_capacity, 1}, 2.4e6},
                                                      {{Parameter::albedo}, 0.23},
                                                      {{Parameter::emissivity}, 0.96},
                                                      {{Parameter::longwave_bias}, 12.0},
                                                      {{Parameter::shortwave_scale}, 1.07},
                                                      {{Parameter::air_temperature_bias}, 0.6},
                                                      {{Parameter::heat_transfer}, 9.0},
                                                      {{Parameter::heat_transfer_wind}, 2.1},
                                                      {{Parameter::latent_transfer}, 5.0},
                                                      {{Parameter::bowen_ratio}, 1.7},
                                                      {{Parameter::stability}, 0.9},
                                                      {{Parameter::roughness_length}, 0.03},
                                                      {{Parameter::heat_roughness}, 0.15},
                                                      {{Parameter::surface_resistance}, 150.0},
                                                      {{Parameter::dry_layer}, 0.012},
                                                      {{Parameter::vegetation_fraction}, 0.35},
                                                      {{Parameter::canopy_transfer}, 20.0},
                                                      {{Parameter::cover_resistance}, 0.02},
                                                      {{Parameter::snow_conductivity}, 0.25},
                                                      {{Parameter::deep_temperature}, 289.0},
                                                      {{Parameter::geothermal_flux}, 4.0},
                                                      {{Parameter::top_offset}, 0.3},
                                                      {{Parameter::top_flux_offset}, -2.0},
                                                      {{Parameter::bottom_offset}, 0.2},
                                                      {{Parameter::bottom_flux_offset}, 0.5}};
  std::erase_if(given, [&](const auto& one) {
    return one.first.index >= column.layout().count(one.first.parameter);
  });
  const double knots[] = {285.0, 287.5, 288.4};
  for (std::size_t k = 0; k < column.grid.knots().size(); ++k)
    given.push_back({{Parameter::initial_temperature, k}, knots[k]});
  return parameter_values(column.layout(), given);
}

/// A parameter in `n_knot` equal parts of the window, constant in each or linear between knots at
/// their middles.
inline VaryingSlot in_time(const ColumnCase& column, const ParameterSlot& slot, std::size_t n_knot,
                           bool linear) {
  VaryingSlot one{slot, column.schedule().n_value(), n_knot, {}};
  const double length = static_cast<double>(column.n_step) / static_cast<double>(n_knot);
  for (std::size_t step = 0; step < column.n_step; ++step) {
    const double part = (static_cast<double>(step) + 0.5) / length;
    const double last = static_cast<double>(n_knot - 1);
    const double place = linear ? std::clamp(part - 0.5, 0.0, last) : std::floor(part);
    const double left = std::min(std::floor(place), linear ? std::max(0.0, last - 1.0) : last);
    one.at_step.push_back({static_cast<std::int32_t>(left), place - left});
  }
  return one;
}

/// Lets most parameters vary in time and gives their knots values around those of `values`, which
/// it appends to them.
inline void vary(ColumnCase& column, std::vector<double>& values) {
  const std::tuple<ParameterSlot, std::size_t, bool> wanted[] = {
      {{Parameter::thermal_conductivity, 0}, 3, true},
      {{Parameter::thermal_conductivity, 1}, 2, false},
      {{Parameter::heat_capacity, 0}, 3, false},
      {{Parameter::heat_capacity, 1}, 2, true},
      {{Parameter::albedo}, 3, true},
      {{Parameter::emissivity}, 2, false},
      {{Parameter::longwave_bias}, 3, true},
      {{Parameter::shortwave_scale}, 2, false},
      {{Parameter::air_temperature_bias}, 3, true},
      {{Parameter::heat_transfer}, 6, false},
      {{Parameter::bowen_ratio}, 2, true},
      {{Parameter::deep_temperature}, 4, true},
      {{Parameter::geothermal_flux}, 3, false}};
  for (const auto& [slot, n_knot, linear] : wanted) {
    column.varying.push_back(in_time(column, slot, n_knot, linear));
    const double value = values[column.layout().position(slot.parameter, slot.index)];
    const double spread = slot.parameter == Parameter::deep_temperature ? 0.002 : 0.2;
    for (std::size_t k = 0; k < n_knot; ++k)
      values.push_back(value * (1.0 + spread * std::sin(2.0 * static_cast<double>(k) + 1.0)));
  }
}

/// A unit change of every value of a column [n_value] but those that the knots replace, and where
/// each of them stands.
struct AllDirections {
  std::vector<Direction> direction;
  std::vector<std::size_t> value;
};
inline AllDirections all_directions(const ColumnCase& column) {
  AllDirections all;
  const ParameterLayout layout = column.layout();
  for (std::size_t p = 0; p < parameter_count; ++p)
    for (std::size_t i = 0; i < layout.count(static_cast<Parameter>(p)); ++i) {
      const ParameterSlot slot{static_cast<Parameter>(p), i};
      const auto varying = std::find_if(column.varying.begin(), column.varying.end(),
                                        [&](const VaryingSlot& one) { return one.slot == slot; });
      if (varying == column.varying.end()) {
        all.direction.push_back({slot});
        all.value.push_back(layout.position(slot.parameter, i));
        continue;
      }
      for (std::size_t k = 0; k < varying->n_knot; ++k) {
        all.direction.push_back({slot, &*varying, k});
        all.value.push_back(varying->first + k);
      }
    }
  return all;
}

} // namespace glebe::test
