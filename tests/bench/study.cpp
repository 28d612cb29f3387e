// SPDX-License-Identifier: BSD-3-Clause
// The two-depth case of Huang, Heaney and van Reeuwijk (arXiv:2505.02979) from 50 starts: as many
// stations with the same weather and the same observations, each with a first guess of its own.
#include "glebe/app/case/case.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/config/read_settings.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "bench.hpp"

namespace glebe::bench {

namespace {

constexpr std::size_t n_start = 50;

struct Sought {
  Parameter parameter;
  const char* column; ///< of the published list of starts
  double truth;
  double least, greatest; ///< of the starts, where there is no list
  double lower, upper;    ///< bounds of the estimate
};
const std::array<Sought, 6> sought{
    {{Parameter::thermal_conductivity, "start_conductivity", 0.8, 0.45, 0.8, 0.1, 4.0},
     {Parameter::heat_capacity, "start_heat_capacity", 2.2e6, 2.0e6, 2.5e6, 0.5e6, 5e6},
     {Parameter::albedo, "start_albedo", 0.2, 0.05, 0.5, 0.01, 0.9},
     {Parameter::heat_transfer, "start_h", 15.0, 5.0, 20.0, 1.0, 50.0},
     {Parameter::bowen_ratio, "start_bowen_ratio", 1.5, 0.5, 5.0, 0.1, 20.0},
     {Parameter::deep_temperature, "start_deep_temperature", 293.0, 290.0, 303.0, 270.0, 320.0}}};

constexpr const char* setting = R"(
&time start = '2000-01-01T00:00', stop = '2000-01-05T04:00', step = 3600,
  scheme = 'backward_euler' /
&soil depth = 1.0, nodes = 101, initial = 'profile' /
&surface longwave = 'full', turbulence = 'bowen' /
&forcing source = 'clear_sky', shortwave_peak = 800, sunrise = 7, sunset = 21,
  longwave_constant = 100, air_temperature_constant = 296 /
&parameter name = 'emissivity', file = 'starts.nc' /
&parameter name = 'initial_temperature', depth = 0, value = 293 /
)";

std::string twin_namelist() {
  std::string text = "&run mode = 'twin', output = 'truth.nc' /\n";
  text += setting;
  text += "&observation kind = 'surface_temperature' /\n"
          "&observation kind = 'soil_temperature', depth = 0.05 /\n"
          "&twin file = 'observations.nc' /\n";
  for (const Sought& one : sought)
    text +=
        fmt::format("&parameter name = '{}', value = {} /\n", info(one.parameter).name, one.truth);
  return text;
}

std::string estimate_namelist() {
  std::string text = "&run mode = 'estimate', output = 'estimate.nc' /\n";
  text += setting;
  for (const char* stream : {"kind = 'surface_temperature'", "kind = 'soil_temperature', depth = "
                                                             "0.05"})
    text += fmt::format("&observation {}, file = 'observations.nc', sigma = 0.1, stamp = 'instant' "
                        "/\n",
                        stream);
  for (const Sought& one : sought)
    text += fmt::format("&parameter name = '{}', file = 'starts.nc', estimate = .true., "
                        "lower = {}, upper = {} /\n",
                        info(one.parameter).name, one.lower, one.upper);
  return text;
}

// Starts [parameter][start]: the published ones where GLEBE_DATA has them, else random ones.
std::vector<std::vector<double>> starts(bool& published) {
  std::vector<std::vector<double>> values(sought.size());
  const char* folder = std::getenv("GLEBE_DATA");
  std::ifstream file(std::string(folder ? folder : "") + "/paper/trials_two_depths.csv");
  published = file.good();
  std::vector<std::string> names;
  for (std::string line; published && std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    for (std::size_t i = 0; i < cells.size(); ++i)
      for (std::size_t k = 0; !names.empty() && k < sought.size(); ++k)
        if (names.at(i) == sought[k].column) values[k].push_back(std::stod(cells[i]));
    if (names.empty()) names = cells;
  }
  for (std::size_t k = 0; k < sought.size(); ++k) {
    if (published && values[k].size() != n_start)
      throw InputError(fmt::format("trials_two_depths.csv: {} values of {}, {} are needed",
                                   values[k].size(), sought[k].column, n_start));
    for (std::size_t i = 0; !published && i < n_start; ++i)
      values[k].push_back(sought[k].least +
                          (sought[k].greatest - sought[k].least) * random_uniform({11, k, i}));
  }
  return values;
}

void write_starts(const Ranks& ranks, const std::filesystem::path& path,
                  const std::vector<std::vector<double>>& values) {
  NetcdfFile file = NetcdfFile::create(ranks, path);
  const std::string emissivity = info(Parameter::emissivity).name;
  file.define_dimension("start", n_start);
  const auto define = [&](Parameter parameter) {
    file.define_variable(info(parameter).name, NetcdfFile::Type::float64, {"start"});
    file.put_attribute(info(parameter).name, "units", std::string_view(info(parameter).unit));
  };
  define(Parameter::emissivity);
  for (const Sought& one : sought) define(one.parameter);
  file.end_definitions();
  const std::size_t count = ranks.is_root() ? n_start : 0;
  const auto write = [&](const std::string& name, const std::vector<double>& all) {
    file.write(name, {0}, {count}, std::span(all).first(count));
  };
  write(emissivity, std::vector<double>(n_start, 0.95));
  for (std::size_t k = 0; k < sought.size(); ++k) write(info(sought[k].parameter).name, values[k]);
  file.commit();
}

// Columns of this rank whose estimates are all within 0.1 % of the truth; of heat_transfer and
// bowen_ratio the model knows the product h (1 + 1/bowen_ratio) only.
double count_found(const Controls& controls, const DenseMatrix& parameters) {
  const ParameterLayout& layout = controls.layout();
  double found = 0.0;
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    const auto value = [&](Parameter parameter) {
      return parameters(Eigen::Index(c), Eigen::Index(layout.position(parameter)));
    };
    const auto near = [](double estimate, double truth) {
      return std::abs(estimate / truth - 1.0) <= 1e-3;
    };
    bool all = near(value(Parameter::heat_transfer) * (1.0 + 1.0 / value(Parameter::bowen_ratio)),
                    15.0 * (1.0 + 1.0 / 1.5));
    for (const Sought& one : sought)
      if (one.parameter != Parameter::heat_transfer && one.parameter != Parameter::bowen_ratio)
        all = all && near(value(one.parameter), one.truth);
    found += all;
  }
  return found;
}

