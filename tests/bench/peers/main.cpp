// SPDX-License-Identifier: BSD-3-Clause
//
// Processor seconds per cost and gradient of a column by Glebe, by its adjoint, and by ADOL-C, in
// turn:
//
//   glebe_bench_peers CASE.json [repetitions=5]
//
// One JSON object per way and line. All must find the same cost and gradient, or it fails.
// CASE.json gets the case and Glebe's answers, for programs in other languages. See tools/peers.sh.
#include "glebe/base/error.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/simulation/adjoint_runs.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <fmt/ranges.h>

#include <adolc/adolc.h>
#include <adolc/adtl.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>

#include "../bench.hpp"
#include "paper_case.hpp"

namespace glebe::bench {

namespace {

constexpr std::size_t n_column = 1024;
constexpr double tolerance = 1e-8; ///< of costs and gradients, relative
constexpr short tape = 1;

/// Cost and gradient of some columns.
struct Answer {
  std::vector<double> cost;
  std::vector<Sought> gradient;
};

// ---- Glebe --------------------------------------------------------------------------------------

class Glebe {
public:
  explicit Glebe(const PaperCase& given)
      : problem_(given.problem()), directions_(given.directions()), positions_(given.positions()),
        values_(given.values()) {}

  Answer tangents(std::size_t n) const {
    return answer_of(run_columns(problem_, all_columns(n), first(n), directions_), false);
  }
  Answer adjoint(std::size_t n) const {
    return answer_of(run_columns_adjoint(problem_, all_columns(n), first(n)), true);
  }
  double cost(std::size_t n) const {
    return run_columns(problem_, all_columns(n), first(n), {}).cost[0];
  }

private:
  DenseMatrix first(std::size_t n) const { return values_.topRows(Eigen::Index(n)); }

  // The adjoint has the gradient by all values of a column, the tangents by the directions.
  Answer answer_of(const Evaluation& found, bool by_all_values) const {
    Answer answer{found.cost, std::vector<Sought>(found.n_run())};
    for (std::size_t c = 0; c < found.n_run(); ++c)
      for (std::size_t k = 0; k < n_sought; ++k)
        answer.gradient[c][k] =
            found.gradient(Eigen::Index(c), Eigen::Index(by_all_values ? positions_[k] : k));
    return answer;
  }

