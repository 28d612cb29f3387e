// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/estimate_table.hpp"

#include "glebe/base/median.hpp"
#include "glebe/config/sensors.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Minimum, mean and maximum of one value over all columns of all ranks.
struct ValueRange {
  double least = infinity;
  double mean = 0.0;
  double largest = -infinity;
};

// A row of the table: a value in all columns, or in those of one class.
struct TableRow {
  std::string name;
  std::size_t k;
  std::int32_t of_class = -1; ///< negative: all columns
};

struct RowNumbers {
  ValueRange first, best, std;
  std::int64_t at_lower = 0, at_upper = 0;
  std::int64_t not_determined = 0; ///< columns
};

class EstimateTable {
public:
  EstimateTable(const Case& inputs, const Analysis& analysis)
      : inputs_(inputs), ranks_(inputs.ranks), log_(inputs.log), analysis_(analysis),
        controls_(analysis.controls()), estimate_(analysis.solved.values()),
        std_(analysis.reported_std()), one_(inputs.columns.n_active() == 1) {}

  void write() {
    const std::vector<ControlGroup> groups = control_groups(controls_, inputs_.soil);
    for (const ControlGroup& group : groups)
      for (const TableRow& row : rows_of(group)) width_ = std::max(width_, title_of(row).size());
    if (one_)
      log_.info("{:<{}} {:>12} {:>12} {:>11} {:>10} {:>10}", "parameter", width_, "first guess",
                "estimate", "std", "lower", "upper");
    else
      log_.info("{:<{}} {:>12} {:>12} {:>12} {:>12} {:>11} {:>9}", "parameter (over columns)",
                width_, "first guess", "least", "mean", "largest", "mean std", "at bound");
    for (const ControlGroup& group : groups) write_group(group);
  }

private:
  void write_group(const ControlGroup& group) const {
    const std::vector<TableRow> rows = rows_of(group);
    std::vector<RowNumbers> numbers;
    for (const TableRow& row : rows) numbers.push_back(numbers_of(row));
    for (const std::size_t i : shown_rows(rows.size())) log_row(rows[i], numbers[i]);
    if (rows.size() > rows_per_parameter) log_summary(group, numbers);
  }

  std::vector<TableRow> rows_of(const ControlGroup& group) const {
    std::vector<TableRow> rows;
    for (const std::size_t k : group.members) {
      const Control& control = controls_[k];
      const std::string name = control_name(controls_, k, inputs_.soil, inputs_.time);
      if (control.region < 0) {
        rows.push_back({name, k});
        continue;
      }
      const RegionMap& map = controls_.regions()[static_cast<std::size_t>(control.region)];
      for (std::size_t i = 0; i < map.value.size(); ++i)
        rows.push_back(
            {fmt::format("{} ({})", name, map.name[i]), k, static_cast<std::int32_t>(i)});
    }
    return rows;
  }

  bool belongs(const TableRow& row, std::size_t c) const {
    if (!analysis_.objective().is_informed(c, row.k)) return false;
    const auto region = controls_[row.k].region;
    return row.of_class < 0 ||
           controls_.regions()[static_cast<std::size_t>(region)].of_column[c] == row.of_class;
  }

  template <class Value>
  ValueRange range_of(const TableRow& row, Value value) const {
    ValueRange local;
    double count = 0.0, sum = 0.0;
    for (std::size_t c = 0; c < controls_.n_column(); ++c) {
      const double v = value(c);
      if (!belongs(row, c) || std::isnan(v)) continue;
      local.least = std::min(local.least, v);
      local.largest = std::max(local.largest, v);
      sum += v;
      count += 1.0;
    }
    count = ranks_.sum(count);
    sum = ranks_.sum(sum);
    return {ranks_.min(local.least), count > 0.0 ? sum / count : std::nan(""),
            ranks_.max(local.largest)};
  }

  RowNumbers numbers_of(const TableRow& row) const {
    const Posterior& posterior = analysis_.solved.posterior;
    const std::size_t value = controls_[row.k].value;
    RowNumbers numbers;
    numbers.first = range_of(row, [&](std::size_t c) { return controls_.first_guess()(c, value); });
    numbers.best = range_of(row, [&](std::size_t c) { return estimate_(c, value); });
    numbers.std = range_of(row, [&](std::size_t c) { return std_(c, row.k); });
    for (std::size_t c = 0; c < controls_.n_column(); ++c) {
      if (!belongs(row, c)) continue;
      numbers.at_lower += posterior.at_bound(c, row.k) == AtBound::lower;
      numbers.at_upper += posterior.at_bound(c, row.k) == AtBound::upper;
      numbers.not_determined += analysis_.verdict(c, row.k) == Verdict::not_determined;
    }
    for (std::int64_t* count : {&numbers.at_lower, &numbers.at_upper, &numbers.not_determined})
      *count = ranks_.sum(*count);
    return numbers;
  }
  std::string unit_of(std::size_t k) const {
    return glebe::unit_of(controls_[k], inputs_.settings.observations);
  }

