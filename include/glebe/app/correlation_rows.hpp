// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case.hpp"
#include "glebe/estimation/posterior.hpp"

#include <vector>

namespace glebe {

/// Rows of the posterior correlation of a coupled problem: of some cells with all columns.
struct CorrelationRows {
  std::vector<std::size_t> cells;
  std::vector<double> correlation; ///< [cell][k][j][column], NaN where a value is held or unknown
};

/// The cells that `&posterior rows` names. Throws InputError where one is not on the grid or has no
/// column. Collective.
std::vector<std::size_t> cells_of_rows(const Case& inputs);

/// Correlations between values k of these cells and values j of every column, at x; one solve for
/// all columns for each cell and value. Collective. Throws RunError.
CorrelationRows correlation_rows(const Case& inputs, Objective& objective, Vec x,
                                 const Posterior& posterior);

/// Defines and writes them in a result that has the axes of `correlation`. Collective.
void define_rows(OutputFile& file, const CorrelationRows& rows);
void write_rows(OutputFile& file, const CorrelationRows& rows);

} // namespace glebe
