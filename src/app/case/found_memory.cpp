// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/found_memory.hpp"

#include "glebe/estimation/uncertainty/memory_of_residuals.hpp"

#include <algorithm>

namespace glebe {

namespace {

bool wants_memory_of(const Stream& stream) {
  return stream.fitted() && stream.settings.error_memory.automatic;
}

void log_memory(const Case& inputs, const std::string& stream, const MemoryEstimate& found) {
  if (found.hours == 0.0) {
    inputs.log.info("error memory of {}: none, its residuals are independent", stream);
    return;
  }
  inputs.log.info("error memory of {}: {:.3g} h, as the residuals of a fit with independent errors "
                  "show",
                  stream, found.hours);
  if (found.endless)
    inputs.log.warning("the residuals of {} do not forget within the window: they are a bias or a "
                       "drift of sensor or model, not errors that come and go",
                       stream);
}

void warn_of_misfit(const Case& inputs, const std::string& stream, const MemoryEstimate& found,
                    double beyond) {
  inputs.log.warning(
      "error memory of {}: none is used. The most likely one, {:.3g} h, leaves an autocorrelation "
      "of {:.2f} from one residual to the next: a misfit of the model with a shape of its own (a "
      "daily wave, a drift), not errors that come and go",
      stream, found.hours, beyond);
}

} // namespace

bool wants_memory(const Case& inputs) {
  const auto& streams = inputs.observations.streams;
  return std::any_of(streams.begin(), streams.end(), wants_memory_of);
}

bool find_memory(Case& inputs, const Objective& objective, Vec x) {
  const std::vector<MemoryEstimate> found = memory_of_residuals(objective, x);
  auto& streams = inputs.observations.streams;
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (wants_memory_of(streams[s])) streams[s].settings.error_memory.hours = found[s].hours;
  const std::vector<double> beyond = autocorrelation_beyond_memory(objective, x);
  bool any = false;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (!wants_memory_of(streams[s])) continue;
    ObservationSettings& settings = streams[s].settings;
    if (beyond[s] > largest_beyond_memory) {
      warn_of_misfit(inputs, settings.name, found[s], beyond[s]);
      settings.error_memory.hours = 0.0;
      continue;
    }
    log_memory(inputs, settings.name, found[s]);
    any = any || found[s].hours > 0.0;
  }
  return any;
}

} // namespace glebe
