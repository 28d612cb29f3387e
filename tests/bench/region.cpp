// SPDX-License-Identifier: BSD-3-Clause
// Many columns for a year of hours: five parameters of each found again from its own noisy
// temperatures.
#include "glebe/base/error.hpp"
#include "glebe/base/wall_time.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <sys/resource.h>

#include "bench.hpp"
#include "synthetic_region.hpp"

namespace glebe::bench {

namespace {

// What had been spent when an iteration was done, and where it was.
struct Visit {
  double seconds;
  std::int64_t forward, tangent; ///< runs of a column on this rank
  int iteration;
  std::vector<double> x;
};

// The most memory that this rank has held so far [byte].
double most_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * double(usage.ru_maxrss);
}

struct Solve {
  Minimisation minimum;
  double memory_growth = 0.0; ///< of this rank after the first iteration [byte]
  double seconds = 0.0;
  std::int64_t tangent = 0; ///< runs of a column with tangents on this rank
  std::int64_t early = 0;   ///< those over the first part of the window
  std::vector<Visit> path;
};

Solve solve(const Ranks& ranks, const SyntheticRegion& year, OptimizerMethod method,
            bool with_path) {
  const ColumnProblem problem = year.problem();
  const Controls controls(ranks, year.first_guess);
  const PriorCoupling none(ranks, year.columns, controls, std::nullopt);
  Objective objective(ranks, problem, controls, none);
  Vector x = controls.initial_x();
  OptimizerSettings settings;
  settings.method = method;
  settings.max_iterations = 100;
  Solve result;
  const double started = wall_time();
  double memory = 0.0;
  const IterationHook hook = [&](int iteration, Vec at) {
    if (iteration <= 1) memory = most_memory();
    if (!with_path) return;
    const ReadArray values(at);
    result.path.push_back({wall_time() - started,
                           objective.n_forward(),
                           objective.n_tangent(),
                           iteration,
                           {values.data(), values.data() + controls.n_local()}});
  };
  const MultiStart starts{1, 1, double(hours_of_year), settings.early_part};
  result.seconds = time(ranks, [&] {
    result.minimum = minimise(objective, std::move(x), settings, starts, Log(false),
                              {.near = {}, .checkpoint = nullptr, .hook = hook});
  });
  result.memory_growth = most_memory() - memory;
  result.tangent = objective.n_tangent();
  result.early = objective.n_early();
  return result;
}

// The first point of a path whose cost is within `target`; costs fall along it.
std::size_t first_within(const Ranks& ranks, const SyntheticRegion& year,
                         const std::vector<Visit>& path, double target) {
  const ColumnProblem problem = year.problem();
  const Controls controls(ranks, year.first_guess);
  const PriorCoupling none(ranks, year.columns, controls, std::nullopt);
  Objective objective(ranks, problem, controls, none);
  Vector x = controls.make_vector();
  const auto above = [&](const Visit& visit) {
    std::copy(visit.x.begin(), visit.x.end(), WriteArray(x.handle()).data());
    return objective.evaluate_at(x.handle(), Derivatives::none).cost > target;
  };
  return static_cast<std::size_t>(std::partition_point(path.begin(), path.end(), above) -
                                  path.begin());
}

// Model runs and time of every method until its cost is within 1e-6 of the least that any found.
void compare_methods(const Ranks& ranks, const SyntheticRegion& year, Report& report) {
  const std::string wanted = option("-bench_methods", "column_newton,bntr,bqnls,blmvm") + ',';
  if (wanted == "none,") return;
  std::map<std::string, Solve> solves;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t begin = 0, end = 0; begin < wanted.size(); begin = end + 1) {
    end = wanted.find(',', begin);
    const std::string name = wanted.substr(begin, end - begin);
    const auto found =
        std::find(optimizer_method_names.begin(), optimizer_method_names.end(), name);
    if (found == optimizer_method_names.end())
      throw InputError(fmt::format("-bench_methods: no method '{}'", name));
    Solve& one = solves[name];
    one = solve(ranks, year, static_cast<OptimizerMethod>(found - optimizer_method_names.begin()),
                true);
    least = std::min(least, one.minimum.cost_final);
  }
  for (const auto& [name, one] : solves) {
    const std::size_t n = first_within(ranks, year, one.path, least * (1.0 + 1e-6));
    const bool reached = n < one.path.size();
    const Visit& visit = one.path[std::min(n, one.path.size() - 1)];
    const auto columns = double(year.columns.n_active());
    report.add("region." + name,
               {{"reached", reached},
                {"cost_excess", one.minimum.cost_final / least - 1.0},
                {"seconds", ranks.max(visit.seconds)},
                {"iterations", double(visit.iteration)},
                {"forward_runs_per_column", double(ranks.sum(visit.forward)) / columns},
                {"tangent_runs_per_column", double(ranks.sum(visit.tangent)) / columns},
                {"seconds_in_all", one.seconds},
                {"iterations_in_all", double(one.minimum.iterations)}});
  }
}

