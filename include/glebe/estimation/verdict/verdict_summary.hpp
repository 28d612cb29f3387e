// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/estimation/verdict/verdict.hpp"

#include <map>
#include <string>
#include <vector>

namespace glebe {

/// Collects the verdicts of this rank's columns and expresses them in words. For a single column
/// with few controls the text has a line for each; otherwise it has counts of columns, and a line
/// on columns without observations of their own.
class VerdictSummary {
public:
  VerdictSummary(const Ranks& ranks, const VerdictContext& context)
      : ranks_(ranks), context_(context) {}

  /// Not collective.
  void add(const ColumnEvidence& evidence, const ColumnVerdict& verdict);
  /// The same text on every rank; `n_column` are the active columns of all ranks. Collective.
  std::string text(std::int64_t n_column) const;

private:
  using Counts = std::map<std::string, std::int64_t>;
  /// A number of columns, and the standard deviations of a parameter in them.
  struct StdOfColumns {
    std::int64_t columns = 0;
    std::int64_t failed = 0; ///< of them, those whose model failed
    std::vector<double> std;
  };

  void add_std(const ColumnEvidence& evidence, const ColumnVerdict& verdict);
  Counts over_ranks(const Counts& local) const;
  std::string label(std::size_t control) const;
  std::string counted(std::int64_t n_column) const;
  std::string inferred(const std::string& label) const;

  const Ranks& ranks_;
  const VerdictContext& context_;
  std::vector<std::string> lines_; ///< of the last column
  Counts verdicts_;                ///< by label and code
  Counts combinations_;
  std::map<std::string, StdOfColumns> observed_, inferred_; ///< by label
};

} // namespace glebe
