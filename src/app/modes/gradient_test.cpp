// SPDX-License-Identifier: BSD-3-Clause
// Mode gradient_test: checks the derivatives for the case at hand. The Taylor remainder of the cost
// must decrease with the square of the step, and the tangent-linear series must equal the complex
// step.
#include "glebe/app/case/case.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/problem/objective.hpp"
#include "glebe/simulation/complex_step.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// A point within the bounds near the first guess, and a direction that stays within them for steps
// up to 0.1; both are the same for any number of ranks.
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

// Logs |J(x + e d) - J(x) - e g.d| for steps e, and returns the largest number of successive
// decades of e in which its slope is 2.
int taylor_table(const Case& inputs, Objective& objective) {
  const Controls& controls = objective.controls();
  const Vector x = controls.initial_x(), direction = controls.make_vector();
  const Vector g = controls.make_vector(), moved = controls.make_vector();
  choose_point(inputs, controls, x.handle(), direction.handle());
  const EvaluatedPoint point = objective.start_at(x.handle(), Derivatives::blocks);
  objective.gradient(point, g.handle());
  const double cost = point.cost;
  double slope_exact = 0.0;
  GLEBE_PETSC(VecDot(g.handle(), direction.handle(), &slope_exact));

  inputs.log.info("Taylor remainder of the cost J = {:.8g}", cost);
  inputs.log.info("{:>10} {:>14} {:>8}", "step", "remainder", "slope");
  double previous = 0.0;
  int decades = 0, longest = 0;
  for (double step = 0.1; step > 0.5e-8; step /= 10.0) {
    GLEBE_PETSC(VecWAXPY(moved.handle(), step, direction.handle(), x.handle()));
    const double remainder = std::abs(
        objective.evaluate_at(moved.handle(), Derivatives::none).cost - cost - step * slope_exact);
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

// Logs the differences between tangent-linear model and complex step in this rank's first column,
// for every control and stream. Returns the largest.
double complex_step_table(const Case& inputs, const Controls& controls) {
  const std::vector<Direction> directions = controls.directions();
  std::vector<ValueDirection> moved;
  for (std::size_t k = 0; k < directions.size(); ++k)
    moved.push_back({directions[k], controls[k].value});
  const Eigen::RowVectorXd values = controls.first_guess().row(0);
  const Table<double> differences = complex_step_differences(
      inputs.problem(), {values.data(), controls.schedule().n_value()}, moved);
  inputs.log.info("tangent-linear against complex step at {}: largest difference / largest "
                  "sensitivity",
                  inputs.columns.label(0));
  double largest = 0.0;
  for (std::size_t k = 0; k < directions.size(); ++k)
    for (std::size_t s = 0; s < differences.n_column(); ++s) {
      inputs.log.info("{:<32} {:<28} {:>10.1e}",
                      control_name(controls, k, inputs.soil, inputs.time),
                      inputs.observations.streams[s].settings.name, differences(k, s));
      largest = std::max(largest, differences(k, s));
    }
  return largest;
}

} // namespace

void run_gradient_test(const Ranks& ranks, const Log& log, Settings settings) {
  const Case inputs = read_case(ranks, log, std::move(settings));
  const ColumnProblem problem = inputs.problem();
  const Controls controls(ranks, inputs.parameters);
  const PriorCoupling coupling(ranks, inputs.columns, controls, inputs.geometry());
  Objective objective(ranks, problem, controls, coupling);
  const int decades = taylor_table(inputs, objective);
  double difference = 0.0;
  agree_on_failure(ranks, [&] {
    if (inputs.columns.n_local() > 0) difference = complex_step_table(inputs, controls);
  });
  difference = ranks.max(difference);

  // Rounding errors grow with the length of the window, but errors of a wrong derivative are
  // larger.
  constexpr double allowed = 1e-9;
  constexpr int wanted_decades = 3;
  log.info("slope 2 +- 0.05 over {} successive decades; complex step agrees to {:.1e}", decades,
           difference);
  if (decades < wanted_decades || difference > allowed)
    throw RunError(fmt::format("gradient test failed: the slope must be 2 over {} decades, and the "
                               "complex step must agree to {:g}",
                               wanted_decades, allowed));
}

} // namespace glebe
