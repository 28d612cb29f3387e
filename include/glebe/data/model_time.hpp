// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/calendar.hpp"
#include "glebe/physics/scheme.hpp"

#include <string>

namespace glebe {

/// The window of a run and its steps. Times are seconds since the start of the window.
struct ModelTime {
  Calendar calendar = Calendar::standard;
  DateTime start;
  double step = 3600.0; ///< [s]
  std::size_t n_step = 0;
  Scheme scheme = Scheme::sdirk2;

  double length() const { return step * static_cast<double>(n_step); }
  /// Number of times at which forcing is needed: the start of the window and every stage.
  std::size_t n_point() const { return 1 + n_step * table(scheme).n_stage; }
  /// Time of such a point [s].
  double point(std::size_t index) const {
    if (index == 0) return 0.0;
    const SchemeTable stages = table(scheme);
    const std::size_t done = (index - 1) / stages.n_stage;
    return step * (static_cast<double>(done) + stages.abscissa[(index - 1) % stages.n_stage]);
  }
  /// Whether a point is at the start of a step, not within or at the end of one.
  bool begins_step(std::size_t index) const {
    const SchemeTable stages = table(scheme);
    return index == 0 || stages.abscissa[(index - 1) % stages.n_stage] == 0.0;
  }
  /// ISO 8601 text of a time [s].
  std::string text(double time) const {
    return iso_text(calendar, add_seconds(calendar, start, time));
  }
};

} // namespace glebe