void fifty_starts(Report& report) {
  const Ranks ranks;
  const Log silent(false);
  const TemporaryFolder folder(ranks);
  bool published = false;
  std::vector<std::vector<double>> values;
  agree_on_failure(ranks, [&] { values = starts(published); });
  write_starts(ranks, folder / "starts.nc", values);
  const auto settings = [&](const std::string& text) {
    return parse_settings(text, folder / "case.nml");
  };
  run_twin(ranks, silent, settings(twin_namelist()));

  double found = 0.0, column_steps = 0.0;
  std::vector<double> iterations, solve_seconds, rate;
  const std::vector<double> answer_seconds = times(ranks, [&] {
    const Case inputs = read_case(ranks, silent, settings(estimate_namelist()));
    const ColumnProblem problem = inputs.problem();
    const Controls controls(ranks, inputs.parameters);
    const PriorCoupling none(ranks, inputs.columns, controls, std::nullopt);
    Objective objective(ranks, problem, controls, none);
    Vector x = controls.initial_x();
    Minimisation minimum;
    solve_seconds.push_back(time(ranks, [&] {
      minimum = minimise(objective, std::move(x), inputs.settings.optimizer,
                         {1, 1, double(inputs.time.n_step)}, silent);
    }));
    column_steps = double(ranks.sum(objective.n_tangent())) * double(inputs.time.n_step);
    rate.push_back(column_steps / solve_seconds.back());
    iterations =
        ranks.all_gather({minimum.columns.iterations.begin(), minimum.columns.iterations.end()});
    found =
        ranks.sum(count_found(controls, controls.values(controls.of_columns(minimum.x.handle()))));
  });

  Figures figures{{"starts", double(n_start)}, {"published_starts", published}, {"found", found}};
  add_spread(figures, "iterations", iterations);
  add_spread(figures, "solve_s", solve_seconds);
  add_spread(figures, "with_reading_s", answer_seconds);
  add_spread(figures, "column_steps_per_s", rate);
  figures.emplace_back("column_steps", column_steps);
  report.add("study.fifty_starts", figures);
}

} // namespace

void study(Report& report) {
  fifty_starts(report);
  one_column_year(report);
}

} // namespace glebe::bench