// A pass without and with tangents and the whole solve, in columns and years per second and core.
Figures measure(const Ranks& ranks, const SyntheticRegion& year) {
  const auto n_column = double(year.columns.n_active());
  const ColumnProblem problem = year.problem();
  const Controls controls(ranks, year.first_guess);
  const std::vector<std::size_t> all = all_columns(year.columns.n_local());
  const DenseMatrix start = controls.values(controls.first_guess_of_columns());
  std::vector<double> busy;
  const std::vector<double> forward =
      times(ranks, [&] { static_cast<void>(run_columns(problem, all, start, {})); });
  const std::vector<double> pass = times(ranks, [&] {
    busy.push_back(time([&] { run_columns(problem, all, start, controls.directions()); }));
  });
  double idle = 0.0;
  for (std::size_t i = 0; i < pass.size(); ++i)
    idle += 1.0 - ranks.sum(busy[i]) / ranks.size() / ranks.max(busy[i]);

  Solve last;
  std::vector<double> growth;
  const std::vector<double> whole = times(ranks, [&] {
    growth.push_back(
        (last = solve(ranks, year, OptimizerMethod::column_newton, false)).memory_growth);
  });
  std::vector<double> local(last.minimum.columns.iterations.begin(),
                            last.minimum.columns.iterations.end());
  const std::vector<double> iterations = ranks.all_gather(local);
  double converged = 0.0;
  for (const auto state : last.minimum.columns.state)
    converged += state == LevenbergMarquardt::State::converged;
  double observed = 0.0;
  for (const Stream& stream : year.observations.streams)
    observed +=
        double(stream.value.size() * sizeof(double) + stream.inverse_sigma.size() * sizeof(float));

  const auto rates = [&](const std::vector<double>& seconds) {
    std::vector<double> result;
    for (const double s : seconds) result.push_back(n_column / s / ranks.size());
    return result;
  };
  Figures figures{{"columns", n_column},
                  {"nodes", double(year.soil.depths().size())},
                  {"parameters", double(controls.per_column())}};
  add_spread(figures, "forward_column_years_per_s_per_core", rates(forward));
  add_spread(figures, "pass_column_years_per_s_per_core", rates(pass));
  add_spread(figures, "solve_column_years_per_s_per_core", rates(whole));
  add_spread(figures, "solve_s", whole);
  add_spread(figures, "iterations", iterations);
  figures.insert(figures.end(),
                 {{"converged", ranks.sum(converged)},
                  {"passes_per_column", double(ranks.sum(last.tangent)) / n_column},
                  {"early_runs_per_column", double(ranks.sum(last.early)) / n_column},
                  {"idle_fraction_of_pass", idle / double(pass.size())},
                  {"memory_growth_bytes", ranks.sum(growth.front())},
                  {"forcing_bytes_per_column", ranks.sum(year.forcing.bytes()) / n_column},
                  {"observation_bytes_per_column", ranks.sum(observed) / n_column}});
  return figures;
}

} // namespace

void region(Report& report) {
  const Ranks ranks;
  const SyntheticRegion year(ranks,
                             {{{"column", static_cast<std::size_t>(option("-bench_columns", 64))}}},
                             hours_of_year, 51);
  report.add("region", measure(ranks, year));
  compare_methods(ranks, year, report);
  const std::string wanted = option("-bench_soils", "moist,freezing");
  // Of 51 nodes few are freezing at a time, in the colder columns only.
  for (const auto& [name, properties] :
       {std::pair{"moist", Properties::moist}, std::pair{"freezing", Properties::freezing}}) {
    if (wanted.find(name) == std::string::npos) continue;
    const SyntheticRegion wet(
        ranks, {{{"column", static_cast<std::size_t>(option("-bench_columns", 64))}}},
        hours_of_year, 51, {.properties = properties});
    report.add(fmt::format("region.{}", name), measure(ranks, wet));
  }
}

void one_column_year(Report& report) {
  const Ranks ranks;
  const SyntheticRegion year(ranks, {{{"column", 1}}}, hours_of_year, 100);
  report.add("study.one_column_year", measure(ranks, year));
}

} // namespace glebe::bench
