// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"
#include "glebe/grid/grid_coordinates.hpp"

#include <string>
#include <vector>

namespace glebe {

/// Reads where the cells over some dimensions of a file are: from the coordinate variables of the
/// dimensions, from latitudes and longitudes over them (of a site: over no dimension), whether
/// `variable` names these in its attribute `coordinates` or not, and from names of stations.
/// Collective. Throws InputError for coordinates in unknown units.
GridCoordinates read_grid_coordinates(const NetcdfFile& file, const std::string& variable,
                                      const std::vector<NetcdfFile::Dimension>& dimensions);

} // namespace glebe
