// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/knots.hpp"

#include "glebe/base/error.hpp"

#include <algorithm>

namespace glebe {

namespace {

std::vector<double> listed_knots(const ParameterSettings& parameter, const ModelTime& time) {
  std::vector<double> knots;
  for (const DateTime& date : parameter.knots.dates) {
    knots.push_back(with_location(parameter.where("knots"), [&] {
      return seconds_between(time.calendar, time.start, date);
    }));
    const std::size_t n = knots.size();
    if (n > 1 && knots[n - 1] <= knots[n - 2])
      throw InputError(fmt::format("{}: must increase, but {} follows {}", parameter.where("knots"),
                                   time.text(knots[n - 1]), time.text(knots[n - 2])));
  }
  if (parameter.time == TimeBasis::steps && knots.front() > 0.0)
    throw InputError(fmt::format("{}: with time = 'steps' the first knot, {}, must not be later "
                                 "than the start of the window, {}",
                                 parameter.where("knots"), time.text(knots.front()),
                                 time.text(0.0)));
  return knots;
}

// The first days of months; the first knot of `steps` is at the start of the window.
std::vector<double> monthly_knots(TimeBasis basis, const ModelTime& time) {
  DateTime month = month_start(time.calendar, time.start);
  const auto seconds = [&] { return seconds_between(time.calendar, time.start, month); };
  std::vector<double> knots{basis == TimeBasis::steps ? 0.0 : seconds()};
  while (knots.back() < time.length()) {
    month = next_month(time.calendar, month);
    knots.push_back(seconds());
  }
  return knots;
}

std::vector<double> regular_knots(double interval, const ModelTime& time) {
  std::vector<double> knots{0.0};
  while (knots.back() < time.length())
    knots.push_back(interval * static_cast<double>(knots.size()));
  return knots;
}

// [knot]: whether the parameter depends on it in any step.
std::vector<bool> used_in_steps(const std::vector<double>& knots,
                                const std::vector<KnotPosition>& positions) {
  std::vector<bool> used(knots.size(), false);
  for (const auto& [knot, weight] : positions) {
    const auto j = static_cast<std::size_t>(knot);
    if (weight < 1.0) used[j] = true;
    if (weight > 0.0) used[j + 1] = true;
  }
  return used;
}

} // namespace

std::vector<KnotPosition> knot_positions(TimeBasis basis, const std::vector<double>& knots,
                                         const ModelTime& time) {
  std::vector<KnotPosition> positions(time.n_step);
  for (std::size_t step = 0; step < time.n_step; ++step) {
    const double middle = time.step * (static_cast<double>(step) + 0.5);
    const auto next = std::upper_bound(knots.begin(), knots.end(), middle);
    if (next == knots.begin()) continue; // before the first knot its value is used
    KnotPosition& position = positions[step];
    position.knot = static_cast<std::int32_t>(next - knots.begin()) - 1;
    if (basis == TimeBasis::linear && next != knots.end())
      position.weight = (middle - *(next - 1)) / (*next - *(next - 1));
  }
  return positions;
}

KnotSchedule make_knots(const ParameterSettings& parameter, const ModelTime& time) {
  const bool listed = !parameter.knots.dates.empty();
  KnotSchedule knots;
  if (listed)
    knots.time = listed_knots(parameter, time);
  else if (parameter.knots.monthly)
    knots.time = monthly_knots(parameter.time, time);
  else
    knots.time = regular_knots(3600.0 * parameter.knot_interval.value(), time);
  knots.at_step = knot_positions(parameter.time, knots.time, time);

  const std::vector<bool> used = used_in_steps(knots.time, knots.at_step);
  const auto unused = std::find(used.begin(), used.end(), false);
  if (unused == used.end()) return knots;
  if (listed)
    throw InputError(
        fmt::format("{}: the knot at {} is used in no step of the window, {} to {}: remove it",
                    parameter.where("knots"),
                    time.text(knots.time[static_cast<std::size_t>(unused - used.begin())]),
                    time.text(0.0), time.text(time.length())));
  std::vector<double> kept;
  for (std::size_t j = 0; j < knots.time.size(); ++j)
    if (used[j]) kept.push_back(knots.time[j]);
  return {kept, knot_positions(parameter.time, kept, time)};
}

} // namespace glebe
