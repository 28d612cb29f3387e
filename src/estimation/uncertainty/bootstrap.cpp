// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/bootstrap.hpp"

#include "glebe/estimation/search/refit.hpp"

#include <cmath>

#include "noisy_problem.hpp"

namespace glebe {

namespace {

// Samples of a column that are in memory at a time, each with a copy of forcing and observations.
constexpr std::size_t samples_at_a_time = 128;

// With these tolerances the error of an estimate is a thousandth of its standard deviation, except
// in the least determined directions.
constexpr RefitTolerances tolerances{1e-8, 1e-8, 60};

// Sums over samples of the difference between their estimates and the original one.
class SampleMoments {
public:
  explicit SampleMoments(const SolvedPoint& solved)
      : solved_(solved), count_(solved.controls().n_column(), 0.0),
        sum_(DenseMatrix::Zero(solved.point.x_of_columns.rows(), solved.point.x_of_columns.cols())),
        squares_(sum_) {}

  void add(std::size_t column, const Refitted& found, std::size_t member) {
    if (!found.converged[member]) return;
    const Eigen::RowVectorXd difference =
        found.x.row(member) - solved_.point.x_of_columns.row(column);
    count_[column] += 1.0;
    sum_.row(column) += difference;
    squares_.row(column) += difference.cwiseAbs2();
  }

  Bootstrap result() const {
    const Objective& objective = solved_.objective;
    const DenseMatrix none = DenseMatrix::Constant(sum_.rows(), sum_.cols(), std::nan(""));
    Bootstrap result{none, none, count_};
    for (std::size_t c = 0; c < count_.size(); ++c) {
      if (!objective.is_informed(c)) result.converged[c] = std::nan("");
      if (count_[c] < 2.0) continue;
      for (std::size_t k = 0; k < solved_.controls().per_column(); ++k) {
        const double scale = solved_.controls().scale(k), mean = sum_(c, k) / count_[c];
        // Searches start at the estimate and do not move along a flat direction.
        if (!objective.is_informed(c, k) || solved_.posterior.std(c, k) > scale) continue;
        const double squares = std::max(0.0, squares_(c, k) - count_[c] * mean * mean);
        result.bias(c, k) = scale * mean;
        result.std(c, k) = scale * std::sqrt(squares / (count_[c] - 1.0));
      }
    }
    return result;
  }

private:
  const SolvedPoint& solved_;
  std::vector<double> count_; ///< [column]
  DenseMatrix sum_;
  DenseMatrix squares_;
};

void sample_column(const SolvedPoint& solved, const NoiseFreeData& data, std::size_t column,
                   std::size_t n_sample, SampleMoments& moments) {
  for (std::size_t first = 0; first < n_sample; first += samples_at_a_time) {
    std::vector<SampledColumn> members;
    for (std::size_t i = first; i < std::min(first + samples_at_a_time, n_sample); ++i)
      members.push_back({column, i});
    NoisyProblem noisy(solved, data, members);
    const Refitted found =
        refit(noisy.objective(), {noisy.start()}, {}, solved.optimizer, tolerances).front();
    for (std::size_t i = 0; i < members.size(); ++i) moments.add(column, found, i);
  }
}

void sample_all_columns(const SolvedPoint& solved, const NoiseFreeData& data,
                        const BootstrapPlan& plan, const Log& log, SampleMoments& moments) {
  for (int sample = 0; sample < plan.n_sample; ++sample) {
    const double started = MPI_Wtime();
    NoisyProblem noisy(solved, data, plan, static_cast<std::size_t>(sample));
    const Refitted found =
        refit(noisy.objective(), {noisy.start()}, {}, solved.optimizer, tolerances).front();
    for (std::size_t c = 0; c < solved.controls().n_column(); ++c) moments.add(c, found, c);
    if (sample == 0)
      log.info("bootstrap: {} samples, each a fit of all columns together; the first took {:.2g} s",
               plan.n_sample, MPI_Wtime() - started);
    if (ProgressBar* bar = solved.problem().progress) bar->show((sample + 1.0) / plan.n_sample);
  }
}

} // namespace

Bootstrap bootstrap(const SolvedPoint& solved, const ConsideredValues& considered,
                    const BootstrapPlan& plan, const Log& log) {
  std::optional<NoiseFreeData> data;
  agree_on_failure(solved.objective.ranks(), [&] { data.emplace(solved, considered, plan); });
  SampleMoments moments(solved);
  if (!solved.objective.separable()) {
    sample_all_columns(solved, *data, plan, log, moments);
    return moments.result();
  }
  agree_on_failure(solved.objective.ranks(), [&] {
    for (const std::size_t c : solved.objective.columns_with_data())
      sample_column(solved, *data, c, static_cast<std::size_t>(plan.n_sample), moments);
  });
  return moments.result();
}

} // namespace glebe
