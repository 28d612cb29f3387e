// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/bootstrap.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/wall_time.hpp"
#include "glebe/estimation/search/refit.hpp"

#include <algorithm>
#include <cmath>

#include "noisy_problem.hpp"

namespace glebe {

namespace {

// Samples of a column that are in memory at a time, each with a copy of forcing and observations.
constexpr std::size_t samples_at_a_time = 128;

// With these tolerances the error of an estimate is a thousandth of its standard deviation, except
// in the least determined directions.
constexpr RefitTolerances tolerances{1e-8, 1e-8, 60};

// The name of this part in the checkpoint.
constexpr const char* part_name = "bootstrap";

// Sums over samples of the difference between their estimates and the original one.
class SampleMoments {
public:
  explicit SampleMoments(const SolvedPoint& solved)
      : solved_(solved), count_(solved.controls().n_column(), 0.0),
        sum_(DenseMatrix::Zero(solved.point.x_of_columns.rows(), solved.point.x_of_columns.cols())),
        squares_(sum_) {}

  /// For each column how many samples converged, the sums of the samples, and those of squares.
  DenseMatrix rows() const {
    const Eigen::Index m = sum_.cols();
    DenseMatrix rows(sum_.rows(), 1 + 2 * m);
    for (Eigen::Index c = 0; c < rows.rows(); ++c)
      rows.row(c) << count_[static_cast<std::size_t>(c)], sum_.row(c), squares_.row(c);
    return rows;
  }

  /// Goes on from these rows. Throws InputError.
  void restore(const Eigen::Ref<const DenseMatrix>& rows) {
    const Eigen::Index m = sum_.cols();
    if (rows.cols() != 1 + 2 * m || !rows.allFinite())
      throw InputError("the checkpoint cannot be gone on with: its bootstrap");
    for (Eigen::Index c = 0; c < rows.rows(); ++c) count_[static_cast<std::size_t>(c)] = rows(c, 0);
    sum_ = rows.middleCols(1, m);
    squares_ = rows.rightCols(m);
  }

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

// ---- Columns that are fitted separately ---------------------------------------------------------

// The samples of all columns of this rank, which are made column by column.
class ColumnSamples {
public:
  ColumnSamples(const SolvedPoint& solved, const NoiseFreeData& data, std::size_t n_sample,
                Checkpoint& checkpoint)
      : solved_(solved), data_(data), n_sample_(n_sample), checkpoint_(checkpoint),
        moments_(solved), is_done_(solved.controls().n_column(), 0) {
    if (const KeptPart* kept = checkpoint.find(part_name))
      agree_on_failure(ranks(), [&] { restore(kept->of_columns); });
    for (const std::size_t c : solved.objective.columns_with_data())
      if (!is_done_[c]) columns_.push_back(c);
  }

  Bootstrap run() {
    // The ranks meet after so many columns that this takes no time and none waits long to stop.
    constexpr double seconds_between = 5.0;
    double group = 1.0;
    int n_group = 0;
    while (ranks().any(next_ < columns_.size())) {
      const double started = wall_time();
      const std::size_t end = std::min(next_ + static_cast<std::size_t>(group), columns_.size());
      agree_on_failure(ranks(), [&] { sample_until(end); });
      checkpoint_.pass(++n_group, "in the bootstrap", [this] { return state(); });
      const double seconds = std::max(1e-3, ranks().max(wall_time() - started));
      group = std::clamp(std::floor(group * seconds_between / seconds), 1.0, 1e6);
    }
    if (n_group > 0) checkpoint_.finish("after the bootstrap", [this] { return state(); });
    return moments_.result();
  }

private:
  const Ranks& ranks() const { return solved_.objective.ranks(); }

  void sample_until(std::size_t end) {
    for (; next_ < end; ++next_) {
      sample_column(solved_, data_, columns_[next_], n_sample_, moments_);
      is_done_[columns_[next_]] = 1;
    }
  }

  KeptPart state() const {
    const DenseMatrix moments = moments_.rows();
    DenseMatrix rows(moments.rows(), moments.cols() + 1);
    for (Eigen::Index c = 0; c < rows.rows(); ++c)
      rows.row(c) << double(is_done_[static_cast<std::size_t>(c)]), moments.row(c);
    return {part_name, "by column", {}, std::move(rows)};
  }

  void restore(const DenseMatrix& rows) {
    moments_.restore(rows.rightCols(std::max<Eigen::Index>(0, rows.cols() - 1)));
    for (std::size_t c = 0; c < is_done_.size(); ++c) is_done_[c] = rows(Eigen::Index(c), 0) != 0.0;
  }

  const SolvedPoint& solved_;
  const NoiseFreeData& data_;
  const std::size_t n_sample_;
  Checkpoint& checkpoint_;
  SampleMoments moments_;
  std::vector<char> is_done_; ///< [column]
  std::vector<std::size_t> columns_;
  std::size_t next_ = 0;
};

// ---- Columns that are fitted together -----------------------------------------------------------

Bootstrap sample_all_columns(const SolvedPoint& solved, const NoiseFreeData& data,
                             const BootstrapPlan& plan, const Log& log, Checkpoint& checkpoint) {
  SampleMoments moments(solved);
  int done = 0;
  if (const KeptPart* kept = checkpoint.find(part_name))
    agree_on_failure(solved.objective.ranks(), [&] {
      moments.restore(kept->of_columns);
      done = kept->numbers.empty() ? plan.n_sample : static_cast<int>(kept->numbers.front());
    });
  const auto state = [&] {
    return KeptPart{part_name, "together", {static_cast<double>(done)}, moments.rows()};
  };
  for (int sample = done; sample < plan.n_sample; ++sample) {
    const double started = wall_time();
    NoisyProblem noisy(solved, data, plan, static_cast<std::size_t>(sample));
    const Refitted found =
        refit(noisy.objective(), {noisy.start()}, {}, solved.optimizer, tolerances).front();
    for (std::size_t c = 0; c < solved.controls().n_column(); ++c) moments.add(c, found, c);
    if (sample == 0)
      log.info("bootstrap: {} samples, each a fit of all columns together; the first took {:.2g} s",
               plan.n_sample, wall_time() - started);
    if (ProgressBar* bar = solved.problem().progress) bar->show((sample + 1.0) / plan.n_sample);
    done = sample + 1;
    if (done == plan.n_sample)
      checkpoint.finish("after the bootstrap", state);
    else
      checkpoint.pass(done, "in the bootstrap", state);
  }
  return moments.result();
}

} // namespace

Bootstrap bootstrap(const SolvedPoint& solved, const ConsideredValues& considered,
                    const BootstrapPlan& plan, const Log& log, Checkpoint& checkpoint) {
  std::optional<NoiseFreeData> data;
  agree_on_failure(solved.objective.ranks(), [&] { data.emplace(solved, considered, plan); });
  if (checkpoint.find(part_name)) log.info("bootstrap: goes on with the samples of the checkpoint");
  if (!solved.objective.separable())
    return sample_all_columns(solved, *data, plan, log, checkpoint);
  return ColumnSamples(solved, *data, static_cast<std::size_t>(plan.n_sample), checkpoint).run();
}

} // namespace glebe
