// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/modelled_longwave.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/needed_inputs.hpp"
#include "glebe/data/sun_series.hpp"
#include "glebe/data/time_points.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

/// The rows of one column that the model needs, and the one that it fills.
class ColumnSky {
public:
  ColumnSky(const ForcingSettings& settings, InputTrack& track, std::size_t column)
      : settings_(settings), track_(track), column_(column) {}

  /// Whether clouds can be told. `sun` and `middles` [s] of the records.
  bool fill(const SunSeries& sun, const Position& position, const std::vector<double>& middles) {
    std::vector<double> cloud(middles.size(), 0.0);
    if (settings_.cloud != Cloud::none) {
      std::vector<double> shortwave, clear;
      for (std::size_t i = 0; i < middles.size(); ++i) {
        shortwave.push_back(value(Input::shortwave, i));
        clear.push_back(sun.extraterrestrial(i, position) *
                        clear_sky_transmissivity(value(Input::pressure, i)));
      }
      cloud = cloudiness(middles, shortwave, clear);
      if (cloud.empty()) return false;
    }
    for (std::size_t i = 0; i < middles.size(); ++i) {
      const double T = value(Input::air_temperature, i);
      const double e = vapour_pressure(value(Input::humidity, i), value(Input::pressure, i));
      const double clear = clear_sky_emissivity(settings_.longwave_model, T, std::max(e, 0.0));
      value(Input::longwave, i) =
          static_cast<float>(longwave_down(cloudy_emissivity(settings_.cloud, clear, cloud[i]), T));
    }
    return true;
  }

private:
  float& value(Input input, std::size_t i) {
    return track_.series_of(input, column_)[i * track_.stride()];
  }

  const ForcingSettings& settings_;
  InputTrack& track_;
  std::size_t column_;
};

} // namespace

void require_longwave(const ForcingSettings& settings, const FileSeries& files) {
  if (settings.models_longwave() || settings.constant[Input::longwave]) return;
  try {
    static_cast<void>(files.first_file().variable(settings.variable[Input::longwave]));
  } catch (const InputError& error) {
    throw InputError(
        error.problems().front() +
        "; without measured longwave radiation, set &forcing longwave_model = 'brutsaert', 'prata' "
        "or 'dilley_obrien' (by air temperature, humidity and clouds; the parameter longwave_bias "
        "can stand for its error), longwave_constant, or use measured net_radiation in its place");
  }
}

std::vector<double> cloudiness(const std::vector<double>& middles,
                               const std::vector<double>& shortwave,
                               const std::vector<double>& clear) {
  constexpr double by_day = 100.0;           // [W m-2] under a clear sky
  constexpr double half_window = 5400.0;     // [s] around a record
  constexpr double longest_night = 129600.0; // [s]
  std::vector<std::size_t> days;             // records by day
  for (std::size_t i = 0; i < clear.size(); ++i)
    if (clear[i] > by_day) days.push_back(i);
  if (days.empty()) return {};
  std::vector<double> cloud(clear.size());
  std::size_t begin = 0, end = 0;
  for (const std::size_t i : days) {
    while (middles[days[begin]] < middles[i] - half_window) ++begin;
    while (end < days.size() && middles[days[end]] <= middles[i] + half_window) ++end;
    double measured = 0.0, possible = 0.0;
    for (std::size_t k = begin; k < end; ++k) {
      measured += shortwave[days[k]];
      possible += clear[days[k]];
    }
    cloud[i] = std::clamp(1.0 - measured / possible, 0.0, 1.0);
  }
  std::fill(cloud.begin(), cloud.begin() + std::ptrdiff_t(days.front()), cloud[days.front()]);
  std::fill(cloud.begin() + std::ptrdiff_t(days.back()), cloud.end(), cloud[days.back()]);
  for (std::size_t k = 1; k < days.size(); ++k) {
    const std::size_t a = days[k - 1], b = days[k];
    const double length = middles[b] - middles[a];
    if (length > longest_night) return {};
    for (std::size_t i = a + 1; i < b; ++i)
      cloud[i] = cloud[a] + (cloud[b] - cloud[a]) * (middles[i] - middles[a]) / length;
  }
  const double after =
      std::max(middles[days.front()] - middles.front(), middles.back() - middles[days.back()]);
  return after > longest_night ? std::vector<double>() : cloud;
}

void model_longwave(const Reading& reading, InputTrack& track) {
  const ForcingSettings& settings = reading.settings.forcing;
  std::vector<TimeInterval> intervals;
  std::vector<double> middles;
  const double spacing = settings.interval.value_or(regular_interval(track.record_times()));
  for (const double time : track.record_times()) {
    intervals.push_back(stamped_interval(time, settings.stamp, spacing));
    middles.push_back(0.5 * (intervals.back().begin + intervals.back().end));
  }
  const SunSeries sun(reading.time, intervals);
  const std::vector<Position> positions = read_positions(
      reading.ranks, reading.settings.site,
      {settings.file.front(), forcing_reference_variable(settings)}, reading.columns);
  agree_on_failure(reading.ranks, [&] {
    for (std::size_t c = 0; c < positions.size(); ++c) {
      const auto refuse = [&](const char* why) {
        throw InputError(fmt::format("{}: clouds cannot be told from the sun at {}: {}; cloud = "
                                     "'none' does without them",
                                     settings.where("longwave_model"), reading.columns.label(c),
                                     why));
      };
      if (settings.cloud != Cloud::none && !positions[c].known())
        refuse("latitude and longitude are not known, from coordinates in the file or from &site");
      if (!ColumnSky(settings, track, c).fill(sun, positions[c], middles))
        refuse("it stays down for more than a day and a half");
    }
  });
  reading.log.info("{}", modelled_inputs(reading.settings));
}

} // namespace glebe
