// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/physics/input_series.hpp"
#include "glebe/physics/run/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "bench.hpp"

namespace glebe::bench {

/// One day of hourly forcing, the same in every lane, around this air temperature [K]; with wind
/// and pressure where a surface asks for them.
struct DayForcing {
  std::vector<Input> rows{Input::shortwave, Input::longwave, Input::air_temperature};
  std::vector<float> records;
  std::vector<InputPoint> points;

  DayForcing(std::size_t n_step, double sun, double air, bool windy) {
    if (windy) rows.insert(rows.end(), {Input::wind, Input::pressure});
    for (int hour = 0; hour <= 24; ++hour) {
      const double angle = 2.0 * std::numbers::pi * (hour - 12) / 24.0;
      for (const double value :
           {std::max(0.0, sun * std::cos(angle)), air + 27.0, air + 6.0 * std::cos(angle)})
        records.insert(records.end(), Lanes::size(), static_cast<float>(value));
      if (!windy) continue;
      for (const double value : {3.0 + 2.0 * std::cos(angle), 9e4})
        records.insert(records.end(), Lanes::size(), static_cast<float>(value));
    }
    points.push_back({0, 0.0F});
    for (std::size_t step = 0; step < n_step; ++step)
      for (int stage = 0; stage < 2; ++stage)
        points.push_back({static_cast<std::int32_t>(step % 24), stage == 0 ? 0.3F : 0.99F});
  }
};

/// What a block of columns is run with.
struct BlockCase {
  SoilForm soil = {};
  SurfaceForm surface = {};
  std::size_t n_node = 51;
  double sun = 800.0, air = 293.0; ///< [W m-2], [K]
  bool windy = false;
  std::size_t hold = 1; ///< steps that have the same measured water
  std::vector<std::pair<Parameter, double>> parameters;
};

/// A function of its own, as in a run: inlined into its caller the time loop runs out of registers.
template <Column C>
[[gnu::noinline]] void run_steps(C& column, Tangents<Lanes> tangents,
                                 const InputSeries<Lanes>& series, std::size_t n_step) {
  simulate(column, tangents, series, n_step, NoVisitor{});
}

/// Seconds for the steps of one block of lanes with these directions: none, or five of which the
/// first two change the soil.
template <Column C>
double time_steps(const BlockCase& block, std::size_t n_step,
                  std::span<const Direction> directions) {
  const SoilGrid grid(stretched_nodes(1.0, block.n_node, 1.0));
  const Soil soil = grid.view_with_modes(Top::balance, Bottom::temperature);
  const ParameterSchedule schedule{grid.layout(), {}};
  ModelForm form;
  form.soil = block.soil;
  form.surface = block.surface;
  C column(form, soil, schedule);
  std::vector<Lanes> values;
  for (std::size_t p = 0; p < parameter_count; ++p)
    for (std::size_t i = 0; i < schedule.layout.count(Parameter(p)); ++i)
      values.push_back(std::isnan(default_value(Parameter(p), form.soil, form.surface))
                           ? 0.0
                           : default_value(Parameter(p), form.soil, form.surface));
  for (const auto& [parameter, value] : block.parameters)
    values[schedule.layout.position(parameter)] = value;
  const DayForcing forcing(n_step, block.sun, block.air, block.windy);
  InputSeries<Lanes> series{{{forcing.records.data(), forcing.rows, forcing.points}}};
  // Water that changes from record to record and step to step, at three depths.
  const std::vector<double> depths{0.05, 0.2, 0.5};
  std::vector<float> water;
  for (int i = 0; i < 2 * 3; ++i) water.insert(water.end(), Lanes::size(), i < 3 ? 0.25F : 0.3F);
  std::vector<InputPoint> water_points;
  for (std::size_t step = 0; step < n_step; ++step)
    water_points.push_back({0, static_cast<float>(step / block.hold % 97) / 97.0F});
  series.water = {water.data(), depths, water_points};
  if constexpr (requires { column.set_water(series.water); })
    if (form.soil.water_measured) column.set_water(series.water);

  column.set_parameters(values.data());
  column.start(series.at(0));
  using Group = typename C::template TangentGroup<5, 2>;
  std::unique_ptr<Group> group;
  std::vector<Tangent<Lanes>*> tangents;
  if (!directions.empty()) {
    group = std::make_unique<Group>(column,
                                    std::vector<Term<Lanes>>(directions.begin(), directions.end()));
    group->start();
    tangents.push_back(group.get());
  }
  const double seconds = time([&] { run_steps<C>(column, tangents, series, n_step); });
  keep(column.top_temperature()[0]);
  return seconds;
}

} // namespace glebe::bench
