// SPDX-License-Identifier: BSD-3-Clause
// The full case on wet and freezing soil: two days around 0 degC, with nodes that freeze and thaw.
#pragma once

#include "full_case.hpp"

namespace glebe::test {

/// make_case() with soil of this form. Where the top is given, its temperature crosses 0 degC.
inline ColumnCase make_soil_case(SoilForm soil, Scheme scheme, Bottom bottom, Initial initial,
                                 Top top = Top::balance, bool measured_bottom = false) {
  ColumnCase column = make_case(scheme, bottom, initial, {Longwave::absorbed, Turbulence::humidity},
                                top, measured_bottom);
  column.form.soil = soil;
  if (soil.water_measured) { // at two depths, every three hours
    column.water_depths = {0.04, 0.3};
    for (int i = 0; i <= 17; ++i)
      for (const double depth : column.water_depths)
        column.water.push_back(float(0.25 + 0.06 * std::sin(0.7 * i + 5 * depth)));
    for (std::size_t step = 0; step < column.n_step; ++step) {
      const double place = (double(step) + 0.5) / 6.0;
      column.water_points.push_back(
          {std::int32_t(place), static_cast<float>(place - std::floor(place))});
    }
  }
  const std::size_t n_input = column.inputs.size();
  for (std::size_t i = 0; i < column.records.size(); ++i) {
    const InputInfo& input = info(column.inputs[i % n_input]);
    const std::string_view unit = input.unit;
    if (unit == "K") column.records[i] -= input.group == InputGroup::boundary ? 13.5F : 16.0F;
    if (column.inputs[i % n_input] == Input::longwave) column.records[i] -= 40.0F;
    if (column.inputs[i % n_input] == Input::humidity) column.records[i] *= 0.4F;
  }
  return column;
}

/// Its parameters, constant in time [slot].
inline std::vector<double> soil_truth(const ColumnCase& column) {
  std::vector<double> values = truth(column);
  const auto set = [&](Parameter parameter, double upper, double lower) {
    values[column.grid.layout().position(parameter, 0)] = upper;
    if (column.grid.layout().n_horizon > 1)
      values[column.grid.layout().position(parameter, 1)] = lower;
  };
  set(Parameter::porosity, 0.52, 0.41);
  set(Parameter::water_content, 0.31, 0.27);
  set(Parameter::dry_conductivity, 0.2, 0.3);
  set(Parameter::solid_conductivity, 3.1, 4.2);
  const bool fractions = column.form.soil.conductivity != ConductivityModel::cote_konrad;
  set(Parameter::kersten_shape, fractions ? 0.7 : 1.9, fractions ? 0.9 : 3.5);
  set(Parameter::frozen_kersten_shape, 0.85, 0.95);
  set(Parameter::solid_heat_capacity, 2.0e6, 2.2e6);
  set(Parameter::freezing_a, 0.06, 0.09);
  set(Parameter::freezing_b, 0.6, 0.45);
  set(Parameter::retention_alpha, 1.7, 0.9);
  set(Parameter::retention_n, 1.5, 1.4);
  set(Parameter::freezing_window, 0.7, 0.5);
  set(Parameter::unfrozen_water, 0.04, 0.06);
  set(Parameter::water_flux, 2e-6, -1e-6);
  values[column.grid.layout().position(Parameter::deep_temperature)] = 274.2;
  const double knots[] = {271.5, 272.8, 273.9};
  for (std::size_t k = 0; k < column.grid.knots().size(); ++k)
    values[column.grid.layout().position(Parameter::initial_temperature, k)] = knots[k];
  return values;
}

} // namespace glebe::test
