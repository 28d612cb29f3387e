// SPDX-License-Identifier: BSD-3-Clause
// The adjoint in forward runs, and the number of directions from which the gradient costs less by
// the adjoint than by the tangent-linear model.
#include "glebe/estimation/search/optimise.hpp"
#include "glebe/simulation/adjoint_runs.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <algorithm>

#include "bench.hpp"
#include "synthetic_region.hpp"

namespace glebe::bench {

namespace {

constexpr double all_bytes = 1e12;

HorizontalGrid stations(std::size_t of_rank, const Ranks& ranks) {
  return {{{"column", of_rank * static_cast<std::size_t>(ranks.size())}}};
}

// What runs of the same columns cost, the least of all repetitions, because all else is the noise
// of others.
class Runs {
public:
  Runs(const Ranks& ranks, const SyntheticRegion& year)
      : ranks_(ranks), problem_(year.problem()), columns_(all_columns(year.columns.n_local())),
        values_(year.first_guess.first_guess) {}

  double forward() const { return tangents({}); }
  double tangents(const std::vector<Direction>& directions) const {
    return least([&] { run_columns(problem_, columns_, values_, directions); });
  }
  double gradient(double bytes) const {
    return least([&] { run_columns_adjoint(problem_, columns_, values_, bytes); });
  }
  double product() const {
    return least([&] { gauss_newton_product(problem_, columns_, values_, values_); });
  }

private:
  template <class Work>
  double least(Work work) const {
    const std::vector<double> seconds = times(ranks_, work);
    return *std::min_element(seconds.begin(), seconds.end());
  }

