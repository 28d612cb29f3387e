// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/vocabulary.hpp"

namespace glebe {

/// How longwave radiation and turbulence are written (namelist group &surface).
struct SurfaceForm {
  Longwave longwave = Longwave::absorbed;
  Turbulence turbulence = Turbulence::combined;
};

/// Which equations are solved, the same for all columns.
struct ModelForm {
  Scheme scheme = Scheme::sdirk2;
  Bottom bottom = Bottom::temperature;
  Initial initial = Initial::uniform;
  SurfaceForm surface;
  double dt = 3600.0; ///< time step [s]
  Top top = Top::balance;
  bool measured_bottom = false; ///< the temperature or flux at the bottom is an input
};

/// How the initial state is spun up.
struct SpinUp {
  double tolerance = 1e-3; ///< largest change of the profile over a repetition [K]
  int max_cycles = 200;
};

} // namespace glebe
