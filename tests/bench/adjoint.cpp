// SPDX-License-Identifier: BSD-3-Clause
// The adjoint in forward runs, and the number of directions from which the gradient costs less by
// the adjoint than by the tangent-linear model.
#include "glebe/estimation/adjoint_runs.hpp"

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
  const std::vector<double>& values_;
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
  const SyntheticRegion year(ranks, stations(2 * Lanes::size(), ranks), hours_of_year, n_node);
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
  const SyntheticRegion hours(ranks, stations(32 * Lanes::size(), ranks), n_hour, n_node);
  const Runs runs(ranks, hours);
  const double forward = runs.forward();
  report.add("adjoint", {{"nodes", double(n_node)},
                         {"steps", double(n_hour)},
                         {"forward_s", forward},
                         {"gradient_forward_runs", runs.gradient(adjoint_bytes) / forward},
                         {"product_forward_runs", runs.product() / forward}});
}

} // namespace

void adjoint(Report& report) {
  const Ranks ranks;
  for (const std::size_t n_node : {51, 101}) {
    measure_year(ranks, n_node, report);
    measure_short(ranks, n_node, n_node == 51 ? 128 : 64, report);
  }
}

} // namespace glebe::bench
