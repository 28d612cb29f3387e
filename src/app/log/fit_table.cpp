// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/fit_table.hpp"

#include "glebe/estimation/problem/control_names.hpp"

#include <algorithm>
#include <cmath>

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
    const ParameterSlot& slot = controls.controls()[k].slot;
    const ParameterInfo& row = info(slot.parameter);
    std::string name = row.place == Place::knot ? row.name : control_name(slot, soil);
    if (groups.empty() || groups.back().name != name) groups.push_back({std::move(name), {}});
    groups.back().members.push_back(k);
  }
  return groups;
}

} // namespace glebe
