// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/correlation_rows.hpp"

#include "glebe/estimation/uncertainty/coupled_covariance.hpp"

#include <cmath>

namespace glebe {

CorrelationRows correlation_rows(const Case& inputs, Objective& objective, Vec x,
                                 const Posterior& posterior) {
  CorrelationRows rows{inputs.row_cells, {}};
  if (rows.cells.empty()) return rows;
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const std::vector<char> free = free_controls(objective, x);
  const double data_weight = n_column > 0 ? 1.0 / posterior.error_scale.front() : 1.0;
  for (const std::size_t cell : rows.cells) {
    const auto number = static_cast<std::size_t>(inputs.columns.number_of(inputs.ranks, cell));
    std::vector<double> row = coupled_covariance_row(objective, x, free, number, data_weight);
    const bool here =
        number >= inputs.columns.first() && number < inputs.columns.first() + n_column;
    for (std::size_t k = 0; k < m; ++k) {
      const std::size_t self = (k * m + k) * n_column + number - inputs.columns.first();
      const double std = std::sqrt(inputs.ranks.max(here && row[self] > 0.0 ? row[self] : 0.0));
      for (std::size_t j = 0; j < m; ++j)
        for (std::size_t c = 0; c < n_column; ++c)
          row[(k * m + j) * n_column + c] /= std * posterior.std[c * m + j] / controls.scale(j);
    }
    rows.correlation.insert(rows.correlation.end(), row.begin(), row.end());
  }
  return rows;
}

void define_rows(OutputFile& file, const CorrelationRows& rows) {
  if (rows.cells.empty()) return;
  file.define_axis("row_cell", rows.cells.size(), "1",
                   "cell whose correlations these are, counted row by row from 0");
  file.define(
      {"correlation_with_cell",
       "1",
       "posterior correlation of a parameter of another cell (control) with one of this cell "
       "(control_column)",
       "",
       {"row_cell", "control", "control_column"}});
}

void write_rows(OutputFile& file, const CorrelationRows& rows) {
  if (rows.cells.empty()) return;
  file.write_axis("row_cell", {rows.cells.begin(), rows.cells.end()});
  file.write("correlation_with_cell", rows.correlation);
}

} // namespace glebe
