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

} // namespace

bool wants_memory(const Case& inputs) {
  const auto& streams = inputs.observations.streams;
  return std::any_of(streams.begin(), streams.end(), wants_memory_of);
}

bool find_memory(Case& inputs, const Objective& objective, Vec x) {
  const std::vector<MemoryEstimate> found = memory_of_residuals(objective, x);
  bool any = false;
  for (std::size_t s = 0; s < found.size(); ++s) {
    ObservationSettings& settings = inputs.observations.streams[s].settings;
    if (!wants_memory_of(inputs.observations.streams[s])) continue;
    log_memory(inputs, settings.name, found[s]);
    settings.error_memory.hours = found[s].hours;
    any = any || found[s].hours > 0.0;
  }
  return any;
}

} // namespace glebe