  std::string title_of(const TableRow& row) const {
    return fmt::format("{} [{}]", row.name, unit_of(row.k));
  }

  // At a bound there is no standard deviation.
  static std::string or_dash(double std) {
    return std::isnan(std) ? "-" : fmt::format("{:.3g}", std);
  }

  void log_row(const TableRow& row, const RowNumbers& numbers) const {
    const Control& control = controls_[row.k];
    const std::string name = title_of(row);
    const std::int64_t at_bound = numbers.at_lower + numbers.at_upper;
    if (one_)
      log_.info("{:<{}} {:>12.6g} {:>12.6g} {:>11} {:>10.4g} {:>10.4g}{}", name, width_,
                numbers.first.mean, numbers.best.mean, or_dash(numbers.std.mean), control.lower,
                control.upper,
                numbers.at_lower > 0   ? "  at its lower bound"
                : numbers.at_upper > 0 ? "  at its upper bound"
                                       : "");
    else
      log_.info("{:<{}} {:>12.6g} {:>12.6g} {:>12.6g} {:>12.6g} {:>11} {:>9}", name, width_,
                numbers.first.mean, numbers.best.least, numbers.best.mean, numbers.best.largest,
                or_dash(numbers.std.mean), at_bound);
  }

  // A summary of all rows of a parameter. For several columns, medians are those of the row means.
  void log_summary(const ControlGroup& group, const std::vector<RowNumbers>& numbers) const {
    ValueRange best, std;
    std::vector<double> bests, stds;
    std::int64_t at_bound = 0, not_determined = 0;
    for (const RowNumbers& row : numbers) {
      for (auto [all, one] : {std::pair(&best, &row.best), std::pair(&std, &row.std)}) {
        all->least = std::min(all->least, one->least);
        all->largest = std::max(all->largest, one->largest);
      }
      bests.push_back(row.best.mean);
      stds.push_back(row.std.mean);
      at_bound += row.at_lower + row.at_upper > 0;
      not_determined += row.not_determined > 0;
    }
    log_.info("  {} [{}]: {} of {} values are shown, the result file has all", group.name,
              unit_of(group.members.front()), rows_per_parameter, numbers.size());
    const double typical_std = median(stds);
    const std::string spread_of_std =
        std::isnan(typical_std) ? "unknown"
                                : fmt::format("least {:.3g}, median {:.3g}, largest {:.3g}",
                                              std.least, typical_std, std.largest);
    log_.info("  least {:.4g}, median {:.4g}, largest {:.4g}; std: {}; {} not determined, {} at a "
              "bound{}",
              best.least, median(bests), best.largest, spread_of_std, not_determined, at_bound,
              one_ ? "" : " in some column");
  }

  const Case& inputs_;
  const Ranks& ranks_;
  const Log& log_;
  const Analysis& analysis_;
  const Controls& controls_;
  DenseMatrix estimate_; ///< [column][n_value]
  DenseMatrix std_;      ///< [column][k]
  bool one_;
  std::size_t width_ = 32; ///< of the names
};

} // namespace

void log_estimate(const Case& inputs, const Analysis& analysis) {
  EstimateTable(inputs, analysis).write();
}

std::vector<std::size_t> shown_rows(std::size_t count) {
  std::vector<std::size_t> rows;
  const std::size_t n = std::min(count, rows_per_parameter);
  for (std::size_t i = 0; i < n; ++i)
    rows.push_back(n == 1 ? 0 : (i * (count - 1) + (n - 1) / 2) / (n - 1));
  return rows;
}

std::vector<ControlGroup> control_groups(const Controls& controls, const SoilGrid& soil) {
  std::vector<ControlGroup> groups;
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    const Control& control = controls[k];
    const bool of_profile = info(control.slot.parameter).place == Place::knot;
    std::string name = of_profile
                           ? quantity_name(info(control.slot.parameter).name, control.is_ratio())
                           : control_name(control, soil);
    if (groups.empty() || groups.back().name != name) groups.push_back({std::move(name), {}});
    groups.back().members.push_back(k);
  }
  return groups;
}

} // namespace glebe
