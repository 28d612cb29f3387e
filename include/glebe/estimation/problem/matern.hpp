// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/grid/cell_geometry.hpp"
#include "glebe/grid/columns.hpp"

namespace glebe {

/// The precision (inverse covariance) B^-1 of a Matern field of smoothness 1 on the active columns,
/// with the marginal standard deviation `std` and a correlation of 0.14 at the distance
/// `correlation_length` [m]; its unit is that of 1 / std^2. See docs/theory.md, section "Priors
/// that couple columns", after Lindgren, Rue and Lindstroem (2011),
/// doi:10.1111/j.1467-9868.2011.00777.x. A sparse matrix with the rows of `columns`, at most 13
/// entries in each; symmetric, and the same to the last bit for any number of ranks. Collective.
///
/// Throws RunError when `std` or `correlation_length` is not positive. Every active column must
/// have an area; read_cell_geometry checks this.
Matrix matern_precision(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry,
                        double std, double correlation_length);

/// L, with L^T L equal to this precision: L^T times white noise has the precision as its
/// covariance. Collective. Throws RunError likewise.
Matrix matern_root(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry,
                   double std, double correlation_length);

} // namespace glebe
