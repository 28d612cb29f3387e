// SPDX-License-Identifier: BSD-3-Clause
// A small region whose columns share parameters, and whose heat transfer may be a field.
#pragma once

#include "glebe/grid/cell_geometry.hpp"

#include "synthetic_region.hpp"

namespace glebe::coupled {

inline constexpr std::size_t n_y = 3, n_x = 4;

inline SyntheticRegion region(const Ranks& ranks) {
  return SyntheticRegion(ranks, {{{"y", n_y}, {"x", n_x}}}, 240, 21);
}

// Conductivity by class, capacity and deep temperature for the domain (the latter with a prior),
// albedo and heat transfer by column.
inline ParameterValues shared_values(const SyntheticRegion& region) {
  ParameterValues values = region.first_guess;
  RegionMap map;
  map.value = {2, 5};
  map.name = {"sand", "clay"};
  for (const std::size_t cell : region.columns.cells())
    map.of_column.push_back(cell % 3 == 0 ? 1 : 0);
  values.regions.push_back(std::move(map));
  for (Control& control : values.controls) switch (control.slot.parameter) {
    case Parameter::thermal_conductivity:
      control.space = Space::region;
      control.region = 0;
      break;
    case Parameter::heat_capacity:
      control.space = Space::domain;
      break;
    case Parameter::deep_temperature:
      control.space = Space::domain;
      control.prior_std = 2.0;
      break;
    default:
      control.prior_std = 0.3 * (control.upper - control.lower);
    }
  return values;
}

// What is observed where the truth is shared as the controls are.
inline Observations observe_shared(const SyntheticRegion& region) {
  ParameterValues truth = region.truth;
  for (std::size_t c = 0; c < region.columns.n_local(); ++c) {
    const auto value = [&](Parameter parameter) -> double& {
      const std::size_t position = truth.schedule.layout.position(parameter);
      return truth.first_guess(Eigen::Index(c), Eigen::Index(position));
    };
    const bool clay = region.columns.cells()[c] % 3 == 0;
    value(Parameter::thermal_conductivity) = clay ? 0.9 : 1.8;
    value(Parameter::heat_capacity) = 2.1e6;
    value(Parameter::deep_temperature) = 284.0;
  }
  return region.observe(truth);
}

inline ParameterValues with_a_field(const SyntheticRegion& here) {
  ParameterValues values = shared_values(here);
  for (Control& control : values.controls)
    if (control.slot.parameter == Parameter::heat_transfer) {
      control.prior_std = 0.02 * (control.upper - control.lower);
      control.correlation_length = 3000.0;
    }
  return values;
}

inline CellGeometry kilometre_grid() {
  std::vector<double> north, east;
  for (std::size_t cell = 0; cell < n_y * n_x; ++cell) {
    north.push_back(1000.0 * double(cell / n_x));
    east.push_back(1000.0 * double(cell % n_x));
  }
  return CellGeometry({{{"y", n_y}, {"x", n_x}}}, Metric::plane, north, east);
}

} // namespace glebe::coupled
