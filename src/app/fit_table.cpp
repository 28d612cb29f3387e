// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/fit_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

void log_stream_fits(const Ranks& ranks, const Log& log, const std::vector<Stream>& streams,
                     const Fit& fit) {
  log.info("{:<28} {:>9} {:>11} {:>11}", "model minus observation", "values", "rmse", "bias");
  for (std::size_t s = 0; s < streams.size(); ++s) {
    StreamFit total;
    for (std::size_t i = s; i < fit.stream.size(); i += fit.n_stream) {
      if (fit.failed[i / fit.n_stream]) continue;
      total.count += fit.stream[i].count;
      total.sum += fit.stream[i].sum;
      total.sum_of_squares += fit.stream[i].sum_of_squares;
    }
    const double count = ranks.sum(total.count), sum = ranks.sum(total.sum),
                 squares = ranks.sum(total.sum_of_squares);
    const ObservationSettings& settings = streams[s].settings;
    if (count == 0.0) {
      log.info("{:<28} {:>9}", settings.name, 0);
      continue;
    }
    log.info("{:<28} {:>9.0f} {:>11.4g} {:>11.4g} {}{}", settings.name, count,
             std::sqrt(squares / count), sum / count, info(settings.kind).unit,
             settings.withhold ? " (withheld)" : "");
  }
}

std::string control_name(const ParameterSlot& slot, const SoilGrid& soil) {
  const ParameterInfo& row = info(slot.parameter);
  if (row.place == Place::horizon && soil.horizon_names().size() > 1)
    return fmt::format("{}[{}]", row.name, soil.horizon_names()[slot.index]);
  if (row.place == Place::knot)
    return fmt::format("{}[{:g} m]", row.name, soil.knots()[slot.index]);
  return row.name;
}

std::string control_name(const Controls& controls, std::size_t k, const SoilGrid& soil,
                         const ModelTime& time) {
  const Control& control = controls.controls()[k];
  std::string name = control_name(control.slot, soil);
  const auto knots = controls.knot_times(k);
  if (knots.empty()) return name;
  const std::string date = time.text(knots[control.knot]);
  constexpr std::size_t length_of_day = 10;
  const bool midnight = date.substr(length_of_day) == "T00:00:00";
  return fmt::format("{}[{}]", name, midnight ? date.substr(0, length_of_day) : date);
}

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Least, mean and largest of one control's values over all columns of all ranks.
struct Spread {
  double least = infinity;
  double mean = 0.0;
  double largest = -infinity;
};

template <class Value>
Spread spread(const Ranks& ranks, std::size_t n_column, const std::vector<char>& left_out,
              Value value) {
  Spread local;
  double count = 0.0, sum = 0.0;
  for (std::size_t c = 0; c < n_column; ++c) {
    const double v = value(c);
    if (left_out[c] || std::isnan(v)) continue;
    local.least = std::min(local.least, v);
    local.largest = std::max(local.largest, v);
    sum += v;
    count += 1.0;
  }
  count = ranks.sum(count);
  sum = ranks.sum(sum);
  return {ranks.min(local.least), count > 0.0 ? sum / count : 0.0, ranks.max(local.largest)};
}

} // namespace

namespace {

// The rows of the table: a value of all columns, or of those of one class.
struct TableRow {
  std::string name;
  std::size_t k;
  std::vector<char> left_out; ///< columns that do not belong to it
};

std::vector<TableRow> table_rows(const Objective& objective, const SoilGrid& soil,
                                 const ModelTime& time) {
  const Controls& controls = objective.controls();
  std::vector<TableRow> rows;
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    const Control& control = controls.controls()[k];
    const std::string name = control_name(controls, k, soil, time);
    std::vector<char> left_out(controls.n_column());
    for (std::size_t c = 0; c < left_out.size(); ++c) left_out[c] = !objective.known(c, k);
    if (control.region < 0) {
      rows.push_back({name, k, left_out});
      continue;
    }
    const RegionMap& map = controls.regions()[static_cast<std::size_t>(control.region)];
    for (std::size_t i = 0; i < map.value.size(); ++i) {
      TableRow row{fmt::format("{} ({})", name, map.name[i]), k, left_out};
      for (std::size_t c = 0; c < left_out.size(); ++c)
        row.left_out[c] = row.left_out[c] || map.of_column[c] != static_cast<std::int32_t>(i);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

void log_row(const Ranks& ranks, const Log& log, const Controls& controls, const TableRow& row,
             const std::vector<double>& estimate, const Posterior& posterior, bool one) {
  const std::size_t m = controls.per_column(), n_value = controls.schedule().n_value();
  const Control& control = controls.controls()[row.k];
  const auto over_columns = [&](auto value) {
    return spread(ranks, controls.n_column(), row.left_out, value);
  };
  const Spread first = over_columns(
      [&](std::size_t c) { return controls.first_guess()[c * n_value + control.value]; });
  const Spread best =
      over_columns([&](std::size_t c) { return estimate[c * n_value + control.value]; });
  const Spread std = over_columns([&](std::size_t c) { return posterior.std[c * m + row.k]; });
  std::int64_t at_lower = 0, at_upper = 0;
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    if (row.left_out[c]) continue;
    at_lower += posterior.at_bound[c * m + row.k] == AtBound::lower;
    at_upper += posterior.at_bound[c * m + row.k] == AtBound::upper;
  }
  at_lower = ranks.sum(at_lower);
  at_upper = ranks.sum(at_upper);
  const std::string name = fmt::format("{} [{}]", row.name, info(control.slot.parameter).unit);
  if (one)
    log.info("{:<32} {:>12.6g} {:>12.6g} {:>11} {:>10.4g} {:>10.4g}{}", name, first.mean, best.mean,
             at_lower + at_upper > 0 ? "-" : fmt::format("{:.3g}", std.mean), control.lower,
             control.upper,
             at_lower > 0   ? "  at its lower bound"
             : at_upper > 0 ? "  at its upper bound"
                            : "");
  else
    log.info("{:<32} {:>12.6g} {:>12.6g} {:>12.6g} {:>12.6g} {:>11.3g} {:>9}", name, first.mean,
             best.least, best.mean, best.largest, std.mean, at_lower + at_upper);
}

} // namespace

void log_estimate(const Ranks& ranks, const Log& log, const Objective& objective,
                  const SoilGrid& soil, const ModelTime& time, const std::vector<double>& estimate,
                  const Posterior& posterior) {
  const Controls& controls = objective.controls();
  const bool one = ranks.sum(static_cast<std::int64_t>(controls.n_column())) == 1;
  if (one)
    log.info("{:<32} {:>12} {:>12} {:>11} {:>10} {:>10}", "parameter", "first guess", "estimate",
             "std", "lower", "upper");
  else
    log.info("{:<32} {:>12} {:>12} {:>12} {:>12} {:>11} {:>9}", "parameter (over columns)",
             "first guess", "least", "mean", "largest", "mean std", "at bound");
  for (const TableRow& row : table_rows(objective, soil, time))
    log_row(ranks, log, controls, row, estimate, posterior, one);
}

} // namespace glebe
