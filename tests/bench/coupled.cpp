// SPDX-License-Identifier: BSD-3-Clause
// Fields over a grid, joined by a Matern prior: Newton with its inner solver, and a quasi-Newton
// method, with sensors in every cell and in a few.
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <sys/resource.h>

#include "bench.hpp"
#include "synthetic_region.hpp"

namespace glebe::bench {

namespace {

constexpr double spacing = 1000.0;              // [m]
constexpr double correlation_length = 20'000.0; // [m]
constexpr std::size_t n_hour = 120, n_node = 31;

CellGeometry square(std::size_t n) {
  std::vector<double> north, east;
  for (std::size_t cell = 0; cell < n * n; ++cell) {
    north.push_back(spacing * double(cell / n));
    east.push_back(spacing * double(cell % n));
  }
  return {{{{"y", n}, {"x", n}}}, Metric::plane, std::move(north), std::move(east)};
}

// Smooth truth in soil and deep temperature, with waves of 40 km whatever the size of the grid.
ParameterValues smooth_truth(const SyntheticRegion& region, std::size_t n) {
  ParameterValues truth = region.truth;
  const auto set = [&](std::size_t c, Parameter parameter, double value) {
    const std::size_t position = truth.schedule.layout.position(parameter);
    truth.first_guess(Eigen::Index(c), Eigen::Index(position)) = value;
  };
  for (std::size_t c = 0; c < region.columns.n_local(); ++c) {
    const std::size_t cell = region.columns.cells()[c];
    const double wave = 2.0 * std::numbers::pi / 40.0;
    const double shape = std::sin(wave * double(cell % n)) * std::cos(wave * double(cell / n));
    set(c, Parameter::thermal_conductivity, 1.2 + 0.4 * shape);
    set(c, Parameter::heat_capacity, 2.2e6 + 0.4e6 * shape);
    set(c, Parameter::deep_temperature, 285.0 + shape);
    set(c, Parameter::albedo, 0.2);
    set(c, Parameter::heat_transfer, 15.0);
  }
  return truth;
}

// Fields of three parameters; the other two are known.
ParameterValues fields(const SyntheticRegion& region, const ParameterValues& truth) {
  ParameterValues values = truth;
  std::vector<Control> controls;
  for (Control control : region.first_guess.controls) {
    const Parameter parameter = control.slot.parameter;
    if (parameter == Parameter::albedo || parameter == Parameter::heat_transfer) continue;
    const bool soil = parameter != Parameter::deep_temperature;
    control.prior_std = soil ? 0.15 * (control.upper - control.lower) : 1.0;
    control.correlation_length = correlation_length;
    controls.push_back(control);
    const double guess = parameter == Parameter::thermal_conductivity ? 1.0
                         : parameter == Parameter::heat_capacity      ? 2.0e6
                                                                      : 285.0;
    values.first_guess.col(Eigen::Index(control.value)).setConstant(guess);
  }
  values.controls = std::move(controls);
  return values;
}

void take_sensors_away(Observations& observations, const Columns& columns, double share) {
  for (std::size_t c = 0; c < columns.n_local(); ++c) {
    if (random_uniform({3, columns.first() + c}) < share) continue;
    for (std::size_t s = 0; s < observations.streams.size(); ++s) {
      Stream& stream = observations.streams[s];
      for (std::size_t k = 0; k < stream.times.size(); ++k)
        stream.inverse_sigma[observations.position(s, c, k)] = 0.0F;
    }
  }
}

void solve(const Ranks& ranks, std::size_t n, double share, OptimizerMethod method,
           Report& report) {
  const SyntheticRegion region(ranks, {{{"y", n}, {"x", n}}}, n_hour, n_node);
  const ParameterValues truth = smooth_truth(region, n);
  Observations observations = region.observe(truth);
  take_sensors_away(observations, region.columns, share);
  const Controls controls(ranks, fields(region, truth));
  const PriorCoupling coupling(ranks, region.columns, controls, square(n));
  const ColumnProblem problem = region.problem_with(controls.schedule(), observations);
  Objective objective(ranks, problem, controls, coupling);
  OptimizerSettings settings;
  settings.method = method;
  settings.max_iterations = 300;
  settings.gradient_tolerance = 1e-6;
  Minimisation minimum;
  const double seconds = time(ranks, [&] {
    minimum = minimise(objective, controls.initial_x(), settings, {}, Log(false));
  });
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  report.add(std::string("coupled.") + name_of(method, optimizer_method_names),
             {{"columns", double(n * n)},
              {"controls", double(ranks.sum(std::int64_t(controls.n_local())))},
              {"sensors_share", share},
              {"converged", minimum.converged},
              {"iterations", double(minimum.iterations)},
              {"inner_iterations", double(minimum.inner_iterations)},
              {"seconds", seconds},
              {"cost", minimum.cost_final},
              {"memory_mb_per_rank", ranks.max(1024.0 * double(usage.ru_maxrss)) / 1e6}});
}

} // namespace

void coupled(Report& report) {
  const Ranks ranks;
  const auto largest = static_cast<std::size_t>(option("-bench_grid", 164));
  for (const std::size_t n : {largest / 4, largest})
    for (const double share : {0.03, 1.0})
      for (const OptimizerMethod method : {OptimizerMethod::bntr, OptimizerMethod::blmvm})
        solve(ranks, n, share, method, report);
}

} // namespace glebe::bench
