// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/grid/columns.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace glebe {

/// The meaning of coordinates: degrees north and east on a sphere, or metres in a plane.
enum class Metric { sphere, plane };

constexpr double earth_radius = 6371e3; ///< [m]

/// The positions, sizes and shared faces of the cells of a two-dimensional grid. The grid is
/// assumed to be nearly orthogonal: the length and width of a cell are the mean distances to its
/// neighbours, and it shares a face with the next cell along either index. The first and last cell
/// of a row share no face, even if the grid goes round the globe. Every rank holds the coordinates
/// of the whole grid, two numbers per cell. Not collective.
class CellGeometry {
public:
  /// Centres [cell] in degrees north and east, or in m along any two perpendicular axes; NaN where
  /// they are not known. Throws InputError unless the grid has two dimensions of at least two
  /// cells each.
  CellGeometry(HorizontalGrid grid, Metric metric, std::vector<double> north,
               std::vector<double> east);

  /// Distance between the centres of two cells [m]; along a great circle on the sphere.
  double distance(std::size_t a, std::size_t b) const;
  /// Extent of a cell along a dimension [m]: the mean distance to its one or two neighbours; zero
  /// when no neighbour's centre is known.
  double spacing(std::size_t cell, std::size_t dimension) const;
  double area(std::size_t cell) const; ///< [m2]
  /// Length of the face between two cells that are neighbours along `dimension` [m].
  double shared_face(std::size_t a, std::size_t b, std::size_t dimension) const;
  /// The previous (side 0) or next (side 1) cell along a dimension; none at the edge of the grid.
  std::optional<std::size_t> neighbour(std::size_t cell, std::size_t dimension,
                                       std::size_t side) const;
  const HorizontalGrid& grid() const { return grid_; }

private:
  HorizontalGrid grid_;
  Metric metric_;
  std::vector<double> north_;
  std::vector<double> east_;
};

} // namespace glebe
