// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/table.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/estimation/problem/prior_coupling.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/estimation/verdict/verdict.hpp"
#include "glebe/simulation/column_problem.hpp"

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

/// Every design of the settings, in their order, with the streams and windows that they use.
struct DesignList {
  std::vector<ObservationSettings> streams;
  std::vector<TimeInterval> windows; ///< [s]
  std::vector<Design> designs;
};
/// Throws InputError for windows outside that of the run, and for too many designs.
DesignList make_designs(const Settings& settings, const ModelTime& time);

/// The predicted posterior of each design in this rank's columns; NaN where the model fails.
struct Predictions {
  std::vector<DenseMatrix> std;        ///< [design](column, k) in the unit of each parameter
  std::vector<Table<Verdict>> verdict; ///< [design](column, k)
  DenseMatrix degrees_of_freedom;      ///< (design, column)
  DenseMatrix condition_number;        ///< (design, column); NaN if columns are coupled
  DenseMatrix criterion;               ///< (design, column)
};

/// The criterion by which designs are ranked, and the controls that it includes.
struct RankingRule {
  Criterion criterion = Criterion::largest_std;
  std::vector<std::size_t> controls;
};

/// The input of predictions: a problem with the streams of the list, without observed values, and
/// the prior.
struct DesignProblem {
  const Ranks& ranks;
  const ColumnProblem& problem;
  const Controls& controls;
  const PriorCoupling& coupling;
  const VerdictContext& context;
  const ConsideredValues& considered;
};

/// Predicts the posterior of every design, with the first guess as the truth, by one run with
/// tangents. If columns are coupled, it is the posterior of all columns together, which may be
/// estimated from samples for each design; a design without an observation in any column then gets
/// NaN. Collective. Throws RunError.
Predictions predict(const DesignProblem& problem, const DesignList& list, const RankingRule& rule);

/// The criterion for one column, from its posterior and the value of each control. Definitions are
/// in docs/theory.md; NaN if a standard deviation is missing.
double criterion_of(const RankingRule& rule, const VerdictContext& context,
                    const std::vector<double>& estimate, const GaussianPosterior& posterior);

/// The rank of each value, 1 being the best; NaN ranks last. Equal values keep their order.
std::vector<std::size_t> ranks_of(const std::vector<double>& criterion, bool more_is_better);

/// The designs of a run with their predictions, the median of the criterion over all columns
/// [design] and the ranks by it [design], which are the same on all MPI ranks.
struct RankedDesigns {
  DesignList list;
  Predictions predictions;
  RankingRule rule;
  std::vector<double> criterion;
  std::vector<std::size_t> rank;

  bool more_is_better() const { return rule.criterion == Criterion::degrees_of_freedom; }
};

/// The list of designs and the rule by which they will be ranked, without predictions. Not
/// collective. Throws InputError like make_designs().
RankedDesigns planned_designs(const Settings& settings, const ModelTime& time,
                              const Controls& controls);

} // namespace glebe
