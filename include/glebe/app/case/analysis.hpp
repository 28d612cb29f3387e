// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/app/case/correlation_rows.hpp"
#include "glebe/estimation/search/optimise.hpp"
#include "glebe/estimation/uncertainty/bootstrap.hpp"
#include "glebe/estimation/uncertainty/profile.hpp"
#include "glebe/estimation/uncertainty/residuals.hpp"
#include "glebe/estimation/verdict/verdict.hpp"

#include <optional>

namespace glebe {

/// What an estimate is worth: everything that `&posterior` asks for.
struct Analysis {
  Posterior posterior;
  std::optional<Residuals> residuals;
  std::vector<Verdict> verdict; ///< [column][k]
  std::string verdict_text;     ///< of the column, or of the region; the same on all ranks
  std::vector<Profile> profiles;
  std::optional<Bootstrap> bootstrap;
  CorrelationRows rows;
};

/// Analyses the minimum. Collective. Throws RunError.
Analysis analyse(const Case& inputs, const ColumnProblem& problem, Objective& objective,
                 const Minimisation& minimum);

/// Logs what is remarkable: chi-square, autocorrelation, profiles and bootstrap beside the linear
/// answer, and the verdict. Collective.
void log_analysis(const Case& inputs, const ColumnProblem& problem, const Objective& objective,
                  const Minimisation& minimum, const Analysis& analysis);

/// What the verdict needs to know of the case. Not collective.
VerdictContext verdict_context(const Case& inputs, const Controls& controls,
                               const std::vector<ObservationSettings>& fitted);

/// Defines and writes what the analysis adds to a result beside `<parameter>_std`. Collective.
void define_analysis(OutputFile& file, const Case& inputs, const ColumnProblem& problem,
                     const Controls& controls, const Analysis& analysis);
void write_analysis(OutputFile& file, const Case& inputs, const ColumnProblem& problem,
                    const Objective& objective, const Analysis& analysis);

} // namespace glebe
