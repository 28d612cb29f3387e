// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/output_file.hpp"
#include "glebe/grid/cell_geometry.hpp"

namespace glebe {

/// The geometry of the grid of `columns` from the coordinates of the variable in `source`: latitude
/// and longitude, recognised by unit or standard_name (CF conventions), or otherwise two
/// coordinates in units of length. Coordinates are found by the names of dimensions and in the
/// attribute `coordinates`. Both have the two dimensions of the grid, or each has one of them.
/// Collective. Throws InputError with file and variable if there are not two horizontal dimensions
/// or no such coordinates, or if they are missing or identical at a column.
CellGeometry read_cell_geometry(const Ranks& ranks, const GridSource& source,
                                const Columns& columns);

} // namespace glebe
