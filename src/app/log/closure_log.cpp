// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/closure_log.hpp"

#include <cmath>

namespace glebe {

void log_closure(const Log& log, const Closure& closure) {
  log.info("{:<28} {:>9} {:>11} {:>11} {:>11} {:>9} {:>11}", "observed balance [W m-2], UTC",
           "values", "Rn", "G", "H + LE", "ratio", "missing");
  const auto line = [&](std::string_view name, const Closure::Sums& of) {
    if (of.count == 0.0) return;
    log.info("{:<28} {:>9.0f} {:>11.1f} {:>11.1f} {:>11.1f} {:>9} {:>11.1f}", name, of.count,
             of.net_radiation / of.count, of.ground / of.count, of.turbulent / of.count,
             std::isnan(of.ratio()) ? "-" : fmt::format("{:.2f}", of.ratio()), of.mean_missing());
  };
  for (std::size_t h = 0; h < closure.hour.size(); ++h)
    line(fmt::format("{:02}:00 to {:02}:00", h, h + 1), closure.hour[h]);
  line("night (Rn < 0)", closure.night);
  line("day", closure.day());
  line("all", closure.all());
}

} // namespace glebe
