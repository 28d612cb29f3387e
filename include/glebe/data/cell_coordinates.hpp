// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/output_file.hpp"
#include "glebe/grid/cell_geometry.hpp"

namespace glebe {

/// The geometry of the grid of `columns` from the coordinates of the variable that `source` names:
/// latitude and longitude as the CF conventions tell them by unit or standard_name; without them
/// coordinates in units of length, by dimension or in the `coordinates` attribute. Each has the two
/// dimensions of the grid, or the two one each. Collective. Throws InputError naming file and
/// variable: no two horizontal dimensions, no such coordinates, or none or coinciding ones at a
/// column.
CellGeometry read_cell_geometry(const Ranks& ranks, const GridSource& source,
                                const Columns& columns);

} // namespace glebe
