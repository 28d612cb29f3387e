// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/conflicts.hpp"
#include "glebe/app/case/split.hpp"
#include "glebe/app/case/withheld.hpp"
#include "glebe/estimation/search/optimise.hpp"
#include "glebe/estimation/uncertainty/bootstrap.hpp"
#include "glebe/estimation/uncertainty/bounded_intervals.hpp"
#include "glebe/estimation/uncertainty/considered.hpp"
#include "glebe/estimation/uncertainty/profile.hpp"
#include "glebe/estimation/uncertainty/residuals.hpp"
#include "glebe/estimation/verdict/verdict.hpp"

#include <optional>

namespace glebe {

/// Rows of the posterior correlation matrix of a coupled problem: of some cells with all columns.
struct CorrelationRows {
  std::vector<std::size_t> cells;
  std::vector<DenseBlocks> correlation; ///< [cell][column](k, j), NaN where held or not informed
};

/// The uncertainty of an estimate: everything that `&posterior` asks for.
struct Analysis {
  SolvedPoint solved;
  ColumnOutcome search; ///< how the search of each column ended
  Considered considered;
  std::optional<Residuals> residuals = {};
  Table<Verdict> verdict = {};   ///< [column][k]
  std::string verdict_text = {}; ///< for the column or the region; the same on all ranks
  std::vector<Profile> profiles = {};
  std::optional<Bootstrap> bootstrap = {};
  CorrelationRows rows = {};
  std::vector<JudgedStream> withheld = {};
  std::optional<Split> split = {}; ///< where the window is split
  ColumnIntervals intervals = {};  ///< within the bounds
  Conflicts conflicts = {};

  /// Standard deviations [column][k], in the unit of each parameter, NaN at a bound, with what
  /// considered parameters add: that of the posterior; the same with allowance for dependent
  /// residuals, which must have been analysed; and the one to report, which is the second where it
  /// is known, otherwise the first.
  DenseMatrix plain_std() const;
  DenseMatrix inflated_std() const;
  DenseMatrix reported_std() const;
  /// The covariance of the posterior with what considered parameters add, scaled [k][k].
  DenseMatrix covariance(std::size_t column) const;
  /// The part of the reported variance that each considered parameter adds, (column, k).
  std::vector<DenseMatrix> considered_shares() const;
  /// The same standard deviations of the values that follow others: see std_of_followers().
  DenseMatrix plain_std_of_followers() const;
  DenseMatrix inflated_std_of_followers() const;
  const Objective& objective() const { return solved.objective; }
  const Controls& controls() const { return solved.controls(); }
  const std::vector<Stream>& streams() const { return solved.problem().observations.streams; }
};

/// Analyses the minimum that a search has found. Profiles and samples of the bootstrap are kept at
/// `checkpoint`, and those that it has are not made again. Collective. Throws RunError or
/// Interrupted.
Analysis analyse(Case& inputs, Objective& objective, const Minimisation& minimum,
                 Checkpoint& checkpoint);

/// The input of the verdict that is the same for all columns. Not collective.
VerdictContext verdict_context(const Case& inputs, const Controls& controls,
                               const ConsideredValues& considered,
                               const std::vector<ObservationSettings>& fitted);

} // namespace glebe
