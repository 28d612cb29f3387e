// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/simulation/complex_step.hpp"

#include "glebe/simulation/runners.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// Model equivalents of all streams of one column, and their tangents.
template <class Real>
struct ColumnSeries {
  std::vector<std::vector<Real>> value;                   ///< [stream][observation]
  std::vector<std::vector<std::vector<Real>>> derivative; ///< [stream][observation][direction]
};

template <class Real>
ColumnSeries<Real> run_column(const ColumnProblem& problem, const std::vector<Real>& values,
                              const std::vector<Direction>& directions) {
  ColumnSeries<Real> series;
  series.value.resize(problem.n_stream());
  series.derivative.resize(problem.n_stream());
  const auto runner = make_block_runner<Real>(problem, directions);
  auto sink = make_sink<Real>([&](std::size_t s, std::size_t, std::span<const Real> equivalent) {
    series.value[s].push_back(equivalent[0]);
    std::vector<Real>& derivative = series.derivative[s].emplace_back(directions.size(), Real(0.0));
    for (std::size_t d = 0; d + 1 < equivalent.size(); ++d)
      derivative[runner->order()[d]] = equivalent[1 + d];
  });
  constexpr std::size_t column = 0;
  runner->run({&column, 1}, values, sink);
  return series;
}

} // namespace

Table<double> complex_step_differences(const ColumnProblem& problem, std::span<const double> values,
                                       const std::vector<ValueDirection>& directions) {
  std::vector<Direction> all;
  for (const ValueDirection& one : directions) all.push_back(one.direction);
  const auto tangent =
      run_column<Lanes>(problem, std::vector<Lanes>(values.begin(), values.end()), all);
  const Forcing forcing = problem.forcing.of_column(0);
  const ColumnProblem one_column = problem.with(forcing, problem.observations);
  Table<double> differences(directions.size(), problem.n_stream());
  constexpr double step = 1e-30; // free of truncation
  for (std::size_t d = 0; d < directions.size(); ++d) {
    std::vector<Complex> perturbed(values.begin(), values.end());
    perturbed[directions[d].value] += Complex(0.0, step);
    const auto complex = run_column<Complex>(one_column, perturbed, {});
    for (std::size_t s = 0; s < complex.value.size(); ++s) {
      double largest = 0.0, difference = 0.0;
      for (std::size_t k = 0; k < complex.value[s].size(); ++k) {
        const double exact = complex.value[s][k].imag() / step;
        largest = std::max(largest, std::abs(exact));
        difference = std::max(difference, std::abs(lane(tangent.derivative[s][k][d], 0) - exact));
      }
      differences(d, s) = largest > 0.0 ? difference / largest : difference;
    }
  }
  return differences;
}

} // namespace glebe
