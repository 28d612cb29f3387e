// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/correlation_rows.hpp"

#include "glebe/base/error.hpp"
#include "glebe/estimation/coupled_covariance.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// The number of a cell among all active columns; negative when it is none. Collective.
std::int64_t column_number(const Case& inputs, std::size_t cell) {
  const std::vector<std::size_t>& cells = inputs.columns.cells();
  const auto found = std::lower_bound(cells.begin(), cells.end(), cell);
  const bool here = found != cells.end() && *found == cell;
  const auto local = static_cast<std::size_t>(found - cells.begin());
  return inputs.ranks.max(here ? static_cast<std::int64_t>(inputs.columns.first() + local)
                               : std::int64_t{-1});
}

} // namespace

std::vector<std::size_t> cells_of_rows(const Case& inputs) {
  const PosteriorSettings& posterior = inputs.settings.posterior;
  const std::vector<HorizontalDimension>& dimensions = inputs.columns.grid().dimensions;
  if (posterior.rows.empty()) return {};
  if (dimensions.empty() || posterior.rows.size() % dimensions.size() != 0)
    throw InputError(fmt::format("{}: {} numbers given, but a cell of this grid has {}",
                                 posterior.place("rows"), posterior.rows.size(),
                                 dimensions.size()));
  std::vector<std::size_t> cells;
  for (std::size_t first = 0; first < posterior.rows.size(); first += dimensions.size()) {
    std::size_t cell = 0;
    std::string label;
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
      const auto number = static_cast<std::size_t>(posterior.rows[first + d]);
      if (number >= dimensions[d].length)
        throw InputError(fmt::format("{}: {} = {} is not on the grid, which has 0 to {}",
                                     posterior.place("rows"), dimensions[d].name, number,
                                     dimensions[d].length - 1));
      cell = cell * dimensions[d].length + number;
      label += fmt::format("{}{} = {}", d > 0 ? ", " : "", dimensions[d].name, number);
    }
    if (column_number(inputs, cell) < 0)
      throw InputError(fmt::format("{}: the cell {} is not a column of this run",
                                   posterior.place("rows"), label));
    cells.push_back(cell);
  }
  return cells;
}

CorrelationRows correlation_rows(const Case& inputs, Objective& objective, Vec x,
                                 const Posterior& posterior) {
  CorrelationRows rows{cells_of_rows(inputs), {}};
  if (rows.cells.empty()) return rows;
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  const std::vector<char> free = free_controls(objective, x);
  const double data_weight = n_column > 0 ? 1.0 / posterior.error_scale.front() : 1.0;
  for (const std::size_t cell : rows.cells) {
    const auto number = static_cast<std::size_t>(column_number(inputs, cell));
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
