// SPDX-License-Identifier: BSD-3-Clause
// Checks of whole series by their means and extremes: a table of them, one row each.
#pragma once

#include "glebe/data/sun_series.hpp"
#include "glebe/physics/vocabulary.hpp"

#include <limits>
#include <span>
#include <string>
#include <vector>

namespace glebe {

/// What is known of a series; n = 0: nothing.
struct SeriesFacts {
  std::size_t n = 0;
  double hours = 0; ///< of the records that are not missing
  double mean = 0, least = 0, most = 0;
  double held_hours = 0; ///< longest time without a change ...
  double held_at = 0;    ///< ... and the value
};
SeriesFacts facts_of(std::span<const double> values, double interval);

/// What is known of the weather of a column. NaN, which no check complains of, where a number is
/// not known.
struct WeatherFacts {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  PerInput<SeriesFacts> of = {};    ///< of those that are measured
  double longwave_ratio = unknown;  ///< longwave to sigma T^4 of the air, of the means
  double humidity_ratio = unknown;  ///< humidity to that of saturated air, of the means
  double night_shortwave = unknown; ///< mean while the sun is well below the horizon [W m-2]
  double most_light = unknown;      ///< highest sun above the atmosphere [W m-2]
  double clearness = unknown;       ///< shortwave to what is above the atmosphere, of the means
};

/// What is known of the observations of a column.
struct ObservationFacts {
  SeriesFacts of;
  double depth = 0;                            ///< [m]
  double air = WeatherFacts::unknown;          ///< mean air temperature at the same times [K]
  double air_longwave = WeatherFacts::unknown; ///< mean sigma T^4 of the air at the same times
};

struct InputCheck {
  Input input;
  bool (*wrong)(const SeriesFacts&, const WeatherFacts&);
  const char* what;
};
struct ObservationCheck {
  ObservationKind kind;
  bool (*wrong)(const ObservationFacts&);
  const char* what;
};
std::span<const InputCheck> input_checks();
std::span<const ObservationCheck> observation_checks();

} // namespace glebe
