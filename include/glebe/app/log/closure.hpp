// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/data/observations.hpp"

#include <array>
#include <optional>

namespace glebe {

/// The observed energy balance of a surface, by hour of the day (UTC), summed over the times and
/// columns at which all of it was measured: what a tower does not close, no model that keeps
/// energy can follow.
struct Closure {
  struct Sums {
    double count = 0, net_radiation = 0, ground = 0, turbulent = 0; ///< [W m-2]

    Sums& operator+=(const Sums& other);
    double missing() const { return net_radiation - ground - turbulent; }
  };
  std::array<Sums, 24> hour;
  Sums night; ///< of the times with negative net radiation
  Sums day() const;
};

/// Of streams of net radiation, ground heat flux at the surface and the turbulent fluxes, together
/// or apart, with the same times; nothing where one of them is not given. Collective.
std::optional<Closure> closure_of(const Ranks& ranks, const Observations& observations,
                                  const ModelTime& time, std::size_t n_column);

/// Logs it by hour, and what it means for a comparison with turbulent fluxes. Collective.
void log_closure(const Ranks& ranks, const Log& log, const Observations& observations,
                 const ModelTime& time, std::size_t n_column);

} // namespace glebe
