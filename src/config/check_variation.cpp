// SPDX-License-Identifier: BSD-3-Clause
// How parameters vary in space and in time, and which methods can estimate this variation.
#include <algorithm>

#include "check_settings.hpp"

namespace glebe {

namespace {

void check_regions(const ParameterSettings& parameter, Problems& problems) {
  const bool file = !parameter.region_file.empty();
  const bool variable = !parameter.region_variable.empty();
  const auto check = [&](const char* key, bool given) {
    if (parameter.faulty(key)) return;
    if (parameter.space == Space::region && !given)
      problems.add("{}: required for space = 'region'", parameter.where(key));
    if (parameter.space != Space::region && given)
      problems.add("{}: needs space = 'region'", parameter.where(key));
  };
  check("region_file", file);
  check("region_variable", variable);
}

void check_space(const ParameterSettings& parameter, Problems& problems) {
  if (parameter.faulty("space")) return;
  check_regions(parameter, problems);
  const bool shared = parameter.space != Space::column;
  if (shared && parameter.estimate && !parameter.file.empty())
    problems.add(
        "{}: with space = '{}' the first guess must be one value for all columns: give value "
        "instead of file",
        parameter.where("file"), name_of(parameter.space, space_names));
  if (!parameter.correlation_length || parameter.faulty("correlation_length")) return;
  if (shared) problems.add("{}: needs space = 'column'", parameter.where("correlation_length"));
  if (!parameter.prior_std && !parameter.faulty("prior_std"))
    problems.add("{}: needs prior_std", parameter.where("correlation_length"));
}

// Listed knots must increase, and with `steps` the first must not be after the start.
void check_dates(const TimeSettings& window, const ParameterSettings& parameter,
                 Problems& problems) {
  const auto& dates = parameter.knots.dates;
  for (std::size_t i = 1; i < dates.size(); ++i)
    if (comparable_days(dates[i - 1]) >= comparable_days(dates[i])) {
      problems.add("{}: must increase, but '{}' follows '{}'", parameter.where("knots"),
                   minute_text(dates[i]), minute_text(dates[i - 1]));
      return;
    }
  const bool start_known = window.given("start") && !window.faulty("start");
  if (parameter.time == TimeBasis::steps && !dates.empty() && start_known &&
      comparable_days(dates.front()) > comparable_days(window.start))
    problems.add("{} = '{}': with time = 'steps' the first knot must not be later than &time start "
                 "= '{}'",
                 parameter.where("knots"), minute_text(dates.front()), minute_text(window.start));
  const std::size_t count = parameter.value.size();
  if (!dates.empty() && count > 1 && count != dates.size() && !parameter.faulty("value"))
    problems.add("{}: {} values for {} knots: must be one, or one for each",
                 parameter.where("value"), count, dates.size());
}

void check_knot_interval(const TimeSettings& window, const ParameterSettings& parameter,
                         Problems& problems) {
  if (!parameter.knot_interval || parameter.faulty("knot_interval")) return;
  const bool step_known = window.given("step") && !window.faulty("step");
  if (step_known && *parameter.knot_interval * 3600.0 < window.step)
    problems.add("{} = {} h: must not be shorter than &time step = {} s",
                 parameter.where("knot_interval"), *parameter.knot_interval, window.step);
}

void check_constant(const ParameterSettings& parameter, Problems& problems) {
  for (const char* key : {"knots", "knot_interval", "time_std"})
    if (parameter.given(key))
      problems.add("{}: needs time = 'steps' or time = 'linear'", parameter.where(key));
}

void check_time_basis(const TimeSettings& window, const ParameterSettings& parameter,
                      Problems& problems) {
  if (parameter.faulty("time") || parameter.faulty("name")) return;
  if (parameter.time == TimeBasis::constant) return check_constant(parameter, problems);
  const char* time = name_of(parameter.time, time_basis_names);
  if (info(parameter.name).place == Place::knot) {
    problems.add("{} = '{}': {} does not vary in time", parameter.where("time"), time,
                 info(parameter.name).name);
    return;
  }
  if (parameter.faulty("knots") || parameter.faulty("knot_interval")) return;
  const bool listed = !parameter.knots.empty();
  if (listed && parameter.knot_interval)
    problems.add("{}: must not be given with knots", parameter.where("knot_interval"));
  else if (!listed && !parameter.knot_interval)
    problems.add("{} = '{}': knots or knot_interval is required", parameter.where("time"), time);
  else if (listed)
    check_dates(window, parameter, problems);
  else
    check_knot_interval(window, parameter, problems);
}

/// "space = 'region' of the parameter at case.nml:9", the first that couples columns; empty when
/// none does.
std::string coupling(const Settings& settings) {
  const auto& parameters = settings.parameters;
  const auto first =
      std::find_if(parameters.begin(), parameters.end(), [](const ParameterSettings& parameter) {
        return parameter.couples_columns() && !parameter.faulty("space");
      });
  if (first == parameters.end()) return {};
  const std::string key = first->space == Space::column
                              ? "correlation_length"
                              : fmt::format("space = '{}'", name_of(first->space, space_names));
  return fmt::format("{} of the parameter at {}", key, first->at());
}

// In a coupled problem every point of a profile takes a fit of all columns together. This is
// possible for shared values, but not for a value in every column.
void check_profiles(const Settings& settings, Problems& problems) {
  const std::string coupled = coupling(settings);
  const PosteriorSettings& posterior = settings.posterior;
  if (coupled.empty() || posterior.faulty("profile")) return;
  for (const ParameterSettings& parameter : settings.parameters) {
    if (!parameter.estimate || parameter.faulty("name") || parameter.faulty("space")) continue;
    const std::string name = info(parameter.name).name;
    const auto& wanted = posterior.profile;
    if (parameter.space != Space::column ||
        std::find(wanted.begin(), wanted.end(), name) == wanted.end())
      continue;
    problems.add("{} = '{}': has a value in every column, and {} couples columns, so that every "
                 "point of every profile would take a fit of all columns together: only shared "
                 "parameters can have a profile then; bootstrap is possible for all",
                 posterior.where("profile"), name, coupled);
  }
}

} // namespace

void check_variation(const Settings& settings, Problems& problems) {
  for (const ParameterSettings& parameter : settings.parameters) {
    check_space(parameter, problems);
    check_time_basis(settings.time, parameter, problems);
  }
}

void check_optimizer(const Settings& settings, Problems& problems) {
  const OptimizerSettings& optimizer = settings.optimizer;
  check_profiles(settings, problems);
  if (!settings.posterior.rows.empty() && coupling(settings).empty())
    problems.add("{}: nothing couples columns, so that there are no correlations between cells",
                 settings.posterior.where("rows"));
  if (optimizer.faulty("method")) return;
  const std::string coupled = coupling(settings);
  const bool by_column = optimizer.method == OptimizerMethod::column_newton;
  if (optimizer.gradient == GradientMethod::adjoint && by_column)
    problems.add(
        "{} = 'adjoint': method = 'column_newton' works on the Gauss-Newton blocks of "
        "columns, which only the tangent-linear model gives; use 'auto', 'bntr' or another "
        "method for all columns together",
        optimizer.where("gradient"));
  if (by_column && !coupled.empty()) {
    problems.add("{} = 'column_newton': searches each column by itself, but {} couples columns: "
                 "must be 'auto' or one of the methods for all columns together",
                 optimizer.where("method"), coupled);
    return;
  }
  if (optimizer.starts <= 1 || optimizer.faulty("starts") || by_column) return;
  if (optimizer.method != OptimizerMethod::automatic)
    problems.add("{} = {}: needs method = 'column_newton'", optimizer.where("starts"),
                 optimizer.starts);
  else if (!coupled.empty())
    problems.add("{} = {}: needs method = 'column_newton', but {} couples columns",
                 optimizer.where("starts"), optimizer.starts, coupled);
}

} // namespace glebe
