// SPDX-License-Identifier: BSD-3-Clause
// Parameters that are held at uncertain values.
#include "glebe/config/parameter_use.hpp"

#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

// In a coupled problem an error of every column by itself would take a solve for each column.
void check_considered(const Settings& settings, Problems& problems) {
  const auto& parameters = settings.parameters;
  const auto coupled = std::ranges::find_if(
      parameters, [](const ParameterSettings& one) { return one.couples_columns(); });
  for (const ParameterSettings& parameter : parameters) {
    if (!is_considered(parameter) || parameter.faulty("estimate")) continue;
    if (parameter.correlation_length)
      problems.add("{}: needs estimate = .true.", parameter.where("correlation_length"));
    if (parameter.faulty("space") || coupled == parameters.end() ||
        parameter.space != Space::column)
      continue;
    problems.add(
        "{}: a parameter that is not estimated but has a prior_std is uncertain by that "
        "much in the posterior of the others, and the parameter at {} couples columns: its "
        "error must then be one that columns share, with space = 'domain' or 'region'",
        parameter.where("prior_std"), coupled->at());
  }
}

} // namespace glebe
