// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/grid/columns.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace glebe {

/// What the coordinates of cells are: degrees north and east on a sphere, or metres in a plane.
enum class Metric { sphere, plane };

constexpr double earth_radius = 6371e3; ///< [m]

/// Where the cells of a grid of two dimensions lie, how large they are and where they touch. The
/// grid is taken as nearly orthogonal: a cell is as long and as wide as its neighbours are apart,
/// and touches the next cell in either index. The ends of a row do not touch, even where the grid
/// goes round the globe. Holds the coordinates of the whole grid on every rank, two numbers per
/// cell. Nothing here is collective.
class CellGeometry {
public:
  /// Centres [cell] in degrees north and east, or in m along any two perpendicular axes; NaN where
  /// they are not known. Throws InputError unless the grid has two dimensions of at least two
  /// cells, which spacings need.
  CellGeometry(HorizontalGrid grid, Metric metric, std::vector<double> north,
               std::vector<double> east);

  /// Between the centres of two cells [m], along a great circle on the sphere.
  double distance(std::size_t a, std::size_t b) const;
  /// Extent of a cell along a dimension [m]: the mean distance to its neighbours on both sides, or
  /// to the only one; zero when no neighbour's centre is known.
  double spacing(std::size_t cell, std::size_t dimension) const;
  double area(std::size_t cell) const; ///< [m2]
  /// Length of the face that two cells share, neighbours along `dimension` [m].
  double shared_face(std::size_t a, std::size_t b, std::size_t dimension) const;
  /// The cell before (side 0) or after (side 1) along a dimension; none at the edge of the grid.
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
