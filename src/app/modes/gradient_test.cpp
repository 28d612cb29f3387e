// SPDX-License-Identifier: BSD-3-Clause
// Mode gradient_test: is the derivative right for this very case? The Taylor remainder of the cost
// must fall as the square of the step, and the tangent-linear series must equal the complex step.
#include "glebe/app/case/case.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/problem/objective.hpp"
#include "glebe/simulation/block_runner.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// A point inside the bounds near the first guess, and a direction that stays inside for steps <
// 0.1, the same on any number of ranks.
void choose_point(const Case& inputs, const Controls& controls, Vec x, Vec direction) {
  WriteArray x_local(x), d_local(direction);
  const auto seed = static_cast<std::uint64_t>(inputs.settings.run.seed);
  const std::size_t n_own = controls.n_own(), first_shared = controls.n_column() * n_own;
  for (std::size_t i = 0; i < controls.n_local(); ++i) {
    x_local[i] = std::clamp(x_local[i], 0.1, 0.9);
    const double uniform =
        i < first_shared ? random_uniform({seed, inputs.columns.cells()[i / n_own], i % n_own})
                         : random_uniform({seed, i - first_shared});
    d_local[i] = 2.0 * uniform - 1.0;
  }
}

// Logs |J(x + e d) - J(x) - e g.d| and returns the largest number of successive decades of e over
// which its slope is 2.
int taylor_table(const Case& inputs, Objective& objective) {
  const Controls& controls = objective.controls();
  const Vector x = controls.initial_x(), direction = controls.make_vector();
  const Vector g = controls.make_vector(), moved = controls.make_vector();
  choose_point(inputs, controls, x.handle(), direction.handle());
  const double cost = objective.cost_and_gradient(x.handle(), g.handle());
  double slope_exact = 0.0;
  GLEBE_PETSC(VecDot(g.handle(), direction.handle(), &slope_exact));

  inputs.log.info("Taylor remainder of the cost J = {:.8g}", cost);
  inputs.log.info("{:>10} {:>14} {:>8}", "step", "remainder", "slope");
  double previous = 0.0;
  int decades = 0, longest = 0;
  for (double step = 0.1; step > 0.5e-8; step /= 10.0) {
    GLEBE_PETSC(VecWAXPY(moved.handle(), step, direction.handle(), x.handle()));
    const double remainder = std::abs(objective.cost(moved.handle()) - cost - step * slope_exact);
    const double slope = std::log10(previous / remainder);
    if (previous == 0.0)
      inputs.log.info("{:>10.0e} {:>14.6e}", step, remainder);
    else
      inputs.log.info("{:>10.0e} {:>14.6e} {:>8.3f}", step, remainder, slope);
    decades = previous > 0.0 && std::abs(slope - 2.0) < 0.05 ? decades + 1 : 0;
    longest = std::max(longest, decades);
    previous = remainder;
  }
  return longest;
}

// Model equivalents of all streams of one column, and their tangents.
template <class Real>
struct ColumnSeries {
  std::vector<std::vector<Real>> value;                   ///< [stream][observation]
  std::vector<std::vector<std::vector<Real>>> derivative; ///< [stream][observation][direction]
};

template <class Real>
ColumnSeries<Real> run_column(const ColumnProblem& problem, const std::vector<Real>& parameters,
                              const std::vector<Direction>& directions) {
  const std::size_t n_stream = problem.observations.schedules.size();
  ColumnSeries<Real> series;
  series.value.resize(n_stream);
  series.derivative.resize(n_stream);
  BlockRunner<Real> runner(problem, directions);
  const auto sink = [&](std::size_t s, std::size_t, std::span<const Real> equivalent) {
    series.value[s].push_back(equivalent[0]);
    std::vector<Real>& derivative = series.derivative[s].emplace_back(directions.size(), Real(0.0));
    for (std::size_t d = 0; d + 1 < equivalent.size(); ++d)
      derivative[runner.order()[d]] = equivalent[1 + d];
  };
  constexpr std::size_t column = 0;
  runner.run({&column, 1}, parameters.data(), sink);
  return series;
}

// Logs, per control and stream, the largest difference between tangent-linear and complex step
// relative to the series' largest sensitivity, for this rank's first column. Returns the largest.
double complex_step_table(const Case& inputs, const Observations& observations,
                          const Controls& controls) {
  const Forcing forcing = inputs.forcing.of_column(0);
  ColumnProblem problem{inputs.problem(observations).form,
                        inputs.problem(observations).spin_up,
                        inputs.soil,
                        inputs.parameters.schedule,
                        inputs.time,
                        forcing,
                        observations};
  const auto n_value = std::ptrdiff_t(controls.schedule().n_value());
  const std::vector<double> values(controls.first_guess().begin(),
                                   controls.first_guess().begin() + n_value);
  const std::vector<Direction> directions = controls.directions();
  const auto tangent = run_column<double>(problem, values, directions);
  constexpr double step = 1e-30;

  inputs.log.info("tangent-linear against complex step at {}: largest difference / largest "
                  "sensitivity",
                  inputs.columns.label(0));
  double largest_of_all = 0.0;
  for (std::size_t d = 0; d < directions.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[controls.controls()[d].value] += Complex(0.0, step);
    const auto complex = run_column<Complex>(problem, perturbed, {});
    for (std::size_t s = 0; s < complex.value.size(); ++s) {
      double largest = 0.0, difference = 0.0;
      for (std::size_t k = 0; k < complex.value[s].size(); ++k) {
        const double exact = complex.value[s][k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(tangent.derivative[s][k][d] - exact));
      }
      const double relative = largest > 0.0 ? difference / largest : difference;
      inputs.log.info("{:<32} {:<28} {:>10.1e}",
                      control_name(controls, d, inputs.soil, inputs.time),
                      observations.streams[s].settings.name, relative);
      largest_of_all = std::max(largest_of_all, relative);
    }
  }
  return largest_of_all;
}

} // namespace

void run_gradient_test(const Ranks& ranks, const Log& log, Settings settings) {
  const Case inputs = read_case(ranks, log, std::move(settings));
  const Observations observations = inputs.read_observations();
  const ColumnProblem problem = inputs.problem(observations);
  const Controls controls(ranks, inputs.parameters);
  const Coupling coupling(ranks, inputs.columns, controls, inputs.geometry());
  Objective objective(ranks, problem, controls, coupling);

  const int decades = taylor_table(inputs, objective);
  double difference = 0.0;
  agree_on_failure(ranks, [&] {
    if (inputs.columns.n_local() > 0)
      difference = complex_step_table(inputs, observations, controls);
  });
  difference = ranks.max(difference);

  // Rounding grows with the length of the window; a wrong derivative is wrong by far more.
  constexpr double allowed = 1e-9;
  constexpr int wanted_decades = 3;
  log.info("slope 2 +- 0.05 over {} successive decades; complex step agrees to {:.1e}", decades,
           difference);
  if (decades < wanted_decades || difference > allowed)
    throw RunError(fmt::format("gradient test failed: slope 2 must hold over {} decades and the "
                               "complex step agree to {:g}",
                               wanted_decades, allowed));
}

} // namespace glebe
