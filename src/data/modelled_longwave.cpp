// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/modelled_longwave.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/needed_inputs.hpp"
#include "glebe/data/column_positions.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/sun_series.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/physics/laws/humidity.hpp"

#include <algorithm>
#include <cmath>

#include "input_records.hpp"

namespace glebe {

namespace {

std::vector<double> middles_of(const std::vector<TimeInterval>& intervals) {
  std::vector<double> middles;
  for (const auto& [begin, end] : intervals) middles.push_back(0.5 * (begin + end));
  return middles;
}

/// The clouds and the longwave radiation of columns.
class Sky {
public:
  Sky(const Reading& reading, const SkyRecords& sun, const SkyRecords& air)
      : settings_(reading.settings.forcing), sun_(sun), air_(air),
        sun_series_(reading.time, sun.intervals), sun_middles_(middles_of(sun.intervals)),
        air_middles_(middles_of(air.intervals)) {}

  /// At the records of the sun; empty when they cannot be told.
  std::vector<double> clouds(std::size_t column, const Position& position) const {
    if (settings_.cloud == Cloud::none) return std::vector<double>(sun_middles_.size(), 0.0);
    std::vector<double> shortwave, clear;
    for (std::size_t i = 0; i < sun_middles_.size(); ++i) {
      shortwave.push_back(sun_.value(Input::shortwave, column, i));
      clear.push_back(sun_series_.extraterrestrial(i, position) *
                      clear_sky_transmissivity(sun_.value(Input::pressure, column, i)));
    }
    return cloudiness(sun_middles_, shortwave, clear);
  }

  std::size_t n_record() const { return air_middles_.size(); }

  float longwave(std::size_t column, std::size_t i, const std::vector<double>& clouds) const {
    const double T = air_.value(Input::air_temperature, column, i);
    const double q = air_.value(Input::humidity, column, i);
    const double e = vapour_pressure(q, air_.value(Input::pressure, column, i));
    const double clear = clear_sky_emissivity(settings_.longwave_model, T, std::max(e, 0.0));
    const double cloud = value_at(sun_.intervals, clouds, air_middles_[i]);
    return static_cast<float>(longwave_down(cloudy_emissivity(settings_.cloud, clear, cloud), T));
  }

private:
  const ForcingSettings& settings_;
  const SkyRecords& sun_;
  const SkyRecords& air_;
  SunSeries sun_series_;
  std::vector<double> sun_middles_;
  std::vector<double> air_middles_;
};

} // namespace

void require_longwave(const Ranks& ranks, const InputSource& source) {
  const NetcdfFile file = NetcdfFile::open(ranks, source.file.front());
  try {
    static_cast<void>(file.variable(source.variable));
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

void model_longwave(const Reading& reading, const SkyRecords& sun, const SkyRecords& air,
                    const std::function<void(std::size_t, std::size_t, float)>& set) {
  const ForcingSettings& settings = reading.settings.forcing;
  const Sky sky(reading, sun, air);
  const std::vector<Position> positions = read_positions(reading.settings.site, reading.columns);
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
      const std::vector<double> clouds = sky.clouds(c, positions[c]);
      if (clouds.empty()) refuse("it stays down for more than a day and a half");
      for (std::size_t i = 0; i < sky.n_record(); ++i) set(c, i, sky.longwave(c, i, clouds));
    }
  });
  reading.log.info("{}", modelled_inputs(reading.settings));
}

} // namespace glebe
