// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/simulation/adjoint_runs.hpp"

#include "glebe/simulation/misfit_ad.hpp"
#include "glebe/simulation/runners.hpp"

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
                const DenseMatrix& values, const DenseMatrix* change, double bytes, Done done) {
  const auto runner = make_adjoint_runner<Lanes>(problem, bytes, change);
  std::vector<Lanes> packed(problem.schedule.n_value()), packed_change(change ? packed.size() : 0);
  BlockObservations observations(problem.observations);
  MisfitAd<Lanes> misfit(observation_counts(problem.observations));
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    misfit.start(observations.of(block));
    pack(values.row(Eigen::Index(first)).data(), block.size(), packed);
    if (change) pack(change->row(Eigen::Index(first)).data(), block.size(), packed_change);
    const Mask<Lanes> failed = runner->run(block, packed, packed_change, misfit);
    for (std::size_t i = 0; i < block.size(); ++i)
      done(first + i, i, bool(failed[i]), misfit.misfit(), runner->gradient());
  });
}

} // namespace

Evaluation run_columns_adjoint(const ColumnProblem& problem, std::span<const std::size_t> columns,
                               const DenseMatrix& values, double bytes) {
  Evaluation result(columns.size(), problem.schedule.n_value(), problem.n_stream(), false);
  run_blocks(problem, columns, values, nullptr, bytes,
             [&](std::size_t run, std::size_t i, bool failed, const Misfit<Lanes>& misfit,
                 const Lanes* gradient) {
               unpack_misfit(misfit, i, run, result);
               for (std::size_t k = 0; k < result.n_direction(); ++k)
                 result.gradient(run, k) = gradient[k][i];
               result.failed[run] = failed || !std::isfinite(result.cost[run]);
             });
  return result;
}

DenseMatrix gauss_newton_product(const ColumnProblem& problem, std::span<const std::size_t> columns,
                                 const DenseMatrix& values, const DenseMatrix& v, double bytes) {
  DenseMatrix product = DenseMatrix::Zero(v.rows(), v.cols());
  run_blocks(problem, columns, values, &v, bytes,
             [&](std::size_t run, std::size_t i, bool failed, const Misfit<Lanes>& misfit,
                 const Lanes* gradient) {
               if (failed || !std::isfinite(double(misfit.cost[i]))) return;
               for (std::size_t k = 0; k < problem.schedule.n_value(); ++k)
                 product(run, k) = gradient[k][i];
             });
  return product;
}

Crossover adjoint_crossover(const ColumnProblem& problem) {
  return runs_in_modes(problem) ? Crossover{6, 250} : Crossover{4, 150};
}

} // namespace glebe
