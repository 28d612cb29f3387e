// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"
#include "glebe/grid/grid_coordinates.hpp"

#include <string>

namespace glebe {

/// North or east for the usual names of latitude and longitude, otherwise other.
CoordinateKind kind_by_name(const std::string& name);

/// What a variable with coordinates measures, by its unit and standard name (CF conventions,
/// sections 4.1 and 4.2), otherwise by a usual name. Coordinates of a rotated pole have the unit
/// `degrees` and are `other`.
CoordinateKind coordinate_kind(const NetcdfFile& file, const std::string& variable);

/// Whether a dimension counts times, members of an ensemble or versions of the same thing.
bool is_repetition(const NetcdfFile& file, const std::string& dimension);

/// That of a dimension: of its coordinate variable, otherwise by its name.
CoordinateKind dimension_kind(const NetcdfFile& file, const std::string& dimension);

/// Whether a dimension has coordinates in a unit of length that no attribute or name calls
/// horizontal: alone, it rather counts depths than stations.
bool is_line_of_lengths(const NetcdfFile& file, const std::string& dimension);

/// Whether a variable holds times: its unit reads "... since ...".
bool is_time(const NetcdfFile& file, const std::string& variable);

/// Whether a dimension counts heights, depths, times or members of an ensemble: by its coordinate
/// variable's attributes `axis`, `positive`, `units` and `standard_name`, otherwise by its name.
bool is_not_horizontal(const NetcdfFile& file, const std::string& dimension);

} // namespace glebe
