// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/estimation/problem/prior.hpp"
#include "glebe/estimation/problem/prior_coupling.hpp"
#include "glebe/estimation/verdict/verdict.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <string>
#include <vector>

namespace glebe {

/// Observations that could be made: some streams in some window.
struct Design {
  std::string name;                 ///< of its &design group
  std::vector<std::size_t> streams; ///< of DesignList
  std::vector<double> depths;       ///< [m] of the candidate sensors among them
  std::size_t window = 0;           ///< of DesignList
  double days = 0.0;                ///< its length [d]

  /// "name:stream+stream:10d", without blanks.
  std::string label(const std::vector<ObservationSettings>& all) const;
};

/// Every design that the settings ask for, in their order, with the streams and windows they share.
struct DesignList {
  std::vector<ObservationSettings> streams;
  std::vector<TimeInterval> windows; ///< [s]
  std::vector<Design> designs;
};
/// Throws InputError for windows beyond that of the run, and for too many designs.
DesignList make_designs(const Settings& settings, const ModelTime& time);

/// What each design would tell [design][column](...[k]), of this rank's columns; NaN where the
/// model fails.
struct Predictions {
  std::vector<double> std; ///< in the unit of each parameter
  std::vector<Verdict> verdict;
  std::vector<double> degrees_of_freedom;
  std::vector<double> condition_number;
  std::vector<double> criterion; ///< less is better, but for degrees of freedom
};

/// Which controls count, and how.
struct RankingRule {
  Criterion criterion = Criterion::largest_std;
  std::vector<std::size_t> controls;
};

/// Predicts the posterior of every design for observations made of the model with the first guess
/// as the truth: one run with tangents. `problem` must have the streams of the list, without
/// values. Not collective.
Predictions predict(const ColumnProblem& problem, const DesignList& list, const Controls& controls,
                    const Prior& prior, const VerdictContext& context, const RankingRule& rule);

/// The same for coupled problems, whose posterior is that of all columns together: that of
/// coupled_covariance(), which may come from samples for each design.
/// Condition numbers are not computed; a design that sees nothing in any column predicts nothing.
/// Collective. Throws RunError.
Predictions coupled_predict(const Ranks& ranks, const ColumnProblem& problem,
                            const DesignList& list, const Controls& controls, const Prior& prior,
                            const Coupling& coupling, const VerdictContext& context,
                            const RankingRule& rule);

/// The criterion for one column, from the covariance in the scaled controls, the averaging kernel
/// and the value of each control. Definitions in docs/theory.md; NaN where nothing is known.
double criterion_of(const RankingRule& rule, const VerdictContext& context,
                    const std::vector<double>& estimate, const std::vector<double>& covariance,
                    const std::vector<double>& averaging_kernel);

/// Ranks 1, 2, ... of values, the best first; NaN comes last. Equal values keep their order.
std::vector<std::size_t> ranks_of(const std::vector<double>& criterion, bool more_is_better);

/// The designs of a run and what they predict, with the median of the criterion over all columns
/// and the ranks by it [design], the same on all ranks of the run.
struct RankedDesigns {
  DesignList list;
  Predictions predictions;
  RankingRule rule;
  std::vector<double> criterion;
  std::vector<std::size_t> rank;

  bool more_is_better() const { return rule.criterion == Criterion::degrees_of_freedom; }
};

} // namespace glebe
