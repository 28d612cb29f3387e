// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/column_positions.hpp"

#include <algorithm>

namespace glebe {

std::vector<Position> read_positions(const SiteSettings& site, const Columns& columns) {
  std::vector<Position> positions(columns.n_local());
  const auto& known = columns.grid().coordinates;
  if (site.latitude && site.longitude)
    std::ranges::fill(positions, Position{*site.latitude, *site.longitude});
  else if (known && !known->latitude.empty())
    for (std::size_t c = 0; c < positions.size(); ++c) {
      const std::size_t cell = columns.cells()[c];
      positions[c] = {known->latitude[cell], known->longitude[cell]};
    }
  return positions;
}

} // namespace glebe
