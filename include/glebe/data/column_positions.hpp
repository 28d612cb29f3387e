// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/grid/columns.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace glebe {

/// A place on the globe, in degrees north and east; NaN where it is not known.
struct Position {
  double latitude = std::numeric_limits<double>::quiet_NaN();
  double longitude = std::numeric_limits<double>::quiet_NaN();

  bool known() const { return !std::isnan(latitude) && !std::isnan(longitude); }
};

/// The positions of the local columns [column]: those of &site, otherwise the coordinates of the
/// grid. Not known: NaN.
std::vector<Position> read_positions(const SiteSettings& site, const Columns& columns);

} // namespace glebe
