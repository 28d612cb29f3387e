// SPDX-License-Identifier: BSD-3-Clause
// One soil column through the library: how a day's wave of surface temperature goes down into the
// soil, beside the exact solution for a half space (Carslaw and Jaeger 1959, 2.6),
//
//   T(z, t) = mean + amplitude exp(-z / d) cos(w t - z / d),  d = sqrt(2 conductivity / (w
//   capacity))
//
// To build it: cmake -B build && cmake --build build, or make.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <glebe/grid/soil_grid.hpp>
#include <glebe/physics/columns/linear_column.hpp>
#include <glebe/physics/run/simulate.hpp>
#include <glebe/simulation/lane_width.hpp>
#include <glebe/version.hpp>
#include <numbers>
#include <vector>

namespace {

constexpr double day = 86400.0, dt = 900.0;                              // [s]
constexpr double conductivity = 0.9, capacity = 2.0e6;                   // [W m-1 K-1], [J m-3 K-1]
constexpr double mean = 290.0, amplitude = 10.0;                         // [K]
constexpr double frequency = 2.0 * std::numbers::pi / day;               // [s-1]
const double d = std::sqrt(2.0 * conductivity / (frequency * capacity)); // [m]

double exact(double z, double t) {
  return mean + amplitude * std::exp(-z / d) * std::cos(frequency * t - z / d);
}

// What drives the column: the temperature of its first node at the times of the stages.
struct DailyWave {
  glebe::SchemeTable scheme;

  void read(std::size_t point, glebe::Inputs<double>& inputs) const {
    const std::size_t stage = point == 0 ? 0 : point - 1;
    const double steps = static_cast<double>(stage / scheme.n_stage) +
                         (point == 0 ? 0.0 : scheme.abscissa[stage % scheme.n_stage]);
    inputs[glebe::Input::top_temperature] = exact(0.0, steps * dt);
  }
  glebe::Inputs<double> at(std::size_t point) const {
    glebe::Inputs<double> inputs;
    read(point, inputs);
    return inputs;
  }
};

// What looks at the column: a row of the table every two hours, and the largest error at any node.
struct Table {
  const glebe::LinearColumn<double>& column;
  double largest_error = 0.0;

  void start(const glebe::Inputs<double>&) { look(0); }
  void stage(std::size_t step, std::size_t stage, const glebe::Inputs<double>&) {
    if (stage + 1 == column.scheme().n_stage) look(step + 1);
  }
  void look(std::size_t step) {
    const double t = static_cast<double>(step) * dt;
    double error = 0.0;
    for (std::size_t i = 0; i < column.soil().n_node(); ++i)
      error = std::max(error, std::abs(temperature(i) - exact(column.soil().depth[i], t)));
    largest_error = std::max(largest_error, error);
    if (step % 8 != 0) return;
    fmt::print("{:4.0f} h", t / 3600.0);
    for (const std::size_t i : {0, 5, 10, 20, 40}) fmt::print("{:10.3f}", temperature(i));
    fmt::print("{:12.5f}\n", error);
  }
  double temperature(std::size_t node) const {
    return column.temperature()[node] + glebe::freezing_temperature;
  }
};

} // namespace

int main() {
  using glebe::Parameter;

  // 1. The nodes of the soil, one every centimetre, and at each the temperature of the start.
  glebe::SoilGrid grid(glebe::stretched_nodes(2.0, 201, 1.0));
  grid.set_knots(grid.depths());

  // 2. The values of the parameters; those that nothing uses stay zero.
  const glebe::ParameterSchedule schedule{grid.layout(), {}};
  std::vector<double> values(schedule.layout.size(), 0.0);
  const auto set = [&](Parameter parameter, double value, std::size_t index = 0) {
    values[schedule.layout.position(parameter, index)] = value;
  };
  set(Parameter::thermal_conductivity, conductivity);
  set(Parameter::heat_capacity, capacity);
  set(Parameter::deep_temperature, mean);
  for (std::size_t i = 0; i < grid.depths().size(); ++i)
    set(Parameter::initial_temperature, exact(grid.depths()[i], 0.0), i);

  // 3. The column: temperatures are given at both ends.
  glebe::ModelForm form;
  form.initial = glebe::Initial::profile;
  form.top = glebe::Top::temperature;
  form.dt = dt;
  const glebe::Soil soil = grid.view();
  glebe::LinearColumn<double> column(form, soil, schedule);
  const DailyWave wave{column.scheme()};
  column.set_parameters(values.data());
  column.start(wave.at(0));

  // 4. A day, printed as it goes.
  fmt::print("Glebe {}, which runs {} columns side by side; here is one.\n", glebe::version,
             glebe::lane_width());
  fmt::print("Temperature [K] at\n{:>6}", "time");
  for (const char* depth : {"surface", "5 cm", "10 cm", "20 cm", "40 cm"})
    fmt::print("{:>10}", depth);
  fmt::print("{:>12}\n", "error");
  Table table{column};
  glebe::simulate(column, {}, wave, static_cast<std::size_t>(day / dt), table);

  // 5. Thin elements and short steps leave an error of a thousandth of the amplitude or less.
  fmt::print("largest error at any node and step: {:.5f} K\n", table.largest_error);
  return table.largest_error < 1e-3 * amplitude ? 0 : 1;
}
