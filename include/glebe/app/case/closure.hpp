// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

#include <array>
#include <optional>
#include <string>

namespace glebe {

/// The measured energy balance of a surface, by hour of the day (UTC), summed over the times and
/// columns at which all of it was measured: what a tower does not close, no model that keeps
/// energy can follow.
struct Closure {
  struct Sums {
    double count = 0, net_radiation = 0, ground = 0, turbulent = 0; ///< [W m-2]

    Sums& operator+=(const Sums& other);
    Sums operator-(const Sums& other) const;
    double missing() const { return net_radiation - ground - turbulent; }
    /// The mean of what is missing [W m-2]; NaN without a value.
    double mean_missing() const { return missing() / count; }
    /// (H + LE) / (Rn - G), of the sums; NaN where less than 5 W m-2 is available on average.
    double ratio() const;
  };
  std::array<Sums, 24> hour;
  Sums night;               ///< of the times with negative net radiation
  double plate_depth = 0.0; ///< of the measured ground heat flux [m]

  Sums all() const;
  Sums day() const { return all() - night; }
  /// Less is explained by the sensors of radiation alone [W m-2].
  static constexpr double small = 10.0;
  bool closes() const;
  /// What is missing by day is the more in step with the net radiation the larger the first number,
  /// and the more it goes with the change of the net radiation (positive: in the morning) the
  /// larger the second: the first harmonic of the mean day of what is missing, relative to that of
  /// the net radiation. Nothing where an hour has no values.
  std::optional<std::array<double, 2>> phase() const;
};

/// Of net radiation (a stream or an input), the ground heat flux at the surface or, without it, at
/// the least depth (a stream or what is measured at the top; at most 10 cm) and the turbulent
/// fluxes, together or apart, over the intervals of the latter; streams must have the same times.
/// Nothing where one of them is not measured. Collective.
std::optional<Closure> closure_of(const Case& inputs);

/// The ratio, what is missing by day and by night, and what that means; empty where the balance
/// closes to within `small` by day and by night. Not collective.
std::string in_words(const Closure& closure);

} // namespace glebe
