// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/fit_table.hpp"

#include <cmath>

namespace glebe {

void log_stream_fits(const Ranks& ranks, const Log& log, const std::vector<Stream>& streams,
                     const Evaluation& columns) {
  log.info("{:<28} {:>9} {:>11} {:>11}", "model minus observation", "values", "rmse", "bias");
  for (std::size_t s = 0; s < streams.size(); ++s) {
    StreamFit total;
    for (std::size_t c = 0; c < columns.n_run(); ++c) {
      if (columns.failed[c]) continue;
      const StreamFit& of_column = columns.stream(c, s);
      total.count += of_column.count;
      total.sum += of_column.sum;
      total.sum_of_squares += of_column.sum_of_squares;
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

} // namespace glebe
