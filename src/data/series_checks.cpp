// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/series_checks.hpp"

#include "glebe/physics/constants.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace glebe {

namespace {

using F = SeriesFacts;
using W = WeatherFacts;
using O = ObservationFacts;

constexpr double day = 24.0; // [h]

// Ice and water together hold soil at the freezing point.
bool stuck(const O& o) {
  return o.depth <= 0.2 && o.of.held_hours > 5 * day &&
         std::abs(o.of.held_at - freezing_temperature) > 1.5;
}

constexpr std::array input_rows{
    InputCheck{Input::shortwave,
               [](const F& f, const W& w) {
                 return f.hours > 2 * day && f.most < 20.0 && w.most_light > 200.0;
               },
               "never above 20 W m-2 under a sun of more than 200 W m-2; is its unit right?"},
    InputCheck{Input::shortwave,
               [](const F& f, const W& w) { return f.hours > day && w.clearness > 1.05; },
               "more than reaches the top of the atmosphere; is its unit right?"},
    InputCheck{Input::shortwave, [](const F&, const W& w) { return w.night_shortwave > 20.0; },
               "more than 20 W m-2 on average at night; are its zero and its times right?"},
    InputCheck{Input::longwave,
               [](const F& f, const W& w) {
                 return f.hours > day && (w.longwave_ratio < 0.4 || w.longwave_ratio > 1.15);
               },
               "on average not 0.4 to 1.15 of sigma T^4 of the air; is it downwelling, and are the "
               "units right?"},
    InputCheck{Input::air_temperature, [](const F& f, const W&) { return f.held_hours >= day; },
               "does not change for a day or longer; is the sensor stuck?"},
    InputCheck{Input::air_temperature, [](const F& f, const W&) { return f.mean > 323.15; },
               "above 50 degC on average; is its unit right?"},
    InputCheck{Input::humidity,
               [](const F& f, const W& w) { return f.hours > day && w.humidity_ratio > 1.25; },
               "on average more than the air can hold; are its unit and humidity_kind right?"},
    InputCheck{Input::humidity,
               [](const F& f, const W& w) { return f.hours > day && w.humidity_ratio < 0.01; },
               "on average less than a hundredth of what the air can hold; are its unit and "
               "humidity_kind right?"},
    InputCheck{Input::pressure, [](const F& f, const W&) { return f.most - f.least > 1.5e4; },
               "differs by more than 150 hPa; is it measured at one place?"},
    InputCheck{Input::wind, [](const F& f, const W&) { return f.hours >= day && f.most < 0.1; },
               "never above 0.1 m s-1; is its unit right?"},
    InputCheck{Input::wind, [](const F& f, const W&) { return f.mean > 40.0; },
               "above 40 m s-1 on average; is its unit right?"},
};

constexpr std::array observation_rows{
    ObservationCheck{ObservationKind::soil_temperature,
                     [](const O& o) { return std::abs(o.of.mean - o.air) > 30.0; },
                     "on average more than 30 K from the air temperature; are the units right?"},
    ObservationCheck{ObservationKind::soil_temperature, stuck,
                     "does not change for five days or longer; is the sensor stuck?"},
    ObservationCheck{ObservationKind::surface_temperature,
                     [](const O& o) { return std::abs(o.of.mean - o.air) > 30.0; },
                     "on average more than 30 K from the air temperature; are the units right?"},
    ObservationCheck{ObservationKind::longwave_up,
                     [](const O& o) {
                       const double ratio = o.of.mean / o.air_longwave;
                       return ratio < 0.6 || ratio > 1.6;
                     },
                     "on average not 0.6 to 1.6 of sigma T^4 of the air; is it upwelling, and are "
                     "the units right?"},
    ObservationCheck{
        ObservationKind::net_radiation,
        [](const O& o) { return o.of.hours > 2 * day && o.of.most - o.of.least < 10.0; },
        "changes by less than 10 W m-2; is its unit right?"},
};

} // namespace

SeriesFacts facts_of(std::span<const double> values, double interval) {
  constexpr std::size_t fewest = 12; // equal records, which are no chance
  SeriesFacts facts;
  double last = std::nan("");
  std::size_t run = 0, longest = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    facts.mean += value;
    facts.least = facts.n == 0 ? value : std::min(facts.least, value);
    facts.most = facts.n == 0 ? value : std::max(facts.most, value);
    run = value == last ? run + 1 : 1;
    last = value;
    ++facts.n;
    if (run <= longest) continue;
    longest = run;
    facts.held_at = value;
  }
  if (facts.n == 0) return facts;
  const double hours = interval / 3600.0;
  facts.mean /= static_cast<double>(facts.n);
  facts.hours = static_cast<double>(facts.n) * hours;
  if (longest >= fewest) facts.held_hours = static_cast<double>(longest) * hours;
  return facts;
}

std::span<const InputCheck> input_checks() { return input_rows; }
std::span<const ObservationCheck> observation_checks() { return observation_rows; }

} // namespace glebe