  ColumnProblem problem_;
  std::vector<Direction> directions_;
  std::vector<std::size_t> positions_;
  DenseMatrix values_;
};

// ---- ADOL-C -------------------------------------------------------------------------------------

// Runs the model once and keeps its operations.
double record(const PlainCase& given, const Sought& at) {
  trace_on(tape);
  std::array<adouble, n_sought> x;
  for (std::size_t k = 0; k < n_sought; ++k) x[k] <<= at[k];
  adouble J = plain_cost(given, x.data());
  double cost = 0.0;
  J >>= cost;
  trace_off();
  return cost;
}

// Runs the operations that are kept with other parameters, there and back.
double replay(const Sought& at, Sought& gradient) {
  double cost = 0.0, one = 1.0;
  if (zos_forward(tape, 1, n_sought, 1, at.data(), &cost) < 0)
    throw RunError("ADOL-C: the tape is not valid for other parameters");
  fos_reverse(tape, 1, n_sought, &one, gradient.data());
  return cost;
}

// Runs the model with all directions side by side; nothing is kept.
double forward(const PlainCase& given, const Sought& at, Sought& gradient) {
  std::array<adtl::adouble, n_sought> x;
  for (std::size_t k = 0; k < n_sought; ++k) {
    x[k] = at[k];
    for (std::size_t j = 0; j < n_sought; ++j)
      x[k].setADValue(static_cast<unsigned int>(j), j == k ? 1.0 : 0.0);
  }
  const adtl::adouble J = plain_cost(given, x.data());
  for (std::size_t k = 0; k < n_sought; ++k)
    gradient[k] = J.getADValue(static_cast<unsigned int>(k));
  return J.getValue();
}

Answer by_adolc_forward(const PlainCase& given) {
  Answer answer;
  for (const Sought& column : given.columns) {
    Sought gradient;
    answer.cost.push_back(forward(given, column, gradient));
    answer.gradient.push_back(gradient);
  }
  return answer;
}

Answer by_adolc(const PlainCase& given) {
  Answer answer;
  record(given, given.columns.back());
  for (const Sought& column : given.columns) {
    Sought gradient;
    answer.cost.push_back(replay(column, gradient));
    answer.gradient.push_back(gradient);
  }
  return answer;
}

// ---- The same answers ---------------------------------------------------------------------------

double difference(double a, double b) { return std::abs(a - b) / std::max(std::abs(a), 1e-300); }

// The largest relative difference of any cost or any part of a gradient; throws where it is too
// large.
double compare(const std::string& name, const Answer& expected, const Answer& found) {
  double largest = 0.0;
  for (std::size_t c = 0; c < found.cost.size(); ++c) {
    largest = std::max(largest, difference(expected.cost[c], found.cost[c]));
    for (std::size_t k = 0; k < n_sought; ++k)
      largest = std::max(largest, difference(expected.gradient[c][k], found.gradient[c][k]));
  }
  if (!(largest <= tolerance))
    throw RunError(fmt::format("{}: costs or gradients differ by {:.3g} from those of Glebe's "
                               "tangents; {:g} is allowed",
                               name, largest, tolerance));
  return largest;
}

void write_case(const std::string& path, const PlainCase& given, const Answer& answer) {
  std::ofstream file(path);
  const auto numbers = [](const std::vector<double>& values) {
    return fmt::format("[{:.17g}]", fmt::join(values, ", "));
  };
  const auto rows = [](const std::vector<Sought>& all) {
    std::string text;
    for (const Sought& one : all)
      text += fmt::format("{}[{:.17g}]", text.empty() ? "" : ", ", fmt::join(one, ", "));
    return '[' + text + ']';
  };
  file << fmt::format("{{\"nodes\": {}, \"soil_node\": {}, \"dz\": {:.17g}, \"dt\": {:.17g}, "
                      "\"emissivity\": {:.17g}, \"initial\": {:.17g}, \"sigma\": {:.17g}, "
                      "\"tolerance\": {:g},\n",
                      given.n_node, given.soil_node, given.dz, given.dt, given.emissivity,
                      given.initial, given.sigma, tolerance)
       << "\"shortwave\": " << numbers(given.shortwave)
       << ",\n\"longwave\": " << numbers(given.longwave)
       << ",\n\"air_temperature\": " << numbers(given.air_temperature)
       << ",\n\"surface\": " << numbers(given.surface) << ",\n\"soil\": " << numbers(given.soil)
       << ",\n\"columns\": " << rows(given.columns) << ",\n\"cost\": " << numbers(answer.cost)
       << ",\n\"gradient\": " << rows(answer.gradient) << "}\n";
  file.close();
  if (!file) throw RunError(path + ": cannot be written");
}

// ---- Time ---------------------------------------------------------------------------------------

// Seconds of the processor for one call of `work`, from as many calls as take a tenth of a second:
// what else runs on the machine then counts for little.
template <class Work>
double seconds_of_one(Work work) {
  constexpr double long_enough = 0.1;
  for (std::size_t calls = 1;; calls *= 2) {
    const std::clock_t started = std::clock();
    for (std::size_t i = 0; i < calls; ++i) work();
    const double seconds = double(std::clock() - started) / double(CLOCKS_PER_SEC);
    if (seconds > long_enough) return seconds / double(calls);
  }
}

struct Way {
  std::string name;
  std::size_t columns; ///< at once
  void (*run)(const Glebe&, const PlainCase&, std::size_t);
  double difference; ///< of cost and gradient from those of the tangents
};

void measure(const PaperCase& given, const PlainCase& plain, const std::string& path,
             std::size_t repetitions) {
  const Glebe glebe(given);
  const Answer expected = glebe.tangents(n_column);
  write_case(path, plain, expected);
  const double one = compare("Glebe, one lane", expected, glebe.tangents(1));
  const double adjoint = compare("Glebe, adjoint", expected, glebe.adjoint(n_column));
  const double adolc = compare("ADOL-C", expected, by_adolc(plain));
  const double in_front = compare("ADOL-C, forward", expected, by_adolc_forward(plain));
  const std::size_t lanes = lane_width();
  using Columns = std::size_t;
  const auto tangents = [](const Glebe& g, const PlainCase&, Columns n) {
    keep(g.tangents(n).cost[0]);
  };
  const auto by_adjoint = [](const Glebe& g, const PlainCase&, Columns n) {
    keep(g.adjoint(n).cost[0]);
  };
  const auto recorded = [](const Glebe&, const PlainCase& p, Columns) {
    Sought gradient;
    record(p, p.columns[0]);
    keep(replay(p.columns[0], gradient));
  };
  const auto replayed = [](const Glebe&, const PlainCase& p, Columns) {
    Sought gradient;
    keep(replay(p.columns[0], gradient));
  };
  const auto forwards = [](const Glebe&, const PlainCase& p, Columns) {
    Sought gradient;
    keep(forward(p, p.columns[0], gradient));
  };
  const auto plain_alone = [](const Glebe&, const PlainCase& p, Columns) {
    keep(plain_cost(p, p.columns[0].data()));
  };
  const auto cost_alone = [](const Glebe& g, const PlainCase&, Columns n) { keep(g.cost(n)); };
  const std::vector<Way> ways{{"Glebe, cost alone", n_column, cost_alone, 0.0},
                              {"Glebe, tangents", 1, tangents, one},
                              {"Glebe, tangents", lanes, tangents, 0.0},
                              {"Glebe, tangents", n_column, tangents, 0.0},
                              {"Glebe, adjoint", 1, by_adjoint, adjoint},
                              {"Glebe, adjoint", lanes, by_adjoint, adjoint},
                              {"Glebe, adjoint", n_column, by_adjoint, adjoint},
                              {"plain C++, cost alone", 1, plain_alone, 0.0},
                              {"ADOL-C, recorded and reversed", 1, recorded, adolc},
                              {"ADOL-C, replayed and reversed", 1, replayed, adolc},
                              {"ADOL-C, six directions without a tape", 1, forwards, in_front}};
  Report report;
  std::map<std::size_t, std::vector<double>> seconds;
  for (std::size_t repetition = 0; repetition < repetitions; ++repetition)
    for (std::size_t i = 0; i < ways.size(); ++i)
      seconds[i].push_back(seconds_of_one([&] { ways[i].run(glebe, plain, ways[i].columns); }) /
                           double(ways[i].columns));
  for (std::size_t i = 0; i < ways.size(); ++i) {
    Figures figures{{"columns", double(ways[i].columns)}, {"difference", ways[i].difference}};
    add_spread(figures, "seconds_per_column", seconds[i]);
    report.add(ways[i].name, figures);
  }
}

} // namespace

} // namespace glebe::bench

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const glebe::PetscSession petsc(&argc, &argv);
  adtl::setNumDir(glebe::bench::n_sought);
  const int repetitions = words.size() > 1 ? std::atoi(words[1].c_str()) : 5;
  if (words.empty() || words.size() > 2 || repetitions < 1) {
    std::fputs("usage: glebe_bench_peers CASE.json [repetitions=5]\n", stderr);
    return 2;
  }
  try {
    const glebe::bench::PaperCase given(glebe::bench::n_column);
    glebe::bench::measure(given, given.plain(), words[0], static_cast<std::size_t>(repetitions));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "glebe_bench_peers: error: %s\n", error.what());
    return 1;
  }
}
