// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/grid/cell_geometry.hpp"
#include "glebe/grid/columns.hpp"

namespace glebe {

/// The precision (inverse covariance) of a Matern field of smoothness 1 on the active columns,
/// with the marginal standard deviation `std` (its square's inverse is the unit of the result) and
/// a correlation of 0.14 at the distance `correlation_length` [m]: docs/theory.md, section "Priors
/// that couple columns", after Lindgren, Rue and Lindstroem (2011),
/// doi:10.1111/j.1467-9868.2011.00777.x. A sparse matrix with the rows of `columns`, at most 13
/// entries each; symmetric, and the same for any number of ranks, to the last bit. Times a field it
/// is the prior's B^-1. Collective.
///
/// Throws RunError when `std` or `correlation_length` is not positive. Every active column must
/// have an area, which read_cell_geometry assures.
Matrix matern_precision(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry,
                        double std, double correlation_length);

/// L with L^T L the precision above: L^T times white noise has the precision as its covariance.
/// Collective. Throws RunError likewise.
Matrix matern_root(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry,
                   double std, double correlation_length);

} // namespace glebe
