// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/parts.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"

#include <algorithm>
#include <bit>

namespace glebe {

namespace {

// Whether this rank has a fitted observation whose interval lies within the part.
bool is_observed(const Observations& observations, std::size_t n_column, const PartWindow& window) {
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    if (!stream.fitted()) continue;
    for (std::size_t k = 0; k < stream.times.size(); ++k) {
      const TimeInterval& interval = stream.intervals[k];
      if (interval.begin < window.begin || interval.end > window.end) continue;
      for (std::size_t c = 0; c < n_column; ++c)
        if (stream.inverse_sigma[observations.position(s, c, k)] > 0.0F) return true;
    }
  }
  return false;
}

// Of a place in time, so that no part draws what another draws.
int seed_of_part(int seed, const PartWindow& window) {
  constexpr int sign_bits = 33; // of an int that is not negative
  return static_cast<int>(
      random_bits({static_cast<std::uint64_t>(seed), std::bit_cast<std::uint64_t>(window.begin)}) >>
      sign_bits);
}

} // namespace

std::vector<PartWindow> part_windows(const Settings& settings, const ModelTime& time) {
  const auto parts = static_cast<std::size_t>(settings.split.parts);
  const auto boundary = [&](std::size_t part) {
    return time.step * static_cast<double>(part * time.n_step / parts);
  };
  std::vector<PartWindow> windows;
  for (std::size_t part = 0; part < parts; ++part)
    windows.push_back({boundary(part), boundary(part + 1)});
  if (parts > 1)
    for (const PartWindow& window : windows)
      if (window.end - window.begin < seconds_per_day)
        throw InputError(
            fmt::format("{} = {}: the window of {:g} days gives parts shorter than a day",
                        settings.split.where("parts"), parts, time.length() / seconds_per_day));
  return windows;
}

void check_parts(const Case& inputs) {
  if (inputs.settings.split.parts == 1) return;
  Problems problems;
  int number = 0;
  for (const PartWindow& window : part_windows(inputs.settings, inputs.time)) {
    ++number;
    if (!inputs.ranks.any(is_observed(inputs.observations, inputs.columns.n_local(), window)))
      problems.add("{} = {}: no observation to be fitted lies in part {}, {} to {}",
                   inputs.settings.split.where("parts"), inputs.settings.split.parts, number,
                   inputs.time.text(window.begin), inputs.time.text(window.end));
  }
  problems.throw_if_any();
}

Settings settings_of_part(const Case& whole, const PartWindow& window) {
  Settings settings = whole.settings;
  settings.time.start = add_seconds(whole.time.calendar, whole.time.start, window.begin);
  settings.time.stop = add_seconds(whole.time.calendar, whole.time.start, window.end);
  settings.run.seed = seed_of_part(settings.run.seed, window);
  settings.split.parts = 1;
  settings.run.series = false;
  settings.posterior.profile.clear();
  settings.posterior.bootstrap = 0;
  settings.posterior.rows.clear();
  return settings;
}

} // namespace glebe
