// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/closure.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace glebe {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

// The stream of a kind that has values, at the surface where the kind has depths; the same on every
// rank, whether it has columns or not.
std::size_t find_stream(const Observations& observations, ObservationKind kind) {
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    if (stream.settings.kind == kind && stream.has_values() &&
        stream.settings.depth.value_or(0.0) == 0.0)
      return s;
  }
  return none;
}

// Net radiation, ground heat flux and the turbulent fluxes, one or two; empty where one is missing
// or has other times.
std::vector<std::size_t> balance_streams(const Observations& observations) {
  std::vector<std::size_t> found{find_stream(observations, ObservationKind::net_radiation),
                                 find_stream(observations, ObservationKind::ground_heat_flux)};
  if (const std::size_t both = find_stream(observations, ObservationKind::turbulent_heat);
      both != none) {
    found.push_back(both);
  } else {
    found.push_back(find_stream(observations, ObservationKind::sensible_heat));
    found.push_back(find_stream(observations, ObservationKind::latent_heat));
  }
  const auto same_times = [&](std::size_t s) {
    return s != none &&
           observations.streams[s].intervals == observations.streams[found[0]].intervals;
  };
  if (found[0] == none || !std::ranges::all_of(found, same_times)) return {};
  return found;
}

// What was measured at one time of one column; nothing where any of it is missing.
std::optional<Closure::Sums> at(const Observations& observations,
                                const std::vector<std::size_t>& streams, std::size_t column,
                                std::size_t k) {
  std::vector<double> flux;
  for (const std::size_t s : streams) {
    const std::size_t i = observations.position(s, column, k);
    const Stream& stream = observations.streams[s];
    if (!std::isfinite(stream.value[i]) || stream.inverse_sigma[i] <= 0.0F) return {};
    flux.push_back(stream.value[i]);
  }
  return Closure::Sums{1.0, flux[0], flux[1], flux.size() == 3 ? flux[2] : flux[2] + flux[3]};
}

void sum_over_ranks(const Ranks& ranks, Closure& closure) {
  std::vector<double> all;
  const auto for_each = [&](auto action) {
    for (Closure::Sums& one : closure.hour) action(one);
    action(closure.night);
  };
  for_each([&](const Closure::Sums& one) {
    all.insert(all.end(), {one.count, one.net_radiation, one.ground, one.turbulent});
  });
  ranks.sum(std::span(all));
  std::size_t i = 0;
  for_each([&](Closure::Sums& one) {
    one = {all[i], all[i + 1], all[i + 2], all[i + 3]};
    i += 4;
  });
}

} // namespace

Closure::Sums& Closure::Sums::operator+=(const Sums& other) {
  count += other.count;
  net_radiation += other.net_radiation;
  ground += other.ground;
  turbulent += other.turbulent;
  return *this;
}

Closure::Sums Closure::day() const {
  Sums all;
  for (const Sums& one : hour) all += one;
  return all;
}

std::optional<Closure> closure_of(const Ranks& ranks, const Observations& observations,
                                  const ModelTime& time, std::size_t n_column) {
  const std::vector<std::size_t> streams = balance_streams(observations);
  if (streams.empty()) return {};
  constexpr double hour = 3600.0;
  Closure closure;
  const auto& intervals = observations.streams[streams[0]].intervals;
  for (std::size_t k = 0; k < intervals.size(); ++k) {
    const double middle = 0.5 * (intervals[k].begin + intervals[k].end);
    const double of_day = std::fmod(time.start.second_of_day + middle, seconds_per_day);
    for (std::size_t c = 0; c < n_column; ++c)
      if (const auto one = at(observations, streams, c, k)) {
        closure.hour[static_cast<std::size_t>(of_day / hour) % 24] += *one;
        if (one->net_radiation < 0.0) closure.night += *one;
      }
  }
  sum_over_ranks(ranks, closure);
  if (closure.day().count == 0.0) return {};
  return closure;
}

void log_closure(const Ranks& ranks, const Log& log, const Observations& observations,
                 const ModelTime& time, std::size_t n_column) {
  const std::optional<Closure> closure = closure_of(ranks, observations, time, n_column);
  if (!closure) return;
  const auto line = [&](std::string_view name, const Closure::Sums& of) {
    if (of.count > 0.0)
      log.info("{:<28} {:>9.0f} {:>11.1f} {:>11.1f} {:>11.1f} {:>11.1f}", name, of.count,
               of.net_radiation / of.count, of.ground / of.count, of.turbulent / of.count,
               of.missing() / of.count);
  };
  log.info("{:<28} {:>9} {:>11} {:>11} {:>11} {:>11}", "observed balance [W m-2], UTC", "values",
           "Rn", "G", "H + LE", "missing");
  for (std::size_t h = 0; h < closure->hour.size(); ++h)
    line(fmt::format("{:02}:00 to {:02}:00", h, h + 1), closure->hour[h]);
  line("night (Rn < 0)", closure->night);
  const Closure::Sums day = closure->day();
  line("all", day);
  // Below this, sensors of radiation alone explain it.
  constexpr double small = 10.0;
  const double night =
      closure->night.count > 0.0 ? closure->night.missing() / closure->night.count : 0.0;
  if (std::abs(day.missing() / day.count) < small && std::abs(night) < small) return;
  log.info("the observed fluxes do not close: the model, which does, cannot meet net radiation, "
           "ground heat flux and H + LE at once; closed by the Bowen ratio, H + LE is {:.2f} times "
           "what was measured",
           (day.net_radiation - day.ground) / day.turbulent);
}

} // namespace glebe
