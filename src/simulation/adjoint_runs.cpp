// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/simulation/adjoint_runs.hpp"

#include "glebe/simulation/adjoint_runner.hpp"
#include "glebe/simulation/misfit_ad.hpp"

#include <cmath>

#include "blocks.hpp"

namespace glebe {

namespace {

std::vector<std::size_t> observation_counts(const Observations& observations) {
  std::vector<std::size_t> counts;
  for (const Stream& stream : observations.streams) counts.push_back(stream.times.size());
  return counts;
}

// Runs all blocks there and back; done(run, its lane, whether it failed, misfit, gradient).
template <class Done>
void run_blocks(const ColumnProblem& problem, std::span<const std::size_t> columns,
                const std::vector<double>& values, const double* change, double bytes, Done done) {
  const std::size_t n_value = problem.schedule.n_value();
  AdjointRunner<Lanes> runner(problem, bytes, change);
  BlockObservations observations(problem.observations);
  MisfitAd<Lanes> misfit(observation_counts(problem.observations));
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    misfit.start(observations.of(block));
    const Mask<Lanes> failed = runner.run(block, values.data() + first * n_value,
                                          change ? change + first * n_value : nullptr, misfit);
    for (std::size_t i = 0; i < block.size(); ++i)
      done(first + i, i, bool(failed[i]), misfit.misfit(), runner.gradient());
  });
}

} // namespace

Fit run_columns_adjoint(const ColumnProblem& problem, std::span<const std::size_t> columns,
                        const std::vector<double>& values, double bytes) {
  const std::size_t n_value = problem.schedule.n_value();
  Fit fit(columns.size(), 0, problem.observations.streams.size());
  fit.n_direction = n_value;
  fit.gradient.resize(columns.size() * n_value);
  run_blocks(problem, columns, values, nullptr, bytes,
             [&](std::size_t run, std::size_t i, bool failed, const Misfit<Lanes>& misfit,
                 const Lanes* gradient) {
               unpack_misfit(misfit, i, run, fit);
               for (std::size_t k = 0; k < n_value; ++k)
                 fit.gradient[run * n_value + k] = gradient[k][i];
               fit.failed[run] = failed || !std::isfinite(fit.cost[run]);
             });
  return fit;
}

std::vector<double> gauss_newton_product(const ColumnProblem& problem,
                                         std::span<const std::size_t> columns,
                                         const std::vector<double>& values,
                                         const std::vector<double>& v, double bytes) {
  const std::size_t n_value = problem.schedule.n_value();
  std::vector<double> product(columns.size() * n_value, 0.0);
  run_blocks(problem, columns, values, v.data(), bytes,
             [&](std::size_t run, std::size_t i, bool failed, const Misfit<Lanes>& misfit,
                 const Lanes* gradient) {
               if (failed || !std::isfinite(double(misfit.cost[i]))) return;
               for (std::size_t k = 0; k < n_value; ++k)
                 product[run * n_value + k] = gradient[k][i];
             });
  return product;
}

} // namespace glebe
