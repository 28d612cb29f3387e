// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/output_file.hpp"

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

/// The positions of the local columns [column]: those of &site, otherwise from the file of the
/// grid. There they are the variables that are latitude and longitude by unit or standard_name (CF
/// conventions), with the grid's dimensions, some of them or none; those that belong to the
/// variable of `source` come first, then any others, then global attributes. Not known: NaN.
/// Collective. Throws InputError when the file cannot be read.
std::vector<Position> read_positions(const Ranks& ranks, const SiteSettings& site,
                                     const GridSource& source, const Columns& columns);

} // namespace glebe