  const Ranks& ranks_;
  ColumnProblem problem_;
  std::vector<std::size_t> columns_;
  const DenseMatrix& values_;
};

// Where the cost of the tangents comes up to `cost`, linear between the greatest number of
// directions below it and the next: what disturbs a measurement only makes it longer.
template <class Tangents>
double crossover(double cost, Tangents tangents) {
  std::vector<double> seconds{0.0};
  while (seconds.size() <= 12) seconds.push_back(tangents(seconds.size()));
  std::size_t n = seconds.size() - 1;
  while (seconds[n] >= cost) --n;
  if (n + 1 == seconds.size()) return double(n);
  return double(n) + (cost - seconds[n]) / (seconds[n + 1] - seconds[n]);
}

// A knot for each of n equal parts of the year.
VaryingSlot in_parts(std::size_t n) {
  VaryingSlot one{{Parameter::heat_transfer}, 0, n, {}};
  for (std::size_t step = 0; step < hours_of_year; ++step)
    one.at_step.push_back({static_cast<std::int32_t>(step * n / hours_of_year), 0.0});
  return one;
}

void measure_year(const Ranks& ranks, std::size_t n_node, Report& report) {
  const SyntheticRegion year(ranks, stations(2 * lane_width(), ranks), hours_of_year, n_node);
  const Runs runs(ranks, year);
  const double forward = runs.forward(), gradient = runs.gradient(adjoint_bytes);
  const double constant = crossover(gradient, [&](std::size_t n) {
    std::vector<Direction> directions;
    for (std::size_t k = 0; k < n; ++k)
      directions.push_back({year.first_guess.controls[k % year.first_guess.controls.size()].slot});
    return runs.tangents(directions);
  });
  const double knots = crossover(gradient, [&](std::size_t n) {
    const VaryingSlot one = in_parts(n);
    std::vector<Direction> directions;
    for (std::size_t k = 0; k < n; ++k) directions.push_back({one.slot, &one, k});
    return runs.tangents(directions);
  });
  report.add("adjoint", {{"nodes", double(n_node)},
                         {"steps", double(hours_of_year)},
                         {"forward_s", forward},
                         {"gradient_forward_runs", gradient / forward},
                         {"gradient_all_kept_forward_runs", runs.gradient(all_bytes) / forward},
                         {"product_forward_runs", runs.product() / forward},
                         {"crossover_directions", constant},
                         {"crossover_knots", knots}});
}

// Few enough steps that all are kept within the memory that the adjoint takes by itself.
void measure_short(const Ranks& ranks, std::size_t n_node, std::size_t n_hour, Report& report) {
  const SyntheticRegion hours(ranks, stations(32 * lane_width(), ranks), n_hour, n_node);
  const Runs runs(ranks, hours);
  const double forward = runs.forward();
  report.add("adjoint", {{"nodes", double(n_node)},
                         {"steps", double(n_hour)},
                         {"forward_s", forward},
                         {"gradient_forward_runs", runs.gradient(adjoint_bytes) / forward},
                         {"product_forward_runs", runs.product() / forward}});
}

// The heat transfer of every column in n equal parts of the year, beside the other parameters.
ParameterValues with_parts(const SyntheticRegion& year, std::size_t n) {
  ParameterValues values = year.first_guess;
  const std::size_t n_slot = values.schedule.n_value();
  VaryingSlot parts = in_parts(n);
  parts.first = n_slot;
  values.schedule.varying.push_back(parts);
  values.knot_time.emplace_back();
  for (std::size_t k = 0; k < n; ++k)
    values.knot_time.back().push_back(3600.0 * double(hours_of_year) * double(k) / double(n));
  const auto constant =
      std::find_if(values.controls.begin(), values.controls.end(), [](const Control& control) {
        return control.slot.parameter == Parameter::heat_transfer;
      });
  Control knot = *constant;
  values.controls.erase(constant);
  for (std::size_t k = 0; k < n; ++k) {
    knot.knot = k;
    knot.value = n_slot + k;
    values.controls.push_back(knot);
  }
  const auto constant_value =
      Eigen::Index(values.schedule.layout.position(Parameter::heat_transfer));
  values.first_guess.conservativeResize(Eigen::NoChange, Eigen::Index(n_slot + n));
  values.first_guess.rightCols(Eigen::Index(n)).colwise() = values.first_guess.col(constant_value);
  return values;
}

// A whole search by Newton's method, with blocks and with products by the adjoint.
void measure_newton(const Ranks& ranks, std::size_t n_knot, Report& report) {
  const SyntheticRegion year(ranks, stations(lane_width(), ranks), hours_of_year, 51);
  const Controls controls(ranks, with_parts(year, n_knot));
  const ColumnProblem problem = year.problem_with(controls.schedule(), year.observations);
  const PriorCoupling none(ranks, year.columns, controls, std::nullopt);
  Figures figures{{"knots", double(n_knot)}, {"controls", double(controls.per_column())}};
  double seconds[2];
  for (const bool products : {false, true}) {
    Objective objective(ranks, problem, controls, none);
    OptimizerSettings settings;
    settings.method = OptimizerMethod::bntr;
    settings.gradient = products ? GradientMethod::adjoint : GradientMethod::tangent_linear;
    settings.gradient_tolerance = 1e-6;
    Minimisation minimum;
    seconds[products] = time(ranks, [&] {
      minimum = minimise(objective, controls.initial_x(), settings, {}, Log(false));
    });
    const std::string way = products ? "products" : "blocks";
    figures.insert(figures.end(), {{way + "_s", seconds[products]},
                                   {way + "_iterations", double(minimum.iterations)},
                                   {way + "_inner_iterations", double(minimum.inner_iterations)},
                                   {way + "_cost", minimum.cost_final}});
  }
  figures.emplace_back("blocks_over_products", seconds[0] / seconds[1]);
  report.add("adjoint.newton", figures);
}

} // namespace

void adjoint(Report& report) {
  const Ranks ranks;
  for (const std::size_t n_knot : {52, 104, 208}) measure_newton(ranks, n_knot, report);
  for (const std::size_t n_node : {51, 101}) {
    measure_year(ranks, n_node, report);
    measure_short(ranks, n_node, n_node == 51 ? 128 : 64, report);
  }
}

} // namespace glebe::bench
