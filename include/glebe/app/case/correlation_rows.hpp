// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/uncertainty/posterior.hpp"

#include <vector>

namespace glebe {

/// Rows of the posterior correlation of a coupled problem: of some cells with all columns.
struct CorrelationRows {
  std::vector<std::size_t> cells;
  std::vector<double> correlation; ///< [cell][k][j][column], NaN where a value is held or unknown
};

/// Correlations between values k of the cells that were asked for and values j of every column, at
/// x; one solve for all columns for each cell and value. Collective. Throws RunError.
CorrelationRows correlation_rows(const Case& inputs, Objective& objective, Vec x,
                                 const Posterior& posterior);

/// Defines and writes them in a result that has the axes of `correlation`. Collective.
void define_rows(OutputFile& file, const CorrelationRows& rows);
void write_rows(OutputFile& file, const CorrelationRows& rows);

} // namespace glebe
