// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/design_table.hpp"

#include "glebe/estimation/problem/control_names.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr std::size_t max_rows = 40;
constexpr std::size_t max_controls = 8; ///< in one line

// The mean over the columns of all ranks that have a value.
double mean(const Ranks& ranks, const DenseVector& of_columns) {
  double sum = 0.0, n = 0.0;
  for (const double value : of_columns) {
    if (std::isnan(value)) continue;
    sum += value;
    n += 1.0;
  }
  n = ranks.sum(n);
  sum = ranks.sum(sum);
  return n > 0.0 ? sum / n : std::nan("");
}

std::string quantity_symbol(const Control& control) {
  return info(control.slot.parameter).symbol + std::string(control.is_ratio() ? ratio_suffix : "");
}

std::string in_centimetres(const Design& design) {
  std::string text;
  for (const double depth : design.depths)
    text += fmt::format("{}{:g}", text.empty() ? "" : "+", depth * 100.0);
  return text.empty() ? "-" : text + " cm";
}

// The controls that are determined only in combination, or not at all, in any column.
std::string poorly_known(const Case& inputs, const Controls& controls, const RankedDesigns& designs,
                         std::size_t d) {
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  std::string text;
  for (const Verdict verdict : {Verdict::in_combination, Verdict::not_determined}) {
    std::string names;
    for (std::size_t k = 0; k < m; ++k) {
      std::int64_t count = 0;
      for (std::size_t c = 0; c < n_column; ++c)
        count += designs.predictions.verdict[d](c, k) == verdict;
      count = inputs.ranks.sum(count);
      if (count == 0) continue;
      names += (names.empty() ? " " : ", ") + control_name(controls, k, inputs.soil, inputs.time);
      if (inputs.columns.n_active() > 1) names += fmt::format(" ({})", count);
    }
    if (names.empty()) continue;
    text += fmt::format(
        "; {}:{}", verdict == Verdict::in_combination ? "in combination" : "not determined", names);
  }
  return text;
}

} // namespace

void log_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs) {
  const std::size_t m = controls.per_column();
  const std::size_t n_design = designs.list.designs.size(), shown = std::min(m, max_controls);
  const Log& log = inputs.log;
  log.info("ranked by {}{}; standard deviations in the unit of each parameter{}",
           name_of(designs.rule.criterion, criterion_names),
           designs.more_is_better() ? " (more is better)" : ", relative",
           inputs.columns.n_active() > 1 ? ", means over columns" : "");
  std::string header = fmt::format("{:>5} {:>10}", "rank", "criterion");
  for (std::size_t k = 0; k < shown; ++k)
    header += fmt::format(" {:>12}", quantity_symbol(controls[k]));
  log.info("{} {:>9} {:>14}  {}", header, "days", "depths", "design");
  std::vector<std::size_t> order(n_design);
  for (std::size_t d = 0; d < n_design; ++d) order[designs.rank[d] - 1] = d;
  for (std::size_t i = 0; i < std::min(n_design, max_rows); ++i) {
    const std::size_t d = order[i];
    const Design& design = designs.list.designs[d];
    std::string row = fmt::format("{:>5} {:>10.4g}", i + 1, designs.criterion[d]);
    for (std::size_t k = 0; k < shown; ++k)
      row += fmt::format(" {:>12.4g}", mean(inputs.ranks, designs.predictions.std[d].col(k)));
    const std::string poor = poorly_known(inputs, controls, designs, d);
    log.info("{} {:>9.4g} {:>14}  {}{}", row, design.days, in_centimetres(design), design.name,
             poor);
  }
  if (n_design > max_rows)
    log.info("... and {} more designs, see the result file", n_design - max_rows);
}

} // namespace glebe
