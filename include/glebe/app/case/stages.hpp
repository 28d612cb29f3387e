// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <vector>

namespace glebe {

/// What a stage of an estimate has found.
struct StageRecord {
  double cost = 0.0; ///< of all columns together
  int iterations = 0;
  DenseMatrix estimate; ///< of all controls, also those still held [column][k], in their units
};

/// The stages of `&stages free`, and a last one for what they do not name. [k]: the stage from
/// which on a control is estimated.
struct StagePlan {
  std::vector<std::size_t> of_control;
  std::size_t n_stage = 1;

  bool is_staged() const { return n_stage > 1; }
  /// The controls that are estimated in a stage, and those that it frees, in the order of k.
  std::vector<std::size_t> estimated(std::size_t stage) const;
  std::vector<std::size_t> freed(std::size_t stage) const;
};
StagePlan plan_stages(const Settings& settings, const Controls& controls);
/// "thermal_conductivity, heat_capacity": what a stage frees, each parameter in one place once.
std::string freed_in_words(const Case& inputs, const Controls& controls, const StagePlan& plan,
                           std::size_t stage);

/// How all stages but the last ended.
struct StagedStart {
  Vector x; ///< where the last stage starts
  std::vector<StageRecord> stages;
  std::vector<double> first_cost; ///< of the columns at the first guess; empty without stages
};

/// Searches in all stages but the last, each from where the one before it ended, the first from
/// `start`. Controls that are not yet free stay at their first guess, which for all of them is the
/// mean of the prior. Without stages returns the start. Collective. Throws as minimise() does.
StagedStart search_in_stages(const Case& inputs, const ColumnProblem& problem,
                             const Controls& controls, Vector start, Checkpoint& checkpoint);

/// The record of the last stage, and its line in the log. Collective.
StageRecord record_of(const Controls& controls, const Minimisation& minimum);
void log_stage(const Case& inputs, const Controls& controls, const StageRecord& record,
               std::size_t stage, std::size_t n_stage);

} // namespace glebe
