// SPDX-License-Identifier: BSD-3-Clause
// What the parts of a split window give: an estimate each, how these agree, and how well each part
// is predicted from the others.
#pragma once

#include "glebe/app/case/parts.hpp"
#include "glebe/app/case/withheld.hpp"
#include "glebe/base/dense.hpp"
#include "glebe/base/table.hpp"
#include "glebe/estimation/problem/controls.hpp"
#include "glebe/estimation/verdict/verdict.hpp"

#include <string>
#include <vector>

namespace glebe {

/// The estimate from one part of the window for this rank's columns, in the units of the
/// parameters.
struct PartEstimate {
  PartWindow window;
  bool converged;
  DenseMatrix estimate;   ///< [column][k]; NaN where the data of the part do not inform it
  DenseMatrix std;        ///< to report [column][k]; NaN where there is none
  Table<Verdict> verdict; ///< [column][k]
};

/// How a stream is predicted in every part with the parameters of every part.
struct PredictedStream {
  std::size_t stream;
  /// [part * number of parts + from][column]; of the part's own estimate where from = part. NaN in
  /// columns that have no estimate from there.
  std::vector<std::vector<Skill>> skill;
};

/// A split window. Parts have the columns and the controls of the whole.
struct Split {
  std::vector<PartEstimate> parts;
  std::vector<PredictedStream> streams = {}; ///< those with observations

  std::size_t n_part() const { return parts.size(); }
  const std::vector<Skill>& skill(const PredictedStream& stream, std::size_t part,
                                  std::size_t from) const {
    return stream.skill[part * n_part() + from];
  }
};

/// Whether two parts can be compared by a control: the state at their starts is not the same.
bool is_compared(const Control& control);

/// The estimates of part `a` less those of part `b`, over the root of the sum of their variances
/// [column][k]. NaN where there is nothing to compare: for the initial state, and where in either
/// part the estimate is not informed, is at a bound, or holds only given a bound. Not collective.
DenseMatrix z_scores(const Split& split, const std::vector<Control>& controls, std::size_t a,
                     std::size_t b);

/// The number of z-scores and the sum of their squares, each pair of parts once.
struct SumOfSquares {
  double count = 0.0;
  double sum = 0.0;

  /// NaN without any.
  double rms() const;
};

/// Of every column, over controls and pairs. Not collective.
std::vector<SumOfSquares> z_of_columns(const Split& split, const std::vector<Control>& controls);
/// Of every control, over pairs and columns, the same on all numbers of ranks. Collective.
std::vector<SumOfSquares> z_of_controls(const Ranks& ranks, const Split& split,
                                        const std::vector<Control>& controls);

/// How a part is predicted from all others [column]: roots of mean squares over them, means of bias
/// and skill; of those that are known. Not collective.
std::vector<Skill> skill_from_others(const Split& split, const PredictedStream& stream,
                                     std::size_t part);

} // namespace glebe
